import { clock } from "../shared/clock";
import { Empty, Problem, plural, SideBadge } from "../shared/parts";
import { Email, EmailHead } from "./email";
import type { LineActions } from "./line";
import type { Action, State } from "./reducer";
import { Timeline } from "./timeline";
import { Finds, Search, Sound } from "./tools";
import { Transcript } from "./transcript";

interface Props extends LineActions {
  state: State;
  dispatch: (action: Action) => void;
  retry: () => void;
  onRange: (low: number, high: number) => void;
  onToggle: () => void;
  onAnswer: (yes: boolean) => void;
  onBack: () => void;
  leave?: (() => void) | undefined;
}

export function Call({ retry, onBack, leave, ...props }: Props) {
  const { state } = props;
  const { call, place, conversation, error } = state;
  const opening = place.conversation_id !== "" && place.conversation_id !== conversation;
  return (
    <>
      <header class="wb-head">
        {leave && (
          <button type="button" class="wb-button wb-small wb-leave" aria-keyshortcuts="Escape" onClick={leave}>
            <span aria-hidden="true">←</span> Back to results
          </button>
        )}
        <h2 dir="auto">{call ? call.title || (call.kind === "email" ? "Untitled e-mail" : "Untitled call") : "Call"}</h2>
        <span class="wb-small wb-muted" role="status">
          {state.slow ? "Waiting for the kernel…" : opening && call ? "Opening…" : ""}
        </span>
        {state.back && (
          <button type="button" class="wb-link wb-small" aria-keyshortcuts="Escape" onClick={onBack}>
            Back to where you were
          </button>
        )}
      </header>
      {error && <Problem message={error} retry={place.conversation_id ? retry : undefined} />}
      {call ? <Conversation key={conversation} {...props} /> : <Nothing opening={opening && !error} />}
    </>
  );
}

function Nothing({ opening }: { opening: boolean }) {
  return (
    <Empty title={opening ? "Opening the call…" : "No call open"}>
      {!opening && <p class="wb-muted">Choose “Go to call” beside a sentence to open its call here.</p>}
    </Empty>
  );
}

function Conversation({ state, dispatch, onRange, onToggle, onAnswer, ...lines }: Omit<Props, "retry" | "onBack" | "leave">) {
  const email = state.call?.kind === "email";
  if (state.axis.times.length === 0)
    return (
      <>
        <About state={state} />
        <p class="wb-muted">It has no text.</p>
      </>
    );
  return (
    <>
      {email ? <EmailHead state={state} /> : <About state={state} />}
      {!email && <Timeline state={state} onGo={(at) => dispatch({ type: "move", at, how: "centre" })} />}
      <div class="wb-row wb-tools">
        <Sound state={state} onToggle={onToggle} onAnswer={onAnswer} />
        <Search state={state} dispatch={dispatch} />
        <Finds state={state} dispatch={dispatch} />
      </div>
      {email ? <Email state={state} onRange={onRange} {...lines} /> : <Transcript state={state} onRange={onRange} {...lines} />}
    </>
  );
}

/** When it was, how long, and between whom. */
function About({ state }: { state: State }) {
  const { call, axis } = state;
  if (!call) return null;
  const facts = [call.date, call.account, call.duration ? clock(call.duration) : null, plural(axis.times.length, "sentence")];
  return (
    <div class="wb-about wb-small">
      <p class="wb-muted" dir="auto">
        {facts.filter(Boolean).join(" · ")}
      </p>
      {call.parties.length > 0 && (
        <ul class="wb-parties" aria-label="Participants">
          {call.parties.map((one) => (
            <li>
              <span dir="auto">{one.name}</span> <SideBadge side={one.side} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
