import { expect, test, vi } from "vitest";
import { hear } from "../shared/hearing";
import { FakeModel } from "./model";

class Plain {
  heard: unknown[] = [];
  async _handle_comm_msg(message: unknown): Promise<void> {
    this.heard.push(message);
  }
}

/** A model as Jupyter has it: anywidget's method waits for the widget's start in front of ipywidgets'. */
function model(ready: Promise<void>) {
  class Any extends Plain {
    comm = { on_msg: vi.fn(), send: vi.fn() };
    override async _handle_comm_msg(message: unknown): Promise<void> {
      await ready;
      return super._handle_comm_msg(message);
    }
  }
  const whole = new Any();
  const proxy = Object.assign(new FakeModel({ _own_id: "m1" }), { widget_manager: { get_model: vi.fn(async () => whole) } });
  return { whole, proxy };
}

test("a model that started in time is left as it is", async () => {
  const { whole, proxy } = model(Promise.resolve());
  await hear(proxy);
  expect(proxy.widget_manager.get_model).toHaveBeenCalledWith("m1");
  expect(whole.comm.on_msg).not.toHaveBeenCalled();
  expect(whole.comm.send).not.toHaveBeenCalled();
});

test("a model that anywidget gave up on hears the kernel again, and asks for what it missed", async () => {
  const { whole, proxy } = model(Promise.reject(new Error("[anywidget] Failed to initialize model.")));
  await hear(proxy);
  expect(whole.comm.send).toHaveBeenCalledWith({ method: "custom", content: { id: "state", kind: "state" } });
  const message = { content: { data: { method: "custom" } } };
  await whole.comm.on_msg.mock.calls[0]![0](message);
  expect(whole.heard).toEqual([message]);
});

test("without a manager, as outside Jupyter, nothing happens", async () => {
  await expect(hear(new FakeModel())).resolves.toBeUndefined();
});
