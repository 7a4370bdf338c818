/** What ipywidgets' model has, and anywidget's proxy of it hides. */
export interface WholeModel {
  comm?: { on_msg(heard: (message: unknown) => unknown): void; send(content: unknown): unknown };
  _handle_comm_msg?(message: unknown): Promise<unknown>;
}

/** What a notebook keeps of widgets. */
export interface Kept {
  state: Record<string, { state?: Record<string, unknown> }>;
}

/** The part of ipywidgets' manager that the widgets use. */
export interface Manager {
  get_model(id: string): Promise<WholeModel>;
  get_state?(...options: unknown[]): Promise<Kept>;
}

/** The part of anywidget's model that the widgets use. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
  widget_manager?: Manager;
}

/** Listens until the signal aborts: a view that is gone must not hold on to its model. */
export function listen(
  model: Model,
  event: string,
  callback: (...args: never[]) => void,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  model.on(event, callback);
  signal.addEventListener("abort", () => model.off(event, callback), { once: true });
}
