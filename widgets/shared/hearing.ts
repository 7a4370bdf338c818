import type { Model, WholeModel } from "./model";
import { WHOLE_STATE } from "./order";

// A message with which nothing is done.
const NOTHING = { content: { data: { method: "nothing" } } };

/**
 * Makes a deaf model hear the kernel again, and asks for what it has missed. anywidget gives up on a model that needs
 * more than two seconds to start, as some do on a busy machine. It is drawn when it comes, but every message for it is
 * thrown away, so that no request would ever be answered.
 */
export async function hear(model: Model): Promise<void> {
  const whole = await model.widget_manager?.get_model(model.get("_own_id") as string);
  if (!whole?._handle_comm_msg || !whole.comm) return;
  try {
    await whole._handle_comm_msg(NOTHING);
  } catch {
    // ipywidgets' own method, before which anywidget's waits
    const plain = (Object.getPrototypeOf(Object.getPrototypeOf(whole)) as WholeModel)._handle_comm_msg;
    if (!plain) return;
    whole.comm.on_msg(plain.bind(whole));
    whole.comm.send({ method: "custom", content: WHOLE_STATE });
  }
}
