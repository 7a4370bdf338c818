import { expect, test, vi } from "vitest";
import { isWorkspace, watch } from "../labextension/browsing";
import { around, choose, folderName } from "../labextension/choosing";
import type { App, FileBrowser, Model } from "../labextension/jupyter";
import { Panels, pythonOf } from "../labextension/opening";
import { codeOf, placeOf, sessionPath, titleOf } from "../labextension/panels";
import { compare, shared } from "../labextension/shared";

const DEMO = { kind: "trackers", workspace: "work/demo.workspace" } as const;
const folder = (path: string): Model => ({ name: path.slice(path.lastIndexOf("/") + 1), path, type: "directory" });

test("a session's path says which panel it is", () => {
  expect(sessionPath(DEMO)).toBe("work/demo.workspace.trackers");
  expect(placeOf(sessionPath(DEMO))).toEqual(DEMO);
  expect(titleOf(DEMO)).toBe("Trackers – demo");
  for (const path of ["work/console-1-abc", "demo.workspace", "demo.workspace.toString", ".workspace.trackers", "a.workspace/b.trackers", ""]) {
    expect(placeOf(path)).toBeNull();
  }
});

test("a workspace's name cannot leave its quotation marks", () => {
  const workspace = 'x/a"); import os #\\\n\u2028.workspace';
  const code = codeOf({ kind: "trackers", workspace }, false);
  const line = code.split("\n").find((one) => one.includes("wb.open"));
  expect(line).toBe(`    ws = wb.open("a\\"); import os #\\\\\\n\u2028.workspace", create=False)`);
  expect(codeOf(DEMO, true)).toContain('wb.open("demo.workspace", create=True)');
});

test("the kernel is the default one if it speaks Python, else the first that does", () => {
  const spec = (name: string, language: string) => [name, { name, language }] as const;
  const all = Object.fromEntries([spec("r", "R"), spec("first", "python"), spec("second", "python")]);
  expect(pythonOf({ default: "second", kernelspecs: all })).toBe("second");
  expect(pythonOf({ default: "r", kernelspecs: all })).toBe("first");
  expect(pythonOf({ default: "r", kernelspecs: {} })).toBeNull();
  expect(pythonOf(null)).toBeNull();
});

test("of a shared package, the version in use comes first, then the newest", async () => {
  const offer = (it: string, loaded: boolean) => ({ get: async () => () => it, loaded });
  const name = "@jupyterlab/console";
  expect(await shared({ [name]: { "4.9.0": offer("old", false), "4.10.0": offer("new", false) } }, name)).toBe("new");
  expect(await shared({ [name]: { "4.9.0": offer("old", true), "4.10.0": offer("new", false) } }, name)).toBe("old");
  expect(await shared({}, name)).toBeUndefined();
  expect([compare("4.6.6", "4.6.6"), compare("4.6.6", "4.7.0-beta.2") < 0, compare("10.0", "9.9.9") > 0]).toEqual([0, true, true]);
});

test("the workspace around a folder is found, and names for new ones are checked", () => {
  expect(around("a/demo.workspace/corpus")).toBe("a/demo.workspace");
  expect(around("drive:demo.workspace")).toBe("drive:demo.workspace");
  expect(around("a/.workspace")).toBeNull();
  expect(folderName(" My calls ")).toBe("My calls.workspace");
  expect(folderName("My calls.workspace")).toBe("My calls.workspace");
  for (const typed of ["", "  ", ".", "..", ".hidden", "a/b", "a\\b", "../a", ".workspace", "a\nb"]) expect(folderName(typed)).toBeNull();
});

function scene(paths: string[], answer: { accept: boolean; value: string | null }) {
  const content = paths.map(folder);
  const app = { serviceManager: { contents: { get: async () => ({ ...folder("x"), content }) } } } as unknown as App;
  const told = vi.fn(async () => ({ button: { accept: answer.accept }, value: answer.value }));
  const failed = vi.fn(async () => undefined);
  return { app, told, failed, dialogs: { InputDialog: { getItem: told, getText: told }, showErrorMessage: failed } };
}

test("nobody is asked about the only workspace", async () => {
  const { app, told, dialogs } = scene(["x/demo.workspace", "x/other", "x/.workspace"], { accept: false, value: null });
  expect(await choose(app, dialogs, "x")).toEqual({ workspace: "x/demo.workspace", isNew: false });
  expect(told).not.toHaveBeenCalled();
});

test("several workspaces are asked about", async () => {
  const yes = scene(["b.workspace", "a.workspace"], { accept: true, value: "b.workspace" });
  expect(await choose(yes.app, yes.dialogs, "")).toEqual({ workspace: "b.workspace", isNew: false });
  expect(yes.told).toHaveBeenCalledWith(expect.objectContaining({ items: ["a.workspace", "b.workspace"] }));
  const no = scene(["b.workspace", "a.workspace"], { accept: false, value: "b.workspace" });
  expect(await choose(no.app, no.dialogs, "")).toBeNull();
});

test("a first workspace is offered, and a name that can't be one is refused", async () => {
  const yes = scene([], { accept: true, value: "Calls" });
  expect(await choose(yes.app, yes.dialogs, "drive:")).toEqual({ workspace: "drive:Calls.workspace", isNew: true });
  const bad = scene([], { accept: true, value: "../Calls" });
  expect(await choose(bad.app, bad.dialogs, "x")).toBeNull();
  expect(bad.failed).toHaveBeenCalledOnce();
  const no = scene([], { accept: false, value: "Calls" });
  expect(await choose(no.app, no.dialogs, "x")).toBeNull();
});

function browser(item: Model, isWorkspaceItem: boolean) {
  const node = document.createElement("div");
  const type = isWorkspaceItem ? "tracker-workspace" : "directory";
  node.innerHTML = `<div class="jp-DirListing"><ul><li class="jp-DirListing-item" data-isdir="true" data-file-type="${type}"><b>x</b><input></li></ul></div>`;
  document.body.replaceChildren(node);
  const stock = vi.fn();
  for (const name of ["click", "dblclick", "keydown"]) node.firstElementChild?.addEventListener(name, stock);
  const files = { node, modelForClick: () => item, selectedItems: () => [item] } as unknown as FileBrowser;
  const press = (selector: string, event: Event) => node.querySelector(selector)?.dispatchEvent(event);
  return { files, stock, press };
}
const mouse = (name: string, more = {}) => new MouseEvent(name, { bubbles: true, ...more });
const enter = (more = {}) => new KeyboardEvent("keydown", { key: "Enter", bubbles: true, ...more });

test("a double-click and Enter open a workspace, and nothing enters it", () => {
  const { files, stock, press } = browser(folder("x/demo.workspace"), true);
  const open = vi.fn();
  watch(files, open, () => false);
  press("b", mouse("dblclick"));
  press("b", enter());
  expect(open.mock.calls).toEqual([["x/demo.workspace"], ["x/demo.workspace"]]);
  expect(stock).not.toHaveBeenCalled();
  press("b", mouse("click"));
  press("b", mouse("dblclick", { ctrlKey: true }));
  press("b", enter({ shiftKey: true }));
  press("input", enter());
  expect(open).toHaveBeenCalledTimes(2);
  expect(stock).toHaveBeenCalledTimes(4);
});

test("one click does where the file browser opens at one", () => {
  const { files, press } = browser(folder("x/demo.workspace"), true);
  const open = vi.fn();
  watch(files, open, () => true);
  press("b", mouse("click"));
  expect(open).toHaveBeenCalledOnce();
});

test("other folders are entered as ever", () => {
  const { files, stock, press } = browser(folder("x/plain"), false);
  const open = vi.fn();
  watch(files, open, () => false);
  press("b", mouse("dblclick"));
  press("b", enter());
  expect(open).not.toHaveBeenCalled();
  expect(stock).toHaveBeenCalledTimes(2);
  expect([folder(".workspace"), { ...folder("a.workspace"), type: "file" }].map(isWorkspace)).toEqual([false, false]);
});

/** A console with what the panels use of one, and the application that makes it. */
function consoles() {
  const panels: { path: string; said: string[]; status(now: string): void }[] = [];
  const added: ((sender: unknown, panel: never) => void)[] = [];
  const create = (path: string) => {
    const said: string[] = [];
    const heard: ((sender: unknown, now: string) => void)[] = [];
    const sessionContext = { path, ready: Promise.resolve(), statusChanged: { connect: (slot: never) => heard.push(slot) } };
    const prompt = { hasClass: () => true, hide: () => said.push("hidden") };
    const inner = { hasClass: () => false, children: () => [prompt], clear: () => said.push("cleared"), inject: async (code: string) => said.push(code) };
    const panel = { id: path, node: document.createElement("div"), title: {}, isAttached: true, isDisposed: false, addClass: () => undefined, sessionContext, console: inner };
    panels.push({ path, said, status: (now) => heard.forEach((slot) => void slot(null, now)) });
    for (const slot of added) slot(null, panel as never);
    return panel;
  };
  const made: ReturnType<typeof create>[] = [];
  const tracker = { forEach: () => undefined, find: (test: (one: never) => boolean) => made.find((one) => test(one as never)), widgetAdded: { connect: (slot: never) => added.push(slot) } };
  const activateById = vi.fn();
  const specs = { default: "python3", kernelspecs: { python3: { name: "python3", language: "python" } } };
  const app = {
    commands: { execute: vi.fn(async (_: string, args: { path: string }) => void made.push(create(args.path))) },
    serviceManager: { kernelspecs: { ready: Promise.resolve(), specs } },
    shell: { activateById },
  };
  return { app, panels, activateById, made, create, opener: new Panels(app as never, tracker as never, "icon") };
}

test("a panel is opened once, without prompt, and shows itself again after a restart", async () => {
  const { opener, panels, activateById } = consoles();
  await opener.open(DEMO, true);
  await vi.waitFor(() => expect(panels[0]?.said).toEqual(["hidden", codeOf(DEMO, true)]));
  await opener.open(DEMO);
  expect(activateById).toHaveBeenCalledWith("work/demo.workspace.trackers");
  expect(panels).toHaveLength(1);
  for (const status of ["busy", "idle", "restarting", "starting", "idle", "idle"]) panels[0]?.status(status);
  await vi.waitFor(() => expect(panels[0]?.said.slice(2)).toEqual(["cleared", codeOf(DEMO, false)]));
});

test("other consoles are left alone", async () => {
  const { create, panels } = consoles();
  create("work/console-1");
  await Promise.resolve();
  expect(panels[0]?.said).toEqual([]);
});
