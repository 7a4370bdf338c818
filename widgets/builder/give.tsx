import { Hint } from "../shared/parts";
import { Choice } from "./choices";
import { Find } from "./find";
import { Finds } from "./finds";
import { kindOf, settingsOf } from "./kinds";
import { hintsOf } from "./reducer";
import type { Action, State } from "./types";
import { WordChips } from "./word-list";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  suggest: () => void;
  keyword: () => void;
  call: (conversationId: string, sentenceId: string) => void;
}

const NOTED = 6;

/** The words or the vocabulary, with what each finds. */
export function Give(props: Props) {
  return kindOf(props.state.form) === "phrase" ? <Vocabulary {...props} /> : <Words {...props} />;
}

function Words({ state, dispatch, call }: Props) {
  const settings = settingsOf(state.form);
  const found = state.finds?.words ?? [];
  const told = settings.match === "inflected" ? found.filter((one) => one.forms.length > 0) : [];
  return (
    <div class="wb-stack wb-give">
      <p class="wb-muted wb-small">Finds sentences that contain any of these. Upper and lower case don't matter. Write OR between alternatives, and * for any letters or any one word.</p>
      <WordChips list="words" label="Words and phrases" placeholder="price, or: too expensive" words={settings.words} finds={found} commas dispatch={dispatch} />
      <Choice
        label="Find them"
        value={settings.match}
        options={[
          ["inflected", "In any form"],
          ["exact", "Exactly as written"],
        ]}
        onChange={(match) => dispatch({ type: "set", change: { match } })}
      />
      {told.length > 0 && (
        <ul class="wb-forms wb-small wb-muted">
          {told.slice(0, NOTED).map((one) => (
            <li>
              <bdi>{one.word}</bdi> also finds <bdi>{one.forms.join(", ")}</bdi>
            </li>
          ))}
        </ul>
      )}
      <Notes state={state} />
      <h4>Leave out</h4>
      <p class="wb-muted wb-small">
        “price” without “price list”: a match that overlaps one of these doesn't count. An exclusion that shares no words with those above rules out the whole sentence.
      </p>
      <WordChips list="exclude" label="Left out" placeholder="price list" words={settings.exclude} commas dispatch={dispatch} />
      <Finds state={state} most={5} call={call} />
    </div>
  );
}

function Vocabulary({ state, dispatch, suggest, keyword }: Props) {
  const { vocabulary } = settingsOf(state.form);
  return (
    <div class="wb-stack wb-give">
      <p class="wb-muted wb-small">
        Phrases and sentences as people say them. Other wordings of the same idea are found too, and a phrase of up to three words is also found wherever it is said.
      </p>
      <WordChips list="vocabulary" label="Vocabulary" placeholder="That is over our budget." words={vocabulary} commas={false} dispatch={dispatch} />
      <Notes state={state} />
      <Find state={state} dispatch={dispatch} suggest={suggest} keyword={keyword} />
    </div>
  );
}

/** Advice on the words, that of the calls among it. */
function Notes({ state }: { state: State }) {
  const hints = hintsOf(state).filter((hint) => hint.level !== "error" || hint.index !== null || !hint.message.startsWith("Add at least"));
  return (
    <div class="wb-hints" aria-live="polite">
      {state.notice && <p class="wb-small wb-muted">{state.notice}</p>}
      {hints.slice(0, NOTED).map((hint) => (
        <Hint level={hint.level}>
          <bdi>{hint.message}</bdi>
        </Hint>
      ))}
      {hints.length > NOTED && <p class="wb-small wb-muted">and {hints.length - NOTED} more like these</p>}
    </div>
  );
}
