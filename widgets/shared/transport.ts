import { listen, type Model } from "./model";
import type { Reply } from "./protocol";

export const LOST =
  "The connection to the kernel was lost. Your answers so far are saved. " +
  "To continue, run the notebook's cells again or reload the dashboard.";
const PING_MS = 20_000; // a kernel on a busy machine, or in a long cell, answers late

/** A request that came back with an error, or never. `kind` is the kernel's error class, or "Lost". */
export class RequestError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  id: string;
  message: Record<string, unknown>;
  timeout: number;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface TransportOptions {
  /** Milliseconds after which a request counts as lost; a busy kernel answers late, so it is generous. */
  timeout?: number;
  /** Milliseconds after which the person is told that the kernel is busy. */
  patience?: number;
  onSlow?: (slow: boolean) => void;
  /** The kernel was restarted or is gone: no request will be answered any more. */
  onLost?: () => void;
}

let views = 0;

/** Requests to the kernel, one at a time and in order, each with one reply. */
export class Transport {
  private readonly view = `${++views}-${Math.random().toString(36).slice(2, 8)}`;
  private readonly queue: Waiting[] = [];
  private current: Waiting | null = null;
  private timers: ReturnType<typeof setTimeout>[] = [];
  private count = 0;
  private ping: { id: string; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(
    private readonly model: Model,
    private readonly signal: AbortSignal,
    private readonly options: TransportOptions = {},
  ) {
    listen(model, "msg:custom", (reply: Reply) => this.received(reply), signal);
    // Jupyter says by this that a connection came or went, but not which; asking tells.
    listen(model, "comm_live_update", () => this.probe(), signal);
    signal.addEventListener(
      "abort",
      () => {
        this.clearTimers();
        if (this.ping) clearTimeout(this.ping.timer);
      },
      { once: true },
    );
  }

  request<T>(kind: string, values: Record<string, unknown> = {}, timeout?: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = `${this.view}:${++this.count}`;
      this.queue.push({
        id,
        message: { ...values, id, kind },
        timeout: timeout ?? this.options.timeout ?? 60_000,
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      this.sendNext();
    });
  }

  private sendNext(): void {
    if (this.current || this.signal.aborted) return;
    const next = this.queue.shift();
    if (!next) return;
    this.current = next;
    this.timers = [
      setTimeout(() => this.options.onSlow?.(true), this.options.patience ?? 4_000),
      setTimeout(() => this.finish(new RequestError("Lost", LOST)), next.timeout),
    ];
    this.model.send(next.message);
  }

  /** Asks for a sign of life past the queue; without one all that waits is lost. */
  private probe(): void {
    if (this.ping || this.signal.aborted) return;
    const id = `${this.view}:${++this.count}`;
    const timer = setTimeout(() => {
      this.ping = null;
      const waiting = [this.current, ...this.queue.splice(0)];
      this.current = null;
      this.clearTimers();
      this.options.onSlow?.(false);
      for (const one of waiting) one?.reject(new RequestError("Lost", LOST));
      this.options.onLost?.();
    }, PING_MS);
    this.ping = { id, timer };
    this.model.send({ id, kind: "ping" });
  }

  /** Replies go to every view of the model; those to other views, and those that came too late, are passed over. */
  private received(reply: Reply): void {
    if (this.ping && reply?.id === this.ping.id) {
      clearTimeout(this.ping.timer);
      this.ping = null;
    }
    if (!this.current || reply?.id !== this.current.id) return;
    const { error, result } = reply;
    if (error) this.finish(new RequestError(error.kind, error.message));
    else this.finish(null, result);
  }

  private finish(error: Error | null, result?: unknown): void {
    const done = this.current;
    this.current = null;
    this.clearTimers();
    this.options.onSlow?.(false);
    if (error) done?.reject(error);
    else done?.resolve(result);
    this.sendNext();
  }

  private clearTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }
}
