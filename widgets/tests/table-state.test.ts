import { expect, test } from "vitest";
import { formatOf, freeName, MOST_BYTES, publishable, textOf } from "../table/exchange";
import { CLOSED } from "../table/reducer";
import { onPage, PAGE, running, shownIds, unread } from "../table/rows";
import { leftInWords, namesOf, ruleInWords, runInBrief, runInWords } from "../table/words";
import { kernel, play, row, run, share, some, standing, start } from "./trackers";

test("the newest comes first, a column's head sorts by it and turns it round", () => {
  expect(shownIds(start())).toEqual(["t2", "t1", "t0"]);
  const named = play(start([row(0, { name: "Item 10" }), row(1, { name: "Item 9" }), row(2, { name: "äpfel" })]), { type: "sort", key: "name" });
  expect(shownIds(named)).toEqual(["t2", "t1", "t0"]);
  expect(shownIds(play(named, { type: "sort", key: "name" }))).toEqual(["t0", "t1", "t2"]);
});

test("what can't be told comes last, whichever way it is sorted", () => {
  const found = [standing(0, { estimate: share(0.5) }), standing(1, { estimate: share(0.9, false) }), standing(2, { estimate: share(0.8) })];
  const best = play(start(), { type: "looked", found }, { type: "sort", key: "estimate" });
  expect(shownIds(best)).toEqual(["t2", "t0", "t1"]);
  expect(shownIds(play(best, { type: "sort", key: "estimate" }))).toEqual(["t0", "t2", "t1"]);
});

test("search goes by name, whatever the case and the accents; the choice by state joins it", () => {
  const rows = [row(0, { name: "Preisgespräche" }), row(1, { name: "Pricing", state: "paused" }), row(2, { name: "Next steps" })];
  const found = play(start(rows), { type: "search", query: "GESPRACHE" });
  expect(shownIds(found)).toEqual(["t0"]);
  expect(found.spoken).toBe("1 tracker.");
  expect(shownIds(play(start(rows), { type: "only", only: "paused" }))).toEqual(["t1"]);
});

test("a thousand show in pages; how they stand is asked for those in view, or for all where the order needs it", () => {
  const many = start(some(1_000));
  expect(onPage(many)).toMatchObject({ count: 1_000, pages: 20 });
  expect(unread(many)).toEqual(onPage(many).rows.map((one) => one.id));
  const read = play(many, { type: "looked", found: onPage(many).rows.map((one) => standing(Number(one.id.slice(1)))) });
  expect(unread(read)).toEqual([]);
  const rest = unread(play(read, { type: "sort", key: "estimate" }));
  expect(rest.length > 0 && rest.length <= PAGE).toBe(true);
  const last = play(many, { type: "page", page: 19 });
  expect(onPage(play(last, { type: "search", query: "Tracker 99" })).rows).toHaveLength(11);
  expect(play(last, { type: "synced", ...kernel(some(3)) }).page).toBe(0);
});

test("a row that changed is looked at anew, and what was told of it is forgotten", () => {
  const read = play(start(), { type: "looked", found: [0, 1, 2].map((n) => standing(n)) }, { type: "versions", id: "t1", versions: [] }, { type: "versions", id: "t0", versions: [] });
  const changed = play(read, { type: "synced", ...kernel([row(0), row(1, { stamp: 2 }), row(2)]) });
  expect(unread(changed)).toEqual(["t1"]);
  expect(Object.keys(changed.versions)).toEqual(["t0"]);
});

test("a deletion leaves the focus with the next row, and closes what was open under it", () => {
  const open = play(start(), { type: "panel", id: "t1", what: "actions" });
  expect(open).toMatchObject({ here: "t1", at: "panel", panel: { tracker_id: "t1", what: "actions" } });
  const gone = play(open, { type: "busy", ids: ["t1"], what: "delete" }, { type: "synced", ...kernel([row(0), row(2)], { panel: open.panel }) });
  expect(gone).toMatchObject({ here: "t0", panel: CLOSED });
  const last = play(gone, { type: "here", id: "t0" }, { type: "synced", ...kernel([row(2)]) });
  expect(last.here).toBe("t2");
});

test("what fails is told with its row; the others are done and no longer marked", () => {
  const marked = play(start(), { type: "pick", ids: ["t0", "t1"], on: true }, { type: "busy", ids: ["t0", "t1"], what: "pause" });
  const done = play(marked, { type: "done", done: ["t0"], failed: { t1: "It is a draft." }, notice: "Paused: “Tracker 0”." });
  expect(done.errors).toEqual({ t1: "It is a draft." });
  expect(done.picked).toEqual({ t1: true });
  expect(done.busy).toEqual({});
  expect(done.spoken).toBe("Paused: “Tracker 0”. 1 failed; each shows the reason.");
  expect(play(done, { type: "excuse", ids: ["t1"] }).errors).toEqual({});
});

test("a run is followed while it runs, and its end is told", () => {
  const going = play(start(), { type: "looked", found: [standing(0, { run: run("running") }), standing(1), standing(2)] });
  expect(running(going)).toEqual(["t0"]);
  const over = play(going, { type: "progressed", runs: { t0: run("done", { done: 120, fraction: 1 }) } });
  expect(running(over)).toEqual([]);
  expect(over.spoken).toContain("Tracker 0");
});

test("a name is typed anew; an error keeps it open, tips to older letters are passed over", () => {
  const typing = play(start(), { type: "rename", id: "t1" }, { type: "renaming", text: "Pri" }, { type: "tips", text: "Pr", tips: [{ level: "tip", message: "Short." }] });
  expect(typing.renaming).toMatchObject({ id: "t1", text: "Pri", tips: [] });
  const wrong = play(typing, { type: "renamed", id: "t1", error: "Taken." });
  expect(wrong.renaming?.error).toBe("Taken.");
  expect(play(wrong, { type: "renamed", id: "t1" })).toMatchObject({ renaming: null, at: "row", here: "t1" });
  expect(play(start(some(1), { canEdit: false }), { type: "rename", id: "t0" }).renaming).toBeNull();
});

test("words", () => {
  expect([ruleInWords("balanced"), ruleInWords("precision>=0.9"), ruleInWords("hit_rate>=0.85")]).toEqual(["Balanced", "Few false leads: precision at least 90%", "Miss nothing: hit rate at least 85%"]);
  expect(runInBrief(run("done", { found_by: [2] }), 2)).toBe("5 found");
  expect(runInBrief(run("done", { found_by: [1] }), 2)).toBe("5 found by version 1");
  expect(runInWords(run("done", { found_by: [1, 2, 4] }))).toBe("Has read 30 of 120 past calls, 5 sentences found by versions 1, 2 and 4");
  expect(runInWords(run("interrupted"))).toBe("Interrupted after 30 of 120 past calls, 5 sentences found");
  expect([runInBrief(run("running"), 2), runInBrief(run("cancelled"), 2), runInBrief(run("done", { found: 0 }), 2)]).toEqual(["25%, 5 found", "Cancelled at 25%", "0 found"]);
  expect([namesOf(["A"]), namesOf(["A", "B"])]).toEqual(["“A”", "2 trackers"]);
});

test("names that are taken get a number; pasted text is JSON where it begins so", () => {
  expect(freeName("A", [])).toBe("A");
  expect(freeName("A", [row(0, { name: "A" }), row(1, { name: "A 2" })])).toBe("A 3");
  expect([formatOf(' \n[{"name": 1}]'), formatOf('\ufeff{"trackers": []}'), formatOf("name,kind")]).toEqual(["json", "json", "csv"]);
});

test("of those that are marked only what is ready and differs is published", () => {
  const rows = [row(0), row(1, { state: "draft" }), row(2, { kind: "keyword", state: "draft" }), row(3, { kind: "phrase" }), row(4, { kind: "phrase" })];
  const known = { t0: standing(0, { estimate: share(0.8), unpublished: ["name"] }), t1: standing(1, { version: null }), t3: standing(3), t4: standing(4, { unpublished: ["settings"] }) };
  expect(publishable(rows, known)).toEqual({ ids: ["t0", "t2", "t4"], untrained: 1, same: 1 });
});

test("a file is read as text, or it is told why not", async () => {
  const read = (parts: BlobPart[], name: string) => textOf(new File(parts, name));
  expect(await read(['\ufeffname\nA'], "a.CSV")).toEqual({ text: "name\nA", form: "csv" });
  await expect(read(["x"], "a.xlsx")).rejects.toThrow("not a .json or .csv file");
  await expect(read(["x"], "a.tracker")).rejects.toThrow("import_file");
  await expect(read([], "a.json")).rejects.toThrow("is empty");
  await expect(read([new Uint8Array([0x50, 0xff, 0xfe])], "a.csv")).rejects.toThrow("not UTF-8 text");
  await expect(read(["a\0b"], "a.csv")).rejects.toThrow("null characters");
  await expect(read([new Uint8Array(MOST_BYTES + 1)], "a.json")).rejects.toThrow("4 MB is the most");
});

test("what waits and what could not be judged is told", () => {
  expect(leftInWords(run("done"))).toBe("");
  expect(leftInWords(run("done", { waiting: "no endpoint is configured", unjudged: 2 }))).toBe("New calls waiting: no endpoint is configured");
  expect(leftInWords(run("done", { unjudged: 1 }))).toBe("1 call not judged");
});

test("one that cannot be read is shown, and nothing can be done with it but to see why", () => {
  const state = start([row(0), row(1, { state: "unreadable", kind: "", created: "", name: "<b>Pricing</b>" })]);
  expect(shownIds(state)).toEqual(["t0", "t1"]);
  expect(play(state, { type: "pick", ids: ["t0", "t1"], on: true }).picked).toEqual({ t0: true });
  expect(play(state, { type: "panel", id: "t1", what: "actions" })).toBe(state);
  expect(play(state, { type: "rename", id: "t1" })).toBe(state);
});
