/**
 * Makes a function that has the kernel load what a widget shows, one request at a time.
 *
 * What is shown can grow old again before the reply is here. `old` tells so, and then it is asked for once more; else
 * the widget would wait for something that nobody has asked for.
 */
export function opener(ask: () => Promise<unknown>, old: () => boolean, done: () => void, failed: (error: unknown) => void): () => void {
  let asking = false;
  const open = (): void => {
    if (asking) return;
    asking = true;
    ask().then(
      () => {
        asking = false;
        done();
        if (old()) open();
      },
      (error) => {
        asking = false;
        failed(error);
      },
    );
  };
  return open;
}
