import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Hint } from "./parts";
import type { PlanView } from "./protocol";

/** How far back a tracker may look, as its users choose it. */
export const PASTS: [string, string | null][] = [
  ["Upcoming calls only", null],
  ["Also the past month", "1 month"],
  ["Also the past 3 months", "3 months"],
  ["Also the past 6 months", "6 months"],
  ["Also the past 12 months", "12 months"],
  ["Also all past calls", "all"],
];
const PAUSE_MS = 200; // keys run through the periods, and text is typed

/** Asks what publishing would do; the signal gives the question up. */
export type AskPlan = (past: string | null, signal: AbortSignal) => Promise<PlanView>;

/** What is known of what `ask` tells about `about`: null while it is being worked out, and whenever that changes. */
export function usePlan<T>(about: string, ask: (signal: AbortSignal) => Promise<T>): { plan: T | null; error: string } | null {
  const [told, setTold] = useState<{ about: string; plan: T | null; error: string } | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => {
      ask(signal).then(
        (plan) => signal.aborted || setTold({ about, plan, error: "" }),
        (error) => signal.aborted || setTold({ about, plan: null, error: error instanceof Error ? error.message : String(error) }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [about]);
  return told?.about === about ? told : null;
}

interface Props {
  past: string | null;
  /** What else the plan depends on; it is asked for again when that changes. */
  of: string;
  ask: AskPlan;
}

/** What publishing would keep, read and cost, before it is done. */
export function Plan({ past, of, ask }: Props) {
  const told = usePlan(`${past} ${of}`, (signal) => ask(past, signal));
  return (
    <PlanBox told={told}>{told?.plan && <PlanText plan={told.plan} />}</PlanBox>
  );
}

/** Where a plan is told once it is worked out, or why it cannot be. */
export function PlanBox({ told, children }: { told: { error: string } | null; children: ComponentChildren }) {
  return (
    <div class="wb-inset wb-plan" role="status" aria-label="What publishing does" aria-busy={!told}>
      {!told && <p class="wb-muted">Counting which calls are read and which stay as they are…</p>}
      {told?.error && <Hint level="warning">Could not work out what publishing would do: {told.error}</Hint>}
      {children}
    </div>
  );
}

export function PlanText({ plan }: { plan: PlanView }) {
  return plan.warns ? <Hint level="warning">{plan.message}</Hint> : <p dir="auto">{plan.message}</p>;
}
