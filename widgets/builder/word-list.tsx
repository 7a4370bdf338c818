import { useState } from "preact/hooks";
import { focusSoon } from "../shared/focus";
import { Field } from "../shared/parts";
import type { WordView } from "../shared/protocol";
import type { Action, WordList } from "./types";

interface Props {
  list: WordList;
  label: string;
  placeholder: string;
  words: string[];
  /** What is known of each word, where that is known. */
  finds?: WordView[];
  /** Whether commas part entries: not in sentences. */
  commas: boolean;
  dispatch: (action: Action) => void;
}

/** Words as chips: typed one at a time, or pasted many at once. */
export function WordChips({ list, label, placeholder, words, finds = [], commas, dispatch }: Props) {
  const [entry, setEntry] = useState("");
  const [pasting, setPasting] = useState(false);
  const add = (text: string) => {
    dispatch({ type: "add", list, texts: partsOf(text, commas) });
    setEntry("");
    setPasting(false);
  };
  /** Goes on between the line and the area for many, with the focus. */
  const turn = (from: EventTarget, to: "input" | "textarea", work: () => void) => {
    focusSoon(from, `.wb-words-${list} ${to}`);
    work();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing || !entry.trim()) return;
    event.preventDefault();
    add(entry);
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (!pasted.trim().includes("\n")) return;
    event.preventDefault();
    add(pasted);
  };
  return (
    <div class={`wb-stack wb-words wb-words-${list}`}>
      {words.length > 0 && (
        <ul class="wb-chips" aria-label={label}>
          {words.map((word, at) => (
            <Chip key={word} list={list} word={word} at={at} found={finds.find((one) => one.word === word)} dispatch={dispatch} />
          ))}
        </ul>
      )}
      {pasting ? (
        <div class="wb-stack wb-panel wb-bulk">
          <Field label={commas ? "One per line, or separated by commas" : "One per line"}>
            <textarea class="wb-input" dir="auto" rows={5} value={entry} onInput={(event) => setEntry(event.currentTarget.value)} />
          </Field>
          <div class="wb-row wb-add">
            <button type="button" class="wb-button wb-primary" disabled={!entry.trim()} onClick={(event) => turn(event.currentTarget, "input", () => add(entry))}>
              Add them
            </button>
            <button type="button" class="wb-button" onClick={(event) => turn(event.currentTarget, "input", () => setPasting(false))}>
              Cancel
            </button>
          </div>
        </div>
      ) : (
        <div class="wb-row wb-add">
          <input
            class="wb-input"
            dir="auto"
            aria-label={`Add to: ${label}`}
            placeholder={placeholder}
            value={entry}
            onInput={(event) => setEntry(event.currentTarget.value)}
            onPaste={onPaste}
            onKeyDown={onKeyDown}
          />
          <button type="button" class="wb-button" disabled={!entry.trim()} onClick={(event) => turn(event.currentTarget, "input", () => add(entry))}>
            Add
          </button>
          <button type="button" class="wb-button" onClick={(event) => turn(event.currentTarget, "textarea", () => setPasting(true))}>
            Paste many
          </button>
        </div>
      )}
    </div>
  );
}

interface ChipProps extends Pick<Props, "list" | "dispatch"> {
  word: string;
  at: number;
  found: WordView | undefined;
}

function Chip({ list, word, at, found, dispatch }: ChipProps) {
  return (
    <li class="wb-chip">
      <bdi>{word}</bdi>
      {found && (
        <span class={`wb-chip-count wb-small ${found.sentences === 0 ? "wb-doubt" : "wb-muted"}`}>
          <span class="wb-hidden">, found in sentences: </span>
          {found.sentences.toLocaleString("en")}
        </span>
      )}
      <button
        type="button"
        aria-label={`Remove: ${word}`}
        title="Remove"
        onClick={(event) => {
          focusSoon(event.currentTarget, at > 0 ? `.wb-words-${list} .wb-chip:nth-child(${at}) button` : `.wb-words-${list} :is(.wb-chip button, input)`);
          dispatch({ type: "drop", list, index: at });
        }}
      >
        ×
      </button>
    </li>
  );
}

/** What was typed or pasted, cut into entries. */
export function partsOf(text: string, commas: boolean): string[] {
  return text
    .split(commas ? /[\n,;\t]+/ : /[\n\t]+/)
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter(Boolean);
}
