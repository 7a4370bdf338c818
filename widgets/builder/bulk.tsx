import { focusSoon } from "../shared/focus";
import { Field, plural } from "../shared/parts";
import type { PastedView } from "../shared/protocol";
import { room } from "./reducer";
import type { Action, Bulk as BulkState, State } from "./types";

interface Props {
  state: State;
  bulk: BulkState;
  dispatch: (action: Action) => void;
}

/** Many sentences at once: what is pasted, and a table of what each line is worth. */
export function Bulk({ state, bulk, dispatch }: Props) {
  const { lines, picked, text } = bulk;
  const chosen = (lines ?? []).filter((_, at) => picked[at]).map((line) => line.text);
  const free = room(state);
  return (
    <div class="wb-stack wb-panel wb-bulk">
      <Field label="One sentence per line, or a spreadsheet column">
        <textarea class="wb-input" dir="auto" rows={lines ? 3 : 6} value={text} onInput={(event) => dispatch({ type: "bulk", text: event.currentTarget.value })} />
      </Field>
      {lines && lines.length > 0 && <Preview lines={lines} picked={picked} dispatch={dispatch} />}
      <p class="wb-small wb-muted" aria-live="polite">
        {lines && told(lines, chosen.length, free, state.most)}
      </p>
      <div class="wb-row wb-add">
        <button
          type="button"
          class="wb-button wb-primary"
          disabled={chosen.length === 0 || chosen.length > free}
          onClick={(event) => {
            focusSoon(event.currentTarget, ".wb-add input");
            dispatch({ type: "add", texts: chosen });
          }}
        >
          Add {plural(chosen.length, "sentence")}
        </button>
        <button
          type="button"
          class="wb-button"
          onClick={(event) => {
            focusSoon(event.currentTarget, ".wb-add input");
            dispatch({ type: "bulk", text: null });
          }}
        >
          Cancel
        </button>
      </div>
    </div>
  );
}

function Preview({ lines, picked, dispatch }: { lines: PastedView[]; picked: boolean[]; dispatch: Props["dispatch"] }) {
  const split = (at: number) => lines.flatMap((line, other) => (other === at ? line.parts : [line.text])).join("\n");
  return (
    <div class="wb-preview">
      <table>
        <thead>
          <tr>
            <th scope="col">Sentence</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => (
            <tr>
              <td>
                <label>
                  <input type="checkbox" checked={picked[at] ?? false} onChange={(event) => dispatch({ type: "pick", at, picked: event.currentTarget.checked })} />
                  <span dir="auto">{line.text}</span>
                </label>
              </td>
              <td class="wb-small">
                <span class={line.message ? (line.serves ? "wb-muted" : "wb-doubt") : "wb-good"}>{line.message || "New"}</span>
                {line.parts.length > 0 && (
                  <button
                    type="button"
                    class="wb-link"
                    aria-label={`Split line ${at + 1}`}
                    onClick={(event) => {
                      focusSoon(event.currentTarget, ".wb-bulk textarea");
                      dispatch({ type: "bulk", text: split(at) });
                    }}
                  >
                    Split
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the table says in a sentence. */
export function told(lines: PastedView[], chosen: number, free: number, most: number): string {
  if (lines.length === 0) return "It contains no sentences.";
  if (chosen > free) return `${chosen} are ticked, and there is room for ${free}: ${most} is the most.`;
  const doubtful = lines.filter((line) => !line.serves).length;
  const found = `${plural(lines.length, "line")}, ${chosen} ticked.`;
  return doubtful > 0 ? `${found} ${doubtful} of them would teach little, but can still be ticked.` : found;
}
