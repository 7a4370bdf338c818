import { hrefOf, queryOf } from "../shared/address";
import { Problem, plural } from "../shared/parts";
import { LOST } from "../shared/transport";
import { NoCall } from "./empty";
import { Finds } from "./finds";
import { Head } from "./head";
import { Replay, Running } from "./replay";
import { Transcript } from "./transcript";
import type { Props } from "./types";

export function Live(props: Props) {
  const { state, acts } = props;
  const { shown, canReplay } = state;
  const problem = state.error || state.pollError || state.kernelError || shown.call?.problem;
  const running = canReplay && shown.call?.here === true && shown.call.state === "live";
  return (
    <div class="wb-all">
      {acts.linked && state.pages.length > 0 && <Pages {...props} />}
      <Head {...props} />
      {problem && <Problem message={problem} retry={problem === LOST ? acts.retry : undefined} />}
      <LeftOut {...props} />
      {running && <Running {...props} />}
      {canReplay && state.calls && (state.opened || state.calls.length === 0) && <Replay {...props} />}
      {shown.call ? (
        <>
          <Waiting {...props} />
          <div class="wb-panes">
            <Transcript key={`transcript ${shown.key}`} {...props} />
            <Finds key={`finds ${shown.key}`} {...props} />
          </div>
        </>
      ) : (
        <NoCall {...props} />
      )}
      <div class="wb-hidden" role="status" aria-label="News">
        {shown.said.text}
      </div>
    </div>
  );
}

function Pages({ state }: Props) {
  const query = queryOf(location.search);
  return (
    <nav class="wb-pages" aria-label="Dashboards">
      <ul>
        {state.pages.map(({ page, label }) => (
          <li aria-current={page === "live" ? "page" : undefined}>
            <a class="wb-go" href={hrefOf({ page, label, query })}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What is stored and cannot be read: other calls, and parts of this one. */
function LeftOut({ state }: Props) {
  const { damaged } = state.shown;
  const lines = plural(damaged, "line of this call's record cannot be read and is left out.", "lines of this call's record cannot be read and are left out.");
  return (
    <p class="wb-small wb-muted wb-left-out" role="status" dir="auto">
      {[state.notice, damaged > 0 ? lines : ""].filter(Boolean).join(" ")}
    </p>
  );
}

/** The trackers that read the call once it has ended, and why. */
function Waiting({ state }: Props) {
  const { later, end } = state.shown;
  if (later.length === 0 || end) return null;
  const which = plural(later.length, "tracker reads", "trackers read");
  return (
    <details class="wb-inset wb-later wb-small">
      <summary>{which} the call when it has ended</summary>
      <ul>
        {later.map(({ tracker, reason }) => (
          <li>
            <b dir="auto">{tracker}</b>{" "}
            <span class="wb-muted" dir="auto">
              {reason}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
