import { Bar, Problem } from "../shared/parts";
import { Files } from "./files";
import { Options } from "./options";
import { held, sizeOf, working } from "./reducer";
import { Report } from "./report";
import type { Acts, State } from "./types";
import { Who } from "./who";
import { Zone } from "./zone";

export function Importer({ state, acts }: { state: State; acts: Acts }) {
  const { view, files, error, kernelError } = state;
  const told = error || kernelError;
  return (
    <>
      <header class="wb-head">
        <h2>Import calls</h2>
        <span class="wb-small wb-muted" role="status">
          {state.slow ? "Waiting for the kernel…" : ""}
        </span>
      </header>
      {told && <Problem message={told} retry={error ? acts.retry : undefined} />}
      {view.phase === "blocked" ? (
        <div class="wb-empty">
          <h3>Nothing can be imported here</h3>
          <p class="wb-muted" dir="auto">
            {view.blocked}
          </p>
        </div>
      ) : (
        <>
          <Zone state={state} acts={acts} />
          <Work state={state} acts={acts} />
          {files.length > 0 && <Files state={state} acts={acts} />}
          {files.some((one) => one.speakers.length > 0) && <Who state={state} acts={acts} />}
          {files.some((one) => one.conversations > 0) && <Options state={state} acts={acts} />}
          <Report state={state} acts={acts} />
        </>
      )}
      <div class="wb-hidden" aria-live="polite">
        {state.spoken}
      </div>
    </>
  );
}

/** What is under way, with how to end it. */
function Work({ state, acts }: { state: State; acts: Acts }) {
  const { sending, view } = state;
  if (!held(state) || view.phase === "blocked") return null;
  const what = sending ? "Sending files to the kernel" : view.phase === "looking" ? "Looking into the files" : "Importing";
  const fraction = sending ? (sending.total > 0 ? sending.sent / sending.total : 0) : view.fraction;
  const words = sending ? (sending.total > 0 ? `${sending.name}: ${sizeOf(sending.sent)} of ${sizeOf(sending.total)} sent` : "") : view.message;
  return (
    <div class="wb-panel wb-work">
      <p class="wb-work-what">{what}…</p>
      <button type="button" class="wb-button wb-small" onClick={acts.stop}>
        Cancel
      </button>
      <Bar fraction={fraction} label={what} />
      <p class="wb-small wb-muted wb-clip" dir="auto">
        {words}
        {working(state) && view.phase === "importing" && !words && "What is imported already stays if you cancel."}
      </p>
    </div>
  );
}
