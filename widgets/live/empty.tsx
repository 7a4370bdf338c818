import { Empty } from "../shared/parts";
import type { Props } from "./types";

const SNIPPET = `async with ws.live("call-9", parties=[{"id": "dana", "side": "customer"}]) as call:
    await call.turn("Could you go any lower on that?", party="dana")`;

/** What to do where no call is shown. */
export function NoCall({ state }: Props) {
  const { calls, callKey, canReplay, pollError } = state;
  if (calls === null) return pollError ? null : <Empty title="Looking for calls…" />;
  if (callKey && calls.every((one) => one.key !== callKey)) {
    return (
      <Empty title="Call not found">
        <p class="wb-muted">It appears here as soon as its first turn arrives. Replays and ended calls stay available for a day.</p>
      </Empty>
    );
  }
  if (calls.length > 0) return <Empty title="Opening the call…" />;
  if (!canReplay) {
    return (
      <Empty title="No live calls">
        <p class="wb-muted">The next call appears here automatically, with what the trackers find in it.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No live calls">
      <p class="wb-muted">Replay a recorded call above, or feed one from code:</p>
      <pre class="wb-code" role="group" tabIndex={0} aria-label="Code that feeds a call">
        <code>{SNIPPET}</code>
      </pre>
      <p>
        <button type="button" class="wb-button wb-small" onClick={() => void navigator.clipboard?.writeText(SNIPPET)}>
          Copy
        </button>
      </p>
    </Empty>
  );
}
