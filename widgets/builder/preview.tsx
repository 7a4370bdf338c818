import { focusSoon } from "../shared/focus";
import { plural } from "../shared/parts";
import type { AskPlan } from "../shared/plan";
import type { Step } from "../shared/protocol";
import { Closeness } from "./closeness";
import { Finds } from "./finds";
import { givenOf, kindOf } from "./kinds";
import { Counts } from "./matching";
import { Publish } from "./publish";
import { hintsOf } from "./reducer";
import { missing, warnings } from "./steps";
import { Notes, Row } from "./train";
import type { Action, State } from "./types";
import { chipsOf } from "./words";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  go: (step: Step) => void;
  call: (conversationId: string, sentenceId: string) => void;
  publish: (past: string | null, stream: string | null) => void;
  plan: AskPlan;
}

/** What a tracker of words or phrases will be and finds, and the buttons that make it and put it to work. */
export function Preview({ state, dispatch, go, call, publish, plan }: Props) {
  const { form, check } = state;
  const kind = kindOf(form);
  const given = givenOf(form);
  const lacks = missing(state);
  const chips = chipsOf(form.filters);
  const visit = (step: Step) => (event: { currentTarget: EventTarget | null }) => {
    focusSoon(event.currentTarget, ".wb-step h3");
    go(step);
  };
  return (
    <div class="wb-train">
      {kind === "phrase" && <Closeness state={state} dispatch={dispatch} call={call} />}
      <dl class="wb-summary">
        <Row step="concept" kind={kind} visit={visit}>
          <p>{form.name.trim() ? <b dir="auto">{form.name}</b> : <span class="wb-muted">No name yet</span>}</p>
        </Row>
        <Row step="where" kind={kind} visit={visit}>
          <p>{check?.counts ? <Counts counts={check.counts} /> : <span class="wb-muted">{check ? "Nothing to count yet." : "Counting…"}</span>}</p>
          <p class="wb-small wb-muted">
            <bdi>{chips.length > 0 ? chips.map((chip) => chip.text).join(" · ") : "Everything anyone says in external calls"}</bdi>
          </p>
        </Row>
        <Row step="words" kind={kind} visit={visit}>
          <p>
            <b>{kind === "phrase" ? plural(given.length, "phrase") : plural(given.length, "word or phrase", "words and phrases")}</b>
          </p>
          <p class="wb-small wb-muted wb-quoted" dir="auto">
            {given.slice(0, 12).join(", ")}
            {given.length > 12 && ` and ${given.length - 12} more`}
          </p>
        </Row>
      </dl>
      {kind === "keyword" && <Finds state={state} most={12} call={call} />}
      <Notes hints={lacks} title="Before you can save" kind={kind} visit={visit} />
      <Notes hints={[...warnings(state).filter((hint) => hint.field !== "words"), ...hintsOf(state).filter((hint) => hint.level === "warning")]} title="Worth a look" kind={kind} visit={visit} />
      <Publish state={state} publish={publish} plan={plan} />
    </div>
  );
}
