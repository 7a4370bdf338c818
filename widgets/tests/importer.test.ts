import { expect, test, vi } from "vitest";
import importer from "../importer/index";
import { base64, dropped, picked, sendAll } from "../importer/intake";
import { moved } from "../importer/mapping";
import { counts, filesWith, held, initial, inPlace, leftAside, people, reduce, sizeOf, summary } from "../importer/reducer";
import type { Action, Picked, State, Synced } from "../importer/types";
import type { ImportDetailsView, ImportFileView, ImportReportView, ImportView } from "../shared/protocol";
import { LIMITS } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const HOSTILE = "<img src=x onerror=alert(1)>";

const speaker = (id: string, side = "", turns = 2) => ({ id, name: id, side, turns, label: false });

function fileOf(id: number, changes: Partial<ImportFileView> = {}): ImportFileView {
  const found = { format: "WebVTT", conversations: 1, turns: 4, speakers: [speaker("Ann"), speaker("Bob")], speakers_found: 2, times: "up to 0:16", language: "en", pace: 2.2, odd: false };
  const well = { left_out: "", notes: [], problems: [], problems_found: 0, mappable: false, mapped: false };
  return { id, name: `calls/${id}.vtt`, size: 472, state: "ready", ...found, ...well, ...changes };
}

function viewOf(changes: Partial<ImportView> = {}): ImportView {
  return { phase: "idle", fraction: 0, message: "", blocked: "", passed_over: 0, redact: [], kinds: ["email", "phone"], zone: "UTC", workspace_zone: "UTC", report: null, reports: [], ...changes };
}

const report = (changes: Partial<ImportReportView> = {}): ImportReportView => {
  const counted = { added: 7, changed: 0, unchanged: 0, kept: 0, rejected: 1, redacted: "", stopped: false, failed: "" };
  return { id: "r1", when: "2026-11-29T21:15:00+00:00", seconds: 1, files: 2, ...counted, lines: [{ kind: "rejected", name: "a.json", line: 3, reason: "is not JSON" }], lines_found: 1, ...changes };
};

const kernel = (files: ImportFileView[] = [], changes: Partial<ImportView> = {}): Synced => ({ files, view: viewOf(changes), kernelError: "" });
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const details: ImportDetailsView = { calls: [], mapping: null, lists: [], table: false };

test("what is open under a file is read anew where the file was, not where somebody's side was said", () => {
  const one = fileOf(1);
  const open = play(initial(kernel([one, fileOf(2)])), { type: "open", id: 1 }, { type: "details", id: 1, details });
  const sided = play(open, { type: "synced", synced: kernel([fileOf(1, { speakers: [speaker("Ann", "company")] }), fileOf(2)]) });
  expect(sided.details).toEqual({ 1: details });
  const read = play(open, { type: "synced", synced: kernel([fileOf(1, { turns: 9 }), fileOf(2)]) });
  expect(read.details).toEqual({});
  expect(read.opened).toEqual({ 1: true });
  expect(play(open, { type: "synced", synced: kernel([fileOf(2)]) }).opened).toEqual({});
});

test("screen readers hear what was found and what became of it", () => {
  const looking = initial(kernel([fileOf(1)], { phase: "looking" }));
  const found = play(looking, { type: "synced", synced: kernel([fileOf(1), fileOf(2, { state: "refused" })]) });
  expect(found.spoken).toBe("2 files: 1 ready, 1 can't be read");
  const importing = initial(kernel([fileOf(1)], { phase: "importing" }));
  expect(play(importing, { type: "synced", synced: kernel([], { report: report() }) }).spoken).toBe("Import finished: 7 calls added, 1 left out.");
  expect(play(importing, { type: "synced", synced: kernel([], { report: report({ stopped: true }) }) }).spoken).toContain("stopped");
});

test("nothing can be changed while files are sent, read or imported, or where nothing may be imported", () => {
  expect(held(initial(kernel()))).toBe(false);
  for (const phase of ["looking", "importing", "blocked"] as const) expect(held(initial(kernel([], { phase })))).toBe(true);
  expect(held(play(initial(kernel()), { type: "sending", sending: { sent: 0, total: 1, name: "a" } }))).toBe(true);
  expect(play(initial(kernel()), { type: "told", fraction: 0.5, message: "" }).view.fraction).toBe(0);
});

test("files are counted by what can be done with them", () => {
  const files = [fileOf(1), fileOf(2, { state: "check", conversations: 3 }), fileOf(3, { state: "refused", conversations: 0 }), fileOf(4, { state: "part", conversations: 0 }), fileOf(5, { state: "waiting", conversations: 0 })];
  expect(counts(files)).toEqual({ ready: 1, check: 1, refused: 1, part: 1, calls: 4 });
  expect(summary(files)).toBe("5 files: 1 ready, 1 to check, 1 can't be read, 1 read with another file, 1 waiting");
});

test("people come once over all files, those without a side first", () => {
  const files = [fileOf(1, { speakers: [speaker("Ann", "company"), speaker("Bob")] }), fileOf(2, { speakers: [speaker("Ann"), speaker("Cem", "customer", 9)] })];
  expect(people(files)).toEqual([
    { id: "Bob", name: "Bob", files: 1, turns: 2, side: "", label: false },
    { id: "Ann", name: "Ann", files: 2, turns: 4, side: "mixed", label: false },
    { id: "Cem", name: "Cem", files: 1, turns: 9, side: "customer", label: false },
  ]);
  expect(filesWith(files, "Ann")).toBe(2);
});

test("nobody jumps away when their side is chosen", () => {
  const places = new Map<string, number>();
  const file = (side: string, ...more: string[]) => [fileOf(1, { speakers: [speaker("Ann", side), speaker("Bob"), ...more.map((one) => speaker(one))] })];
  const names = (files: ImportFileView[]) => inPlace(people(files), places).map((one) => one.id);
  expect(names(file(""))).toEqual(["Ann", "Bob"]);
  expect(names(file("company"))).toEqual(["Ann", "Bob"]);
  expect(names(file("company", "Cem"))).toEqual(["Ann", "Bob", "Cem"]);
});

test("sizes and what was left aside are said in words", () => {
  expect([1, 1_500, 72_000, 2_000_000].map(sizeOf)).toEqual(["1 byte", "1.5 kB", "72 kB", "2.0 MB"]);
  expect(leftAside(2, [])[0]).toContain("2 files passed over");
  expect(leftAside(0, [])).toEqual([]);
});

test("bytes become base64 whatever they are", () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, at) => (at * 7) % 256);
  expect(Uint8Array.from(atob(base64(bytes)), (one) => one.charCodeAt(0))).toEqual(bytes);
  expect(base64(new Uint8Array())).toBe("");
});

const pickedOf = (path: string, size: number): Picked => ({ path, file: new Blob([new Uint8Array(size)]) });

test("a large file goes in pieces that follow each other, an empty one in none", async () => {
  const asked: [string, Record<string, unknown>][] = [];
  const ask = async (kind: string, values: Record<string, unknown>) => {
    asked.push([kind, values]);
    return (kind === "offer" ? [{ id: 1, reason: "" }, { id: null, reason: "Too large." }, { id: null, reason: "" }, { id: 2, reason: "" }] : 0) as never;
  };
  const told: number[] = [];
  const all = [pickedOf("a.json", LIMITS.chunk + 5), pickedOf("b.json", 1), pickedOf("c.mp3", 1), pickedOf("d.txt", 0)];
  const refused = await sendAll(all, ask, new AbortController().signal, ({ sent }) => told.push(sent));
  expect(refused).toEqual([{ path: "b.json", reason: "Too large." }]);
  expect(asked.map(([kind, { at, file }]) => [kind, file, at])).toEqual([
    ["offer", undefined, undefined],
    ["put", 1, 0],
    ["put", 1, LIMITS.chunk],
  ]);
  expect(told.at(-1)).toBe(LIMITS.chunk + 7);
});

test("what did not come as a whole is taken out again", async () => {
  const controller = new AbortController();
  const removed: unknown[] = [];
  const ask = async (kind: string, values: Record<string, unknown>) => {
    if (kind === "put") controller.abort();
    if (kind === "remove") removed.push(values["file"]);
    return (kind === "offer" ? [{ id: 7, reason: "" }] : 0) as never;
  };
  await expect(sendAll([pickedOf("a.json", LIMITS.chunk * 3)], ask, controller.signal, () => {})).rejects.toThrow();
  expect(removed).toEqual([7]);
  const many = Array.from({ length: LIMITS.importedFiles + 1 }, (_, at) => pickedOf(`${at}`, 0));
  await expect(sendAll(many, ask, new AbortController().signal, () => {})).rejects.toThrow("ws.ingest");
});

test("a dropped folder gives its files with their paths", async () => {
  const file = (name: string) => ({ isFile: true, name, file: (done: (file: File) => void) => done(new File(["x"], name)) });
  const folder = (name: string, ...pages: unknown[][]) => ({ isFile: false, name, createReader: () => ({ readEntries: (done: (some: unknown[]) => void) => done(pages.shift() ?? []) }) });
  const entries = [folder("calls", [file("a.json"), folder("deep", [file("b.vtt")])], [file("c.srt")]), file("d.txt")];
  const transfer = { items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] } as unknown as DataTransfer;
  expect((await dropped(transfer)).map((one) => one.path)).toEqual(["calls/a.json", "calls/c.srt", "calls/deep/b.vtt", "d.txt"]);
  const plain = { items: [], files: [new File(["x"], "e.txt")] } as unknown as DataTransfer;
  expect((await dropped(plain)).map((one) => one.path)).toEqual(["e.txt"]);
  expect(picked([new File(["x"], "f.txt")])[0]!.path).toBe("f.txt");
});

test("another list keeps the keys that it has, too", () => {
  const lists = [
    { path: [], words: "", keys: [{ key: "a", example: "" }, { key: "b", example: "" }] },
    { path: ["x"], words: "", keys: [{ key: "a", example: "" }] },
  ];
  const mapping = { path: [], text: "a", speaker: "b", start: "", end: "", unit: "s", conversation: "" };
  expect(moved(mapping, { ...details, lists }, 1)).toEqual({ path: ["x"], text: "a", speaker: "", start: "", end: "", conversation: "" });
  expect(moved(mapping, { ...details, lists }, 5)).toEqual({});
});

function shown(synced: Synced): FakeModel {
  const model = new FakeModel({ files: synced.files, state: synced.view, error: synced.kernelError });
  importer.render({ model, el });
  return model;
}

const button = (name: string) => [...el.querySelectorAll("button")].find((one) => one.textContent?.includes(name) || one.getAttribute("aria-label") === name)!;
const kinds = (model: FakeModel) => model.sent.map((one) => one["kind"]);

test("without files it says what can be dropped, and nothing else", async () => {
  const model = shown(kernel());
  await settle();
  expect(kinds(model)).toEqual(["open"]);
  expect(el.textContent).toContain("Drop transcripts or a folder here");
  expect(el.textContent).toContain("Nothing is imported before you press Import");
  expect(el.querySelector(".wb-files")).toBeNull();
  expect(el.querySelector(".wb-primary")).toBeNull();
});

test("a page that only shows results has no way to import", async () => {
  shown(kernel([fileOf(1)], { phase: "blocked", blocked: "This page only shows results." }));
  await settle();
  expect(el.textContent).toContain("This page only shows results.");
  expect(el.querySelector("button, input")).toBeNull();
});

test("names and texts of files are never markup", async () => {
  const call = { id: HOSTILE, title: HOSTILE, started: "", language: "", turns: 1, first: [{ speaker: "Ann", side: "", time: "", text: HOSTILE }] };
  const hostile = fileOf(1, { name: HOSTILE, format: HOSTILE, problems: [HOSTILE], problems_found: 1, notes: [HOSTILE], speakers: [{ id: "Ann", name: HOSTILE, side: "", turns: 1, label: false }], left_out: HOSTILE });
  const model = shown(kernel([hostile], { report: report({ lines: [{ kind: "rejected", name: HOSTILE, line: null, reason: HOSTILE }] }) }));
  await settle();
  button(HOSTILE).click();
  await settle();
  expect(kinds(model)).toContain("details");
  model.reply(model.sent.findIndex((one) => one["kind"] === "details"), { ...details, calls: [call] });
  await settle();
  expect(el.querySelector(".wb-turn-text")!.textContent).toBe(HOSTILE);
  expect(el.querySelector("img")).toBeNull();
});

test("a side is said with one press, and taken back with another", async () => {
  const model = shown(kernel([fileOf(1), fileOf(2)]));
  await settle();
  const ann = () => el.querySelector<HTMLElement>('[aria-label="Side of Ann"]')!;
  ann().querySelector("button")!.click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "side", speaker: "Ann", side: "company", file: null });
  model.reply(model.sent.length - 1, null);
  model.sync({ files: [fileOf(1), fileOf(2)].map((one) => ({ ...one, speakers: [speaker("Ann", "company"), speaker("Bob")] })) });
  await settle();
  expect(ann().querySelector('[aria-pressed="true"]')!.textContent).toContain("Company");
  ann().querySelector("button")!.click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "side", side: "" });
});

test("a side that was said in one file can be taken for all with that name", async () => {
  const model = shown(kernel([fileOf(1, { speakers: [speaker("Ann", "company")] }), fileOf(2, { speakers: [speaker("Ann")] })]));
  await settle();
  button("1.vtt").click();
  await settle();
  button("Same in all 2 files").click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "side", speaker: "Ann", side: "company", file: null });
});

test("what was chosen goes with the import", async () => {
  const model = shown(kernel([fileOf(1), fileOf(2, { state: "refused", conversations: 0, speakers: [] })], { redact: ["phone"] }));
  await settle();
  const [, keep] = el.querySelectorAll<HTMLInputElement>('input[type="radio"]');
  keep!.click();
  el.querySelector<HTMLInputElement>('.wb-kinds input[type="checkbox"]')!.click();
  await settle();
  expect(button("Import 1 call from 1 file").disabled).toBe(false);
  expect(el.textContent).toContain("1 file can't be read and is left out.");
  button("Import 1 call").click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "bring", on_change: "keep", redact: ["phone", "email"] });
});

test("work under way shows how far it is and can be cancelled", async () => {
  const model = shown(kernel([fileOf(1)], { phase: "importing", fraction: 0.2, message: "Importing a.vtt" }));
  await settle();
  expect(kinds(model)).toContain("progress");
  model.emit("msg:custom", { news: "import", tracker_id: "", fraction: 0.5, message: "Importing b.vtt", done: false });
  await settle();
  expect(el.querySelector('[role="progressbar"]')!.getAttribute("aria-valuenow")).toBe("50");
  expect(el.textContent).toContain("Importing b.vtt");
  expect(button("Choose files").disabled).toBe(true);
  button("Cancel").click();
  await settle();
  expect(kinds(model)).toContain("stop");
});

test("dropped files are sent and looked at, and nothing is taken while the kernel is at work", async () => {
  const model = shown(kernel());
  await settle();
  const drop = () => {
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types: ["Files"], items: [], files: [new File(["WEBVTT"], "a.vtt")] } });
    el.querySelector(".wb-zone")!.dispatchEvent(event);
    return event;
  };
  expect(drop().defaultPrevented).toBe(true);
  await settle();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "offer", files: [{ path: "a.vtt", size: 6 }] });
  model.reply(model.sent.length - 1, [{ id: 1, reason: "" }]);
  await vi.waitFor(() => expect(model.sent.at(-1)).toMatchObject({ kind: "put", file: 1, at: 0, data: btoa("WEBVTT") }));
  model.reply(model.sent.length - 1, 6);
  await vi.waitFor(() => expect(model.sent.at(-1)).toMatchObject({ kind: "look" }));
  model.sync({ state: viewOf({ phase: "looking" }) });
  await settle();
  const before = model.sent.length;
  drop();
  await settle();
  expect(model.sent.slice(before).map((one) => one["kind"])).not.toContain("offer");
});

test("a mapping shows what was taken for what, and sends what a person changes", async () => {
  const lists = [{ path: ["turns"], words: "turns (3 entries)", keys: [{ key: "text", example: "Hello" }, { key: "who", example: "1" }, { key: "s", example: "1200" }] }];
  const mapping = { path: ["turns"], text: "text", speaker: "who", start: "s", end: "", unit: "ms", conversation: "" };
  const model = shown(kernel([fileOf(1, { state: "check", format: "JSON of no known tool", mappable: true })]));
  await settle();
  button("1.vtt").click();
  await settle();
  model.reply(model.sent.findIndex((one) => one["kind"] === "details"), { ...details, mapping, lists });
  await settle();
  const selects = [...el.querySelectorAll<HTMLSelectElement>(".wb-mapping select")];
  expect(selects.map((one) => one.value)).toEqual(["text", "who", "s", "", "ms", ""]);
  selects[4]!.value = "s";
  selects[4]!.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
  button("Read it this way").click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "map", file: 1, mapping: { ...mapping, unit: "s" } });
});

test("the time zone of starts can be chosen for an import, and only one that there is", async () => {
  const model = shown(kernel([fileOf(1)], { zone: "UTC", workspace_zone: "UTC" }));
  await settle();
  const input = el.querySelector<HTMLInputElement>(".wb-clock input")!;
  const type = async (words: string) => {
    input.value = words;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
  };
  expect(input.value).toBe("UTC");
  for (const wrong of ["Mars", "+02:00", "", HOSTILE]) {
    await type(wrong);
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(el.querySelector(".wb-clock [role=alert]")!.textContent).toContain("Europe/Berlin");
    expect(kinds(model)).not.toContain("zone");
    expect(button("Import 1 call").disabled).toBe(true);
    expect(el.querySelector(".wb-foot")!.textContent).toContain("Give a time zone first.");
  }
  await type("Europe/Berlin");
  expect(input.getAttribute("aria-invalid")).toBe("false");
  expect(button("Import 1 call").disabled).toBe(false);
  expect(model.sent.at(-1)).toMatchObject({ kind: "zone", zone: "Europe/Berlin" });
  model.sync({ state: viewOf({ zone: "Europe/Berlin", workspace_zone: "UTC" }) });
  await settle();
  expect(el.querySelector(".wb-clock")!.textContent).toContain("the workspace's own is UTC");
});

test("a report is shown, and earlier ones can be read again", async () => {
  const heads = [{ id: "r1", when: report().when, words: "7 added" }, { id: "r0", when: "2026-11-28T10:00:00+00:00", words: "2 added" }];
  const model = shown(kernel([], { report: report({ failed: "Trackers could not read them." }), reports: heads }));
  await settle();
  const said = el.querySelector('[aria-label="Report"]')!.textContent;
  for (const words of ["Last import", "7", "a.json, line 3", "is not JSON", "Trackers could not read them."]) expect(said).toContain(words);
  el.querySelector<HTMLElement>(".wb-earlier button")!.click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "report", report: "r0" });
});
