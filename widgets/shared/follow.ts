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

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
