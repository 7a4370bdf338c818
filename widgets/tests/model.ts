import type { Model } from "../shared/model";
import type { CardView, CarouselView } from "../shared/protocol";

type Callback = (...args: never[]) => void;

/** A model without a kernel: keeps what is sent, and lets a test answer. */
export class FakeModel implements Model {
  readonly sent: Record<string, unknown>[] = [];
  /** Questions of what publishing would do, which are answered at once and are not among what was sent. */
  readonly planned: Record<string, unknown>[] = [];
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(private readonly values: Record<string, unknown> = {}) {}

  get = (name: string): unknown => this.values[name];
  save_changes = (): void => {};
  send = (content: unknown): void => {
    const message = content as Record<string, unknown>;
    if (message["kind"] !== "plan") return void this.sent.push(message);
    this.planned.push(message);
    queueMicrotask(() => this.emit("msg:custom", { id: message["id"], ...this.plan(message) }));
  };

  set(name: string, value: unknown): void {
    this.sync({ [name]: value });
  }

  /** Answers what publishing would do; a test may put its own in place. */
  plan = (message: Record<string, unknown>): { result: unknown; error: unknown } => {
    const plan = (about: unknown) => ({ message: `Plan of ${about} for ${message["past"]}.`, warns: false, credits: 0, balance: null });
    const ids = message["ids"] as string[] | undefined;
    return { result: ids ? Object.fromEntries(ids.map((id) => [id, plan(id)])) : plan("it"), error: null };
  };

  sync(values: Record<string, unknown>): void {
    Object.assign(this.values, values);
    this.emit("change");
  }

  reply(at: number, result: unknown, error: unknown = null): void {
    this.emit("msg:custom", { id: this.sent[at]?.["id"], result, error });
  }

  emit(event: string, ...args: unknown[]): void {
    for (const callback of [...(this.callbacks.get(event) ?? [])]) (callback as (...all: unknown[]) => void)(...args);
  }

  on(event: string, callback: Callback): void {
    this.callbacks.set(event, (this.callbacks.get(event) ?? new Set()).add(callback));
  }

  off(event: string, callback: Callback): void {
    this.callbacks.get(event)?.delete(callback);
  }

  get listening(): number {
    return [...this.callbacks.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export function cardsOf(count: number, round = 1): CardView[] {
  return Array.from({ length: count }, (_, at) => ({
    conversation_id: "c1",
    sentence_id: `r${round}s${at}`,
    text: `Sentence ${at}`,
    before: [],
    after: [],
    speaker: "Dana",
    side: "customer",
    time: "3:05",
    title: "A call",
    date: "2 Mar 2026",
    reason: "unsure",
    score: 0.5,
    outside: false,
  }));
}

export function carouselView(changes: Partial<CarouselView> = {}): CarouselView {
  const fresh = { tracker: "Pricing", round: 1, answers: {}, summary: null, fraction: 0, message: "", rounds_done: 0, basic_rounds: 4, news: "", about: "", examples: [], ended: null };
  return { phase: "tagging", ...fresh, ...changes };
}
