import type { AssessmentView, EstimateView, IntervalView, ManagedView, RunView, StandingView } from "../shared/protocol";
import { CLOSED, initial, reduce } from "../table/reducer";
import type { Action, State, Synced } from "../table/types";

export const row = (number: number, changes: Partial<ManagedView> = {}): ManagedView => ({
  id: `t${number}`,
  name: `Tracker ${number}`,
  description: "",
  kind: "example",
  state: "active",
  paused: "",
  created: `2026-01-${String(1 + (number % 28)).padStart(2, "0")}T00:00:00+00:00`,
  stamp: 1,
  ...changes,
});
/** As the kernel words it; the numbers are those that may be told. */
export const assessed = (precision: IntervalView | null, hit_rate: IntervalView | null, changes: Partial<AssessmentView> = {}): AssessmentView => ({
  badge: precision || hit_rate ? "fair" : "not measured",
  sentence: precision || hit_rate ? "Of 10 sentences it finds, about 8 are right." : "How well it does is not known yet.",
  precision,
  hit_rate,
  basis: "all calls",
  stale: "",
  ...changes,
});
export const share = (point: number, tells = true): EstimateView => {
  const corpus = { low: point - 0.1, point, high: point + 0.1, tells };
  const measure = { heldout: point, spread: 0.1, corpus };
  return { tags: 100, precision: measure, hit_rate: measure, quality: assessed(tells ? corpus : null, tells ? corpus : null) };
};
export const run = (state: RunView["state"], changes: Partial<RunView> = {}): RunView => ({ state, done: 30, total: 120, found: 5, found_by: [], fraction: 0.25, message: "", last_run: null, past: "1 month", waiting: "", unjudged: 0, here: true, ...changes });
export const standing = (number: number, changes: Partial<StandingView> = {}): StandingView => ({ id: `t${number}`, stamp: 1, version: 1, unpublished: [], estimate: null, estimated: null, quality: changes.estimate?.quality ?? assessed(null, null), run: null, error: "", ...changes });
export const kernel = (rows: ManagedView[], changes: Partial<Synced> = {}): Synced => ({ rows, deleted: [], gone: [], panel: CLOSED, phase: "idle", trackerId: "", canEdit: true, error: "", ...changes });
export const some = (count: number) => Array.from({ length: count }, (_, number) => row(number));
export const play = (state: State, ...actions: Action[]) => actions.reduce(reduce, state);
export const start = (rows = some(3), changes: Partial<Synced> = {}) => initial(kernel(rows, changes));
