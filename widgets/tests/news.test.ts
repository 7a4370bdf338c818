import { beforeEach, expect, test, vi } from "vitest";
import { followWork, oneAtATime } from "../shared/news";
import type { News } from "../shared/protocol";
import { settle } from "./model";

const news = (changes: Partial<News> = {}): News => ({ news: "training", tracker_id: "t1", fraction: 0.5, message: "Fitting", done: false, ...changes });

let tell: (news: News | null) => void;
let running: boolean;
const ask = vi.fn(async () => {});
const told = vi.fn();
const failed = vi.fn();

const onNews = (heard: typeof tell) => {
  tell = heard;
};

beforeEach(() => {
  vi.clearAllMocks();
  running = true;
  followWork({ onNews, failed }, "training", () => running, ask, told);
});

test("news of how far it is are shown, and the kernel is not asked", () => {
  tell(news());
  expect(told).toHaveBeenCalledWith(news());
  expect(ask).not.toHaveBeenCalled();
});

test("the end is asked about, and so is what may have been missed", async () => {
  tell(news({ done: true }));
  await settle();
  tell(null);
  await settle();
  expect(ask).toHaveBeenCalledTimes(2);
  expect(told).not.toHaveBeenCalled();
});

test("news of other work, and of what no longer runs, are passed over", () => {
  tell(news({ news: "run", done: true }));
  running = false;
  for (const one of [news(), news({ done: true }), null]) tell(one);
  expect(ask).not.toHaveBeenCalled();
  expect(told).not.toHaveBeenCalled();
});

test("however much comes while it is asked, it is asked once more", async () => {
  const answers: (() => void)[] = [];
  const asked = vi.fn(() => new Promise<void>((resolve) => answers.push(resolve)));
  const askSoon = oneAtATime(asked, failed);
  for (let count = 0; count < 5; count++) askSoon();
  expect(asked).toHaveBeenCalledTimes(1);
  answers[0]!();
  await settle();
  expect(asked).toHaveBeenCalledTimes(2);
  answers[1]!();
  await settle();
  expect(asked).toHaveBeenCalledTimes(2);
});

test("what fails is told, and the next news is asked about again", async () => {
  ask.mockRejectedValueOnce(new Error("No."));
  tell(news({ done: true }));
  await settle();
  expect(failed).toHaveBeenCalledOnce();
  tell(news({ done: true }));
  await settle();
  expect(ask).toHaveBeenCalledTimes(2);
});
