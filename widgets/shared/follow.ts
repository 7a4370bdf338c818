/**
 * Gives what takes `step` after `step` for as long as `running`. Calling it again while it is at it changes nothing;
 * a step that fails ends it and is told.
 */
export function follower(signal: AbortSignal, running: () => boolean, step: () => Promise<unknown>, failed: (error: unknown) => void): () => Promise<void> {
  let following = false;
  return async () => {
    if (following) return;
    following = true;
    try {
      while (!signal.aborted && running()) await step();
    } catch (error) {
      failed(error);
    } finally {
      following = false;
    }
  };
}

const SHARE = 4; // of the time at most one part in five goes to asking
const LONGEST_MS = 10_000;

/** How long to rest after a step that took so long: longer than usual where kernel or page are busy. */
export function restAfter(took: number, usual: number): number {
  return Math.max(usual, Math.min(SHARE * took, LONGEST_MS));
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
