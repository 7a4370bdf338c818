import { after } from "./beats";
import { listen, type Model } from "./model";
import type { Reply } from "./protocol";

export const LOST =
  "The connection to Python was lost. Everything so far is saved. " +
  "To continue, run the notebook's cells again or reload the dashboard.";
const PING_MS = 20_000; // a kernel on a busy machine, or in a long cell, answers late
const SEEK_MS = [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000]; // between looks for a kernel that was lost

/** A request that came back with an error, or never. `kind` is the kernel's error class, or "Lost". */
export class RequestError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a request is about, beside its kind. */
export type Values = Record<string, unknown>;

export interface RequestOptions {
  /** Milliseconds after which it counts as lost. */
  timeout?: number;
  /** Gives the request up: its answer is dropped, and the kernel is told, which stops where it can. */
  signal?: AbortSignal;
}

export interface TransportOptions {
  /** Milliseconds after which a request counts as lost; a busy kernel answers late, so it is generous. */
  timeout?: number;
  /** Milliseconds after which the person is told that the kernel is busy. */
  patience?: number;
  /** Requests of one line go one after the other, and all others at once. Without it those of a kind are a line. */
  line?: (kind: string, values: Values) => string;
  onSlow?: (slow: boolean) => void;
  /** The kernel was restarted or is gone, or is held up so long that it looks so. */
  onLost?: () => void;
  /** A kernel that counted as lost has answered. */
  onFound?: () => void;
}

interface Waiting {
  id: string;
  line: string;
  message: Values;
  timeout: number;
  /** When its own time is over, from when it was sent or the kernel last gave a sign of life. */
  due: number;
  stops: (() => void)[];
  signal: AbortSignal | undefined;
  settle(error: unknown, result?: unknown): void;
}

let views = 0;

/** Requests to the kernel, each with one reply: several at once, in order within their line. */
export class Transport {
  private readonly view = `${++views}-${Math.random().toString(36).slice(2, 8)}`;
  /** Those that are sent, oldest first. */
  private readonly sent = new Map<string, Waiting>();
  private readonly queued: Waiting[] = [];
  private readonly late = new Set<string>();
  private count = 0;
  private ping: { id: string; stop(): void } | null = null;
  /** Ends the search for a kernel that counts as lost; null while none does. */
  private stopSeeking: (() => void) | null = null;

  constructor(
    private readonly model: Model,
    private readonly signal: AbortSignal,
    private readonly options: TransportOptions = {},
  ) {
    listen(model, "msg:custom", (reply: Reply) => this.received(reply), signal);
    // Jupyter says by this that a connection came or went, but not which; asking tells.
    listen(model, "comm_live_update", () => this.probe(), signal);
    signal.addEventListener("abort", () => this.close(), { once: true });
  }

  request<T>(kind: string, values: Values = {}, { timeout, signal }: RequestOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = this.nextId();
      const drop = () => this.drop(id, signal?.reason);
      const settle = (error: unknown, result?: unknown) => {
        signal?.removeEventListener("abort", drop);
        if (error) reject(error);
        else resolve(result as T);
      };
      signal?.addEventListener("abort", drop, { once: true });
      const line = this.options.line?.(kind, values) ?? kind;
      this.queued.push({ id, line, message: { ...values, id, kind }, timeout: timeout ?? this.options.timeout ?? 60_000, due: 0, stops: [], signal, settle });
      this.send();
    });
  }

  private nextId(): string {
    return `${this.view}:${++this.count}`;
  }

  /** Sends all that need not wait for another one of their line. */
  private send(): void {
    for (const next of [...this.queued]) {
      if (this.signal.aborted) return;
      if (next.signal?.aborted || [...this.sent.values()].some((one) => one.line === next.line)) continue;
      const at = this.queued.indexOf(next);
      if (at < 0) continue; // a reply that came at once has sent it already
      this.queued.splice(at, 1);
      this.sent.set(next.id, next);
      next.due = Date.now() + next.timeout;
      next.stops[0] = after(this.options.patience ?? 4_000, () => this.markLate(next.id));
      this.watch(next);
      this.model.send(next.message);
    }
  }

  /** The kernel does one thing at a time: what it was given while it was at something long has its time after that. */
  private watch(one: Waiting, until = one.due): void {
    one.stops[1] = after(until - Date.now(), () => {
      const end = Math.max(one.due, ...this.before(one).flatMap(({ due }) => (due > one.due ? [due + one.timeout] : [])));
      if (end > Date.now()) this.watch(one, end);
      else this.lose([one]);
    });
  }

  private before(one: Waiting): Waiting[] {
    const all = [...this.sent.values()];
    return all.slice(0, all.indexOf(one));
  }

  private drop(id: string, reason: unknown): void {
    const at = this.queued.findIndex((one) => one.id === id);
    const [queued] = at < 0 ? [] : this.queued.splice(at, 1);
    queued?.settle(reason);
    const sent = this.sent.get(id);
    if (!sent) return;
    this.model.send({ id: this.nextId(), kind: "cancel", request: id });
    this.finish(sent, reason);
  }

  /** Asks for a sign of life; without one all that waits is lost. */
  private probe(): void {
    if (this.ping || this.signal.aborted) return;
    const id = this.nextId();
    const stop = after(PING_MS, () => {
      this.ping = null;
      this.lose([...this.sent.values(), ...this.queued.splice(0)]);
      this.options.onLost?.();
    });
    this.ping = { id, stop };
    this.model.send({ id, kind: "ping" });
  }

  /** Gives requests up for lost, and looks for the kernel from then on: one that was only held up answers in the end. */
  private lose(requests: Waiting[]): void {
    if (!this.stopSeeking) this.seek(SEEK_MS);
    for (const one of requests) this.finish(one, new RequestError("Lost", LOST));
  }

  private seek([wait, ...later]: readonly number[]): void {
    if (wait === undefined) return;
    this.stopSeeking = after(wait, () => {
      this.seek(later);
      this.model.send({ id: this.nextId(), kind: "ping" });
    });
  }

  private found(): void {
    this.stopSeeking?.();
    this.stopSeeking = null;
    this.options.onFound?.();
  }

  /** Replies go to every view of the model; those to other views, and those that came too late, are passed over. */
  private received(reply: Reply): void {
    if (this.ping && reply?.id === this.ping.id) {
      this.ping.stop();
      this.ping = null;
    }
    // Even an answer that comes too late says that the kernel is there.
    if (this.stopSeeking && String(reply?.id).startsWith(`${this.view}:`)) this.found();
    const one = this.sent.get(reply?.id);
    if (!one) return;
    // A sign of life: the others have their time from now on.
    for (const other of this.sent.values()) other.due = Math.max(other.due, Date.now() + other.timeout);
    const { error, result } = reply;
    this.finish(one, error && new RequestError(error.kind, error.message), result);
  }

  private finish(one: Waiting, error: unknown, result?: unknown): void {
    this.sent.delete(one.id);
    for (const stop of one.stops) stop();
    if (this.late.delete(one.id) && this.late.size === 0) this.options.onSlow?.(false);
    one.settle(error, result);
    this.send();
  }

  private markLate(id: string): void {
    this.late.add(id);
    if (this.late.size === 1) this.options.onSlow?.(true);
  }

  private close(): void {
    for (const one of this.sent.values()) for (const stop of one.stops) stop();
    this.ping?.stop();
    this.stopSeeking?.();
  }
}

/** The lines of a transport: kinds that go one after the other, by the line's name; each other kind is a line of its own. */
export function inLines(lines: Record<string, readonly string[]>): (kind: string) => string {
  const known = new Map(Object.entries(lines).flatMap(([line, kinds]) => kinds.map((kind) => [kind, line] as const)));
  return (kind) => known.get(kind) ?? kind;
}

/** Gives a signal for each try, and gives up the one before: only the newest answer is wanted. */
export function newest(until: AbortSignal): () => AbortSignal {
  let controller = new AbortController();
  until.addEventListener("abort", () => controller.abort(), { once: true });
  return () => {
    controller.abort();
    controller = new AbortController();
    return controller.signal;
  };
}

/** Whether a request failed only because it was given up. */
export function givenUp(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
