import type { News, Work } from "./protocol";
import type { View } from "./widget";

type Following = Pick<View<unknown, never>, "failed" | "onNews">;

/** Asks one at a time; what comes while it asks is asked about once more, after that. */
export function oneAtATime(ask: () => Promise<unknown>, failed: (error: unknown) => void): () => void {
  let asking = false;
  let again = false;
  const run = async () => {
    again = asking;
    if (asking) return;
    asking = true;
    try {
      do {
        again = false;
        await ask();
      } while (again);
    } catch (error) {
      failed(error);
    } finally {
      asking = false;
    }
  };
  return () => void run();
}

/** Follows work that the kernel tells of while it is `running`: `told` of how far it is, and `ask` when it is over or news was missed. */
export function followWork(view: Following, work: Work, running: () => boolean, ask: () => Promise<unknown>, told: (news: News) => void): void {
  const askSoon = oneAtATime(ask, view.failed);
  view.onNews((news) => {
    if (!running() || (news && news.news !== work)) return;
    if (news && !news.done) told(news);
    else askSoon();
  });
}
