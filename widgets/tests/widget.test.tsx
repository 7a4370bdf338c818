import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Failed, FRAMED, type Framed } from "../shared/frame";
import { LOST } from "../shared/transport";
import { trait, type View, widget } from "../shared/widget";
import { FakeModel, settle } from "./model";

interface Synced {
  name: string;
  canEdit: boolean;
}

interface State extends Synced, Framed {
  error: string;
}

type Action = { type: "synced"; synced: Synced } | { type: "name"; name: string } | Failed;

function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return { ...state, ...action.synced };
    case "name":
      return { ...state, name: action.name };
    case "failed":
      return { ...state, error: action.message };
  }
}

let el: HTMLElement;
let view: View<State, Action>;
const shown = vi.fn();
const resume = vi.fn();
const sample = widget<Synced, State, Action>({
  name: "sample",
  role: "region",
  label: "Sample",
  traits: { name: trait<string>("name", "nobody"), canEdit: trait<boolean>("can_edit", true) },
  initial: (synced) => ({ ...synced, error: "", ...FRAMED }),
  reduce,
  synced: (synced) => ({ type: "synced", synced }),
  start: (started) => {
    view = started;
    return {
      draw: ({ name, slow, error }) => (
        <p>
          {name}, {slow ? "slow" : "quick"}, {error || "well"}
        </p>
      ),
      shown,
      resume,
    };
  },
});

beforeEach(() => {
  vi.useFakeTimers();
  el = document.createElement("div");
  document.body.append(el);
  shown.mockClear();
});
afterEach(() => {
  el.remove();
  vi.useRealTimers();
});

const drawn = async () => {
  await vi.advanceTimersByTimeAsync(0);
  return el.querySelector("p")?.textContent;
};

test("traits are read, drawn and kept up with; one that is false is not taken for one that is missing", async () => {
  const model = new FakeModel({ can_edit: false });
  sample.render({ model, el });
  expect(el.querySelector('.wb-sample[role="region"][aria-label="Sample"]')).not.toBeNull();
  expect(await drawn()).toBe("nobody, quick, well");
  expect(view.store.state.canEdit).toBe(false);
  expect(shown).toHaveBeenCalledOnce();
  model.sync({ name: "Dana" });
  expect(await drawn()).toBe("Dana, quick, well");
});

test("a trait that is null stays null, unless something stands in for it", () => {
  const model = new FakeModel({ saved: null, tuning: null });
  expect([trait("saved")(model), trait("tuning", "none")(model), trait("missing")(model), trait("missing", null)(model)]).toEqual([null, "none", undefined, null]);
});

test("what the page writes is in the model", () => {
  const model = new FakeModel();
  const saved = vi.spyOn(model, "save_changes");
  sample.render({ model, el });
  view.write("name", "Ada");
  expect([model.get("name"), view.read("name"), view.store.state.name]).toEqual(["Ada", "Ada", "Ada"]);
  expect(saved).toHaveBeenCalledOnce();
});

test("a slow kernel shows, and stops showing when it answers; the view's reducer never hears of it", async () => {
  const model = new FakeModel();
  sample.render({ model, el });
  void view.request("look").catch(view.failed);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await drawn()).toBe("nobody, slow, well");
  view.dispatch({ type: "name", name: "Ada" });
  expect(await drawn()).toBe("Ada, slow, well");
  model.reply(0, null);
  expect(await drawn()).toBe("Ada, quick, well");
});

test("an error shows in its words", async () => {
  const model = new FakeModel();
  sample.render({ model, el });
  void view.request("save").catch(view.failed);
  model.reply(0, null, { kind: "WorkbenchError", message: "Disk full." });
  expect(await drawn()).toBe("nobody, quick, Disk full.");
  expect(view.lost).toBe(false);
});

test("a request that was given up is no error", async () => {
  const model = new FakeModel();
  sample.render({ model, el });
  const given = new AbortController();
  void view.request("find", {}, { signal: given.signal }).catch(view.failed);
  given.abort();
  expect(await drawn()).toBe("nobody, quick, well");
});

test("a kernel that is gone is told, by itself or where a request is never answered", async () => {
  const gone = new FakeModel();
  sample.render({ model: gone, el });
  gone.emit("comm_live_update");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await drawn()).toBe(`nobody, quick, ${LOST}`);
  expect(view.lost).toBe(true);
  el.replaceChildren();
  sample.render({ model: new FakeModel(), el });
  void view.request("save").catch(view.failed);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(view.lost).toBe(true);
});

test("a kernel that was only held up takes the message away when it answers, and the view asks again", async () => {
  const model = new FakeModel();
  sample.render({ model, el });
  void view.request("open").catch(view.failed);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await drawn()).toBe(`nobody, quick, ${LOST}`);
  expect(resume).not.toHaveBeenCalled();
  model.reply(0, null);
  expect(await drawn()).toBe("nobody, quick, well");
  expect([view.lost, resume.mock.calls.length]).toEqual([false, 1]);
});

test("a view whose clean-up ran seeks no kernel", async () => {
  const model = new FakeModel();
  const close = sample.render({ model, el });
  model.emit("comm_live_update");
  await vi.advanceTimersByTimeAsync(20_000);
  const sent = model.sent.length;
  close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(model.sent.length).toBe(sent);
});

test("keys stay within the widget, but for Tab and those with Ctrl", () => {
  const heard: string[] = [];
  el.addEventListener("keydown", (event) => heard.push(event.key));
  sample.render({ model: new FakeModel(), el });
  for (const init of [{ key: "d" }, { key: "Tab" }, { key: "s", ctrlKey: true }]) view.root.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
  expect(heard).toEqual(["Tab", "s"]);
});

test("a view that is gone leaves nothing behind", async () => {
  vi.useRealTimers();
  const model = new FakeModel();
  const close = sample.render({ model, el });
  void view.request("look").catch(view.failed);
  close();
  expect(model.listening).toBe(0);
  expect(el.childNodes.length).toBe(0);
  model.sync({ name: "late" });
  await settle();
  expect(view.signal.aborted).toBe(true);
});
