import { useState } from "preact/hooks";
import { Hint, plural } from "../shared/parts";
import { PASTS, PlanBox, PlanText, usePlan } from "../shared/plan";
import type { ManagedView } from "../shared/protocol";
import { inCredits } from "../shared/words";
import { publishable } from "./exchange";
import { Section } from "./section";
import type { Acts, State } from "./types";

const NAMED = 10;

/** Puts all that are marked to work, those that can be; each by itself, so that one that fails stops no other. */
export function PublishMany({ state, acts }: { state: State; acts: Acts }) {
  const [past, setPast] = useState<string | null>(null);
  const [name] = useState(() => `past-${Math.random().toString(36).slice(2)}`);
  const marked = state.rows.filter((row) => state.picked[row.id]);
  const { ids, untrained, same } = publishable(marked, state.standing);
  const those = marked.filter((row) => ids.includes(row.id));
  const busy = ids.some((id) => state.busy[id]);
  const asks = those.some((row) => row.kind === "question");
  return (
    <Section what="publish_many" title={`Publish ${plural(ids.length, "tracker")}`} acts={acts}>
      {untrained > 0 && <Hint level="warning">{plural(untrained, "marked tracker")} left out: train trackers of examples first.</Hint>}
      {same > 0 && <Hint level="tip">{plural(same, "marked tracker")} left out: already published, and nothing has changed.</Hint>}
      {asks && <Hint level="tip">Questions answered by a language model use credits, for past calls too.</Hint>}
      <fieldset>
        <legend>Which calls should they look at?</legend>
        {PASTS.map(([label, value]) => (
          <label class="wb-radio">
            <input type="radio" name={name} checked={past === value} disabled={busy} onChange={() => setPast(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <Plans rows={those} past={past} acts={acts} />
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button wb-primary" disabled={busy || ids.length === 0} onClick={() => acts.publishMany(ids, past)}>
          {busy ? "Publishing…" : `Publish ${ids.length.toLocaleString("en")}`}
        </button>
        <button type="button" class="wb-button" disabled={busy} onClick={() => acts.dispatch({ type: "section", what: "publish_many" })}>
          Not now
        </button>
      </div>
    </Section>
  );
}

/** What publishing each of the first would do, and what all of them take. */
function Plans({ rows, past, acts }: { rows: ManagedView[]; past: string | null; acts: Acts }) {
  const ids = rows.map((row) => row.id);
  const told = usePlan(JSON.stringify([past, rows.map((row) => [row.id, row.stamp])]), (signal) => acts.plan(ids, past, signal));
  const plans = told?.plan;
  const all = plans ? Object.values(plans) : [];
  const takes = all.reduce((sum, one) => sum + one.credits, 0);
  const balance = all.find((one) => one.balance !== null)?.balance ?? null;
  return (
    <PlanBox told={told}>
      <ul class="wb-plans">
        {rows.slice(0, NAMED).map((row) => (
          <li key={row.id}>
            <b dir="auto">{row.name}</b>
            {plans?.[row.id] && <PlanText plan={plans[row.id]!} />}
          </li>
        ))}
      </ul>
      {rows.length > NAMED && <p class="wb-muted">and {(rows.length - NAMED).toLocaleString("en")} more.</p>}
      {balance !== null && takes > 0 && (
        <Hint level={takes > balance ? "warning" : "tip"}>
          Together, past calls cost {inCredits(takes, 2)}; there are {count(balance)}.
        </Hint>
      )}
    </PlanBox>
  );
}

function count(credits: number): string {
  return credits.toLocaleString("en", { maximumFractionDigits: 2 });
}
