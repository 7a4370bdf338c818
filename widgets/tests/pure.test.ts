import { expect, test } from "vitest";
import { scales } from "../plots/chart";
import { csv, fileName } from "../plots/export";
import { offer } from "../plots/words";
import { day, time } from "../shared/moments";
import { plural } from "../shared/parts";
import { isDark, isDarkPage } from "../shared/theme";
import { inCredits, percent, shareInWords, toldInWords } from "../shared/words";
import { assessed } from "./trackers";

test("the estimates as CSV: numbers alone, and nothing where nothing can be told", () => {
  const measure = { heldout: 0.8, spread: 0.125, corpus: { low: 0.5, point: 0.6, high: 0.75, tells: true } };
  const round = { round: 1, tags: 25, yes: 6, review: false, wanted: null, rests_on: "", stale: "", precision: measure, hit_rate: { heldout: null, spread: null, corpus: null }, quality: assessed(measure.corpus, null), words: [] };
  const [head, row, end] = csv([round]).split("\r\n");
  expect(head!.split(",").length).toBe(13);
  expect(row).toBe("1,25,6,0.8000,0.1250,0.6000,0.5000,0.7500,,,,,");
  expect(end).toBe("");
});

test("a file is named after its tracker, whatever that is called", () => {
  expect(fileName("=cmd|' /C calc'!A0", "csv")).toBe("cmd-C-calc-A0-quality.csv");
  expect(fileName("../../السعر", "png")).toBe("السعر-quality.png");
  expect(fileName("///", "csv")).toBe("tracker-quality.csv");
});

test("plain words", () => {
  const interval = { low: 0.6, point: 0.81, high: 0.9, tells: true };
  const vague = { low: 0.1, point: 0.6, high: 0.95, tells: false };
  const round = { round: 4, tags: 100, yes: 20, review: false, wanted: 130, rests_on: "", stale: "", precision: { heldout: null, spread: null, corpus: interval }, hit_rate: { heldout: 0.7, spread: 0.1, corpus: vague }, quality: assessed(interval, null), words: [] };
  expect([shareInWords(interval), toldInWords(interval), toldInWords(null)]).toEqual(["81% (60–90)", "81% (60–90)", "Can't tell yet"]);
  expect(offer(round)).toContain("about 130 would tell both numbers");
  expect(offer({ ...round, wanted: 0 })).toBe("");
  expect([percent(null), percent(0.805)]).toEqual(["Can't tell yet", "81%"]);
});

test("chart places stay inside", () => {
  const { x, y, steps } = scales(2);
  expect(steps).toBe(4);
  expect(y(1.4)).toBe(y(1));
  expect(x(1)).toBeLessThan(x(2));
});

test("dark and light grounds", () => {
  expect(["#111111", "white", "rgb(250, 250, 250)", "#fff", "", "rgba(0,0,0,0)"].map(isDark)).toEqual([true, false, false, false, null, null]);
});

test("dark pages are told by JupyterLab, VS Code, Colab, what lies behind, or the system", () => {
  const { body, documentElement: page } = document;
  const root = body.appendChild(document.createElement("div")).appendChild(document.createElement("div"));
  expect([isDarkPage(root, true), isDarkPage(root, false)]).toEqual([true, false]);
  root.parentElement!.style.backgroundColor = "rgb(20, 20, 20)";
  expect(isDarkPage(root, false)).toBe(true);
  page.setAttribute("theme", "light");
  expect(isDarkPage(root, true)).toBe(false);
  body.style.setProperty("--vscode-editor-background", "#1e1e1e");
  expect(isDarkPage(root, false)).toBe(true);
  body.style.setProperty("--jp-layout-color1", "white");
  expect(isDarkPage(root, true)).toBe(false);
  body.removeAttribute("style");
  page.removeAttribute("theme");
  root.parentElement!.remove();
});

test("moments are shown as the clock of their own offset has them, wherever the reader sits", () => {
  expect(day("2026-07-01T00:15:00+02:00")).toBe("1 Jul 2026");
  expect(time("2026-07-01T00:15:00+02:00")).toBe("00:15");
  expect(time("2026-06-30T22:15:00.123456+00:00")).toBe("22:15");
  expect(day("2026-03-05")).toBe("5 Mar 2026");
  expect(day("soon")).toBe("Invalid Date");
});

test("a noun is singular after 1 alone", () => {
  expect([0, 1, 2, 1204].map((count) => plural(count, "call"))).toEqual(["0 calls", "1 call", "2 calls", "1,204 calls"]);
  expect(plural(1, "tracker reads", "trackers read")).toBe("1 tracker reads");
  expect([0.99, 1, 1.5, 1204].map((value) => inCredits(value))).toEqual(["1 credit", "1 credit", "1.5 credits", "1,204 credits"]);
  expect(inCredits(0.99, 2)).toBe("0.99 credits");
});
