import type { Manager, Model } from "./model";
import { WHOLE_STATE } from "./order";

const filtered = new WeakSet<Manager>();

/**
 * Asks for what the kernel holds back until there is a page, and sees that a notebook saved with the state of its
 * widgets has none of ours, unless the kernel allows it: the state quotes conversations.
 */
export function receive(model: Model): void {
  if (model.get("_content") === "withheld") model.send(WHOLE_STATE);
  const manager = model.widget_manager;
  if (!manager?.get_state || filtered.has(manager)) return;
  filtered.add(manager);
  const whole = manager.get_state;
  manager.get_state = async (...options) => {
    const kept = await whole.apply(manager, options);
    const stays = Object.entries(kept.state).filter(([, { state }]) => !ours(state) || state?.["_content"] === "kept");
    return { ...kept, state: Object.fromEntries(stays) };
  };
}

function ours(state: Record<string, unknown> | undefined): boolean {
  return String(state?.["_anywidget_id"] ?? "").startsWith("workbench.");
}
