import { useState } from "preact/hooks";
import { Hint, plural } from "../shared/parts";
import { publishable } from "./exchange";
import type { State } from "./reducer";
import { Section } from "./section";
import type { Acts } from "./view";
import { PASTS } from "./words";

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
      <p dir="auto">
        {those.slice(0, NAMED).map((row, at) => (
          <>
            {at > 0 && ", "}
            <bdi>{row.name}</bdi>
          </>
        ))}
        {those.length > NAMED && ` and ${(those.length - NAMED).toLocaleString("en")} more`}
      </p>
      {untrained > 0 && <Hint level="warning">{plural(untrained, "marked tracker")} left out: trackers of examples are trained first.</Hint>}
      {same > 0 && <Hint level="tip">{plural(same, "marked tracker")} left out: published already, and nothing has changed since.</Hint>}
      {asks && <Hint level="tip">Questions that a language model answers take credits, for past calls too.</Hint>}
      <fieldset>
        <legend>Which calls should they look at?</legend>
        {PASTS.map(([label, value]) => (
          <label class="wb-radio">
            <input type="radio" name={name} checked={past === value} disabled={busy} onChange={() => setPast(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <div class="wb-actions">
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
