const BEAT_MS = 1_000;

/**
 * Calls `then` after so many milliseconds in which the page was alive, and returns what calls that off. A page that is
 * held up, by its own work or as the machine is busy or asleep, reads nothing that arrives: to it, no time has passed.
 */
export function after(milliseconds: number, then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const beat = (left: number): void => {
    timer = setTimeout(() => (left <= BEAT_MS ? then() : beat(left - BEAT_MS)), Math.min(left, BEAT_MS));
  };
  beat(milliseconds);
  return () => clearTimeout(timer);
}
