import { plural, SideBadge } from "../shared/parts";
import type { SuggestionView } from "../shared/protocol";
import { givenOf, kindOf } from "./kinds";
import { CorpusHint } from "./matching";
import { room } from "./reducer";
import type { Action, Search, State } from "./types";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  suggest: () => void;
  keyword: () => void;
}

/** Real sentences from the calls that match, to be taken over as examples. */
export function Find({ state, dispatch, suggest, keyword }: Props) {
  const { search, form, kinds } = state;
  const like = search.query.trim() === "";
  const given = givenOf(form);
  const examples = kindOf(form) === "example";
  const nothing = like && !given.some((text) => text.trim());
  const { found } = search;
  return (
    <section class="wb-stack wb-panel wb-find">
      <h4>Find real sentences in your calls</h4>
      <div class="wb-row wb-add">
        <input
          class="wb-input"
          type="search"
          dir="auto"
          aria-label="Find sentences by words or meaning"
          placeholder="Words, or a sentence that means it"
          value={search.query}
          onInput={(event) => dispatch({ type: "query", text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.isComposing || nothing) return;
            event.preventDefault();
            suggest();
          }}
        />
        <button type="button" class="wb-button" disabled={nothing} onClick={suggest}>
          {like && !nothing ? examples ? "Find some like the examples" : "Find some like the vocabulary" : "Find"}
        </button>
      </div>
      <p class="wb-small wb-muted" role="status">
        {outcome(search, nothing)}
      </p>
      {found && found.sentences.length > 0 && (
        <ol class="wb-suggestions" aria-label="Sentences found">
          {found.sentences.map((one) => (
            <Suggestion key={one.sentence_id} one={one} known={given.includes(one.text)} full={examples && room(state) === 0} dispatch={dispatch} />
          ))}
        </ol>
      )}
      {examples && found?.rare && <CorpusHint hint={found.rare} kinds={kinds} keyword={keyword} />}
    </section>
  );
}

function Suggestion({ one, known, full, dispatch }: { one: SuggestionView; known: boolean; full: boolean; dispatch: Props["dispatch"] }) {
  const where = [one.speaker, one.title, one.date].filter((part) => part !== null && part !== "");
  return (
    <li>
      <div>
        <p dir="auto">{one.text}</p>
        <p class="wb-small wb-muted wb-source">
          <SideBadge side={one.side} />
          {where.map((part) => (
            <bdi>{part}</bdi>
          ))}
        </p>
      </div>
      {/* Not disabled when it is done, for that would lose the focus. */}
      <button
        type="button"
        class={`wb-button wb-small ${known ? "wb-taken" : ""}`}
        aria-disabled={known || full}
        aria-label={`${known ? "Added" : "Add"}: ${one.text}`}
        onClick={() => !known && !full && dispatch({ type: "add", texts: [one.text] })}
      >
        {known ? "✓ Added" : "Add"}
      </button>
    </li>
  );
}

/** How the search stands, in words. */
export function outcome({ found, busy, query, asked }: Search, nothing: boolean): string {
  if (busy && !found?.pending) return "Looking…";
  if (!found || (query.trim() !== asked && !busy)) return nothing ? "Type what people say, or add an example first and ask for more like it." : "";
  const count = found.sentences.length === 0 ? "Found nothing new" : plural(found.sentences.length, "sentence");
  if (found.pending) return `${count} by words; search by meaning is starting…`;
  if (found.meaning) return `${count} by ${asked ? "words and meaning" : "meaning"}. ${found.note}`;
  return `${count}. ${found.note}`;
}
