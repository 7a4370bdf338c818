import { focusSoon } from "../shared/focus";
import { Hint, plural } from "../shared/parts";
import type { CountsView, Hint as HintView } from "../shared/protocol";
import { hintsFor } from "./reducer";
import type { Action, State } from "./types";
import { chipsOf, cleared } from "./words";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  keyword: () => void;
}

/** What the filters let through, in numbers and in words, each of which can be taken off. */
export function Matching({ state, dispatch, keyword }: Props) {
  const counts = state.check?.counts;
  return (
    <div class="wb-matching">
      <p aria-live="polite">{counts ? <Counts counts={counts} /> : <span class="wb-muted">{state.check ? "Nothing to count yet." : "Counting…"}</span>}</p>
      <Chips state={state} dispatch={dispatch} />
      {hintsFor(state, "corpus").map((hint) => (
        <CorpusHint hint={hint} kinds={state.kinds} keyword={keyword} />
      ))}
    </div>
  );
}

export function Counts({ counts }: { counts: CountsView }) {
  const { calls, conversations, sentences } = counts;
  return (
    <>
      <b>{plural(calls, "call")}</b>
      {conversations > calls && (
        <>
          {", "}
          <b>{plural(conversations - calls, "e-mail")}</b>
        </>
      )}
      {" and "}
      <b>{plural(sentences, "sentence")}</b> match.
    </>
  );
}

/** A hint on the corpus; what it offers is a click away where there is such a kind of tracker. */
export function CorpusHint({ hint, kinds, keyword }: { hint: HintView; kinds: string[]; keyword: () => void }) {
  return (
    <div class="wb-row wb-corpus-hint">
      <Hint level={hint.level}>{hint.message}</Hint>
      {hint.offer === "keyword" && kinds.includes("keyword") && (
        <button type="button" class="wb-button wb-small" onClick={keyword}>
          Make a keyword tracker instead
        </button>
      )}
    </div>
  );
}

function Chips({ state, dispatch }: Pick<Props, "state" | "dispatch">) {
  const { filters } = state.form;
  const chips = chipsOf(filters);
  if (chips.length === 0) return <p class="wb-small wb-muted">No filters: everything anyone says in external calls.</p>;
  return (
    <ul class="wb-chips" aria-label="Filters that are set">
      {chips.map(({ text, clear }, at) => (
        <li class="wb-chip">
          <bdi>{text}</bdi>
          <button
            type="button"
            aria-label={`Remove: ${text}`}
            title="Remove"
            onClick={(event) => {
              focusSoon(event.currentTarget, at > 0 ? `.wb-chip:nth-child(${at}) button` : ".wb-chip button, .wb-segments input:checked");
              dispatch({ type: "filter", change: clear });
            }}
          >
            ×
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          class="wb-link wb-small"
          onClick={(event) => {
            focusSoon(event.currentTarget, ".wb-segments input:checked");
            dispatch({ type: "filter", change: cleared(filters) });
          }}
        >
          Clear all
        </button>
      </li>
    </ul>
  );
}
