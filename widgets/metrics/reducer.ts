import { FRAMED } from "../shared/frame";
import type { MetricAsked, MetricHint, MetricSourceForm } from "../shared/protocol";
import type { Action, Run, State, Synced } from "./types";

export function initial(synced: Synced, group = "0"): State {
  return {
    ...synced,
    group,
    seen: synced,
    check: null,
    seed: 0,
    trend: null,
    judge: synced.endpoint ? "endpoint" : "local",
    cost: null,
    run: null,
    busy: "",
    asking: false,
    error: "",
    notice: "",
    ...FRAMED,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return adopt(state, action.synced);
    case "edit":
      return { ...state, notice: "", run: ended(state), form: { ...state.form, ...action.change } };
    case "source":
      return { ...state, notice: "", run: ended(state), form: { ...state.form, source: { ...state.form.source, ...action.change } } };
    case "checked":
      // The answer to an older form would flicker.
      return action.form === state.form ? { ...state, check: action.check } : state;
    case "busy":
      return { ...state, busy: action.what, error: "", notice: "" };
    case "draw":
      return { ...state, seed: state.seed + 1 };
    case "trend":
      return { ...state, trend: action.trend };
    case "judge":
      return { ...state, judge: action.judge, cost: null };
    case "cost":
      return { ...state, cost: action.cost };
    case "asking":
      return { ...state, busy: "ask", error: "", notice: "", run: { total: state.cost?.calls ?? 0, judged: 0, failed: 0, left: state.cost?.calls ?? 0, stopped: "", stopping: false } };
    case "asked":
      return { ...state, run: state.run && added(state.run, action.asked) };
    case "stop":
      return { ...state, run: state.run && { ...state.run, stopping: true } };
    case "ask":
      return { ...state, asking: action.asking };
    case "done":
      return { ...state, busy: "", asking: false, notice: action.notice, error: "" };
    case "failed":
      return { ...state, busy: "", asking: false, error: action.message };
  }
}

/** The kernel's form replaces what is shown only where the kernel changed it, so that typing stays. */
function adopt(state: State, synced: Synced): State {
  const { seen } = state;
  if (synced.metricId !== state.metricId && state.busy !== "save") {
    return { ...initial(synced, state.group), notice: state.notice };
  }
  const form = same(synced.form, seen.form) || same(synced.form, state.form) ? state.form : synced.form;
  return { ...state, ...synced, seen: synced, form };
}

/** What was told of an earlier definition goes when it is edited; what still runs stays. */
function ended(state: State): Run | null {
  return state.busy === "ask" ? state.run : null;
}

function added(run: Run, { judged, failed, left, stopped }: MetricAsked): Run {
  return { ...run, judged: run.judged + judged, failed: run.failed + failed, left, stopped };
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export function isDirty(state: Pick<State, "form" | "saved">): boolean {
  return !same(state.form, state.saved);
}

export function hintsFor(state: Pick<State, "check">, field: string): MetricHint[] {
  return (state.check?.hints ?? []).filter((hint) => hint.field === field);
}

/** The case of each category, so that a category keeps its tracker while others come and go. */
export function trackerOf(source: MetricSourceForm, category: string): string {
  return source.cases.find(([name]) => name === category)?.[1] ?? "";
}

export function withCase(source: MetricSourceForm, categories: string[], category: string, tracker: string): string[][] {
  const known = categories.map((name) => [name, name === category ? tracker : trackerOf(source, name)]);
  return known.filter(([name, one]) => name && one) as string[][];
}
