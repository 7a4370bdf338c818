import { expect, test, vi } from "vitest";
import { receive } from "../shared/kept";
import type { Manager, Model } from "../shared/model";
import { WHOLE_STATE } from "../shared/order";

function modelWith(content: string, manager?: Manager): Model {
  const rest = { set: vi.fn(), save_changes: vi.fn(), send: vi.fn(), on: vi.fn(), off: vi.fn() };
  return { ...rest, get: (name) => (name === "_content" ? content : undefined), ...(manager ? { widget_manager: manager } : {}) };
}

test("a page asks once for what the kernel holds back, and for nothing else", () => {
  const withheld = modelWith("withheld");
  receive(withheld);
  expect(withheld.send).toHaveBeenCalledExactlyOnceWith(WHOLE_STATE);
  const given = modelWith("given");
  receive(given);
  expect(given.send).not.toHaveBeenCalled();
});

test("a saved notebook has no state of ours unless it may, and all of other widgets", async () => {
  const all = {
    state: {
      given: { state: { _anywidget_id: "workbench.widgets.review.Review", _content: "given", cards: ["said"] } },
      kept: { state: { _anywidget_id: "workbench.widgets.review.Review", _content: "kept", cards: ["said"] } },
      other: { state: { _anywidget_id: "somebody.Else", value: 1 } },
      plain: { state: { value: 2 } },
    },
  };
  const get_state = vi.fn(async () => all);
  const manager: Manager = { get_model: vi.fn(), get_state };
  receive(modelWith("given", manager));
  receive(modelWith("given", manager));
  const saved = await manager.get_state?.({ drop_defaults: true });
  expect(Object.keys(saved?.state ?? {})).toEqual(["kept", "other", "plain"]);
  expect(get_state).toHaveBeenCalledExactlyOnceWith({ drop_defaults: true });
});
