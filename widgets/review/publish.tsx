import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Hint, Problem, plural } from "../shared/parts";
import { type AskPlan, PASTS, Plan } from "../shared/plan";
import type { ReviewView } from "../shared/protocol";
import { StreamChoice } from "../shared/stream";

interface Props {
  view: ReviewView;
  busy: boolean;
  error: string;
  onPublish: (past: string | null, stream: string | null) => void;
  plan: AskPlan;
  /** What has come of it, once it is published. */
  children?: ComponentChildren;
}

/** How the tracker is put to work. */
export function Publish({ view, busy, error, onPublish, plan, children }: Props) {
  const [past, setPast] = useState<string | null>(null);
  const [stream, setStream] = useState<string | null>(null);
  // Radio buttons of one name exclude each other across the whole page, where another view of this widget may be.
  const [name] = useState(() => `past-${Math.random().toString(36).slice(2)}`);
  return (
    <section class="wb-stack wb-publish" aria-label="Publish">
      <h3>Publish</h3>
      <p class="wb-muted">
        If most of the sentences above fit, publish the tracker: it then runs automatically on new calls. You can {view.phase === "untrained" ? "change" : "train"} it further at any time; what is
        published stays as it is until you publish again.
      </p>
      {view.basic_left > 0 && <Hint level="warning">Basic training has {plural(view.basic_left, "round")} left. Publish after it, for fewer false leads.</Hint>}
      {view.caveat && <Hint level="warning">{view.caveat}</Hint>}
      <fieldset>
        <legend class="wb-small">Which calls should it look at?</legend>
        {PASTS.map(([label, value]) => (
          <label>
            <input type="radio" name={name} checked={past === value} disabled={busy} onChange={() => setPast(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <StreamChoice name={view.tracker} stream={stream} disabled={busy} onChange={setStream} />
      <Plan past={past} of={JSON.stringify([view.tracker, view.estimate, view.published])} ask={plan} />
      <div class="wb-row wb-actions">
        <button type="button" class={`wb-button ${view.published ? "" : "wb-primary"}`} disabled={busy || view.phase === "training"} onClick={() => onPublish(past, stream)}>
          {busy ? "Publishing…" : view.published ? "Publish again" : "Publish"}
        </button>
        <p role="status" dir="auto">
          {view.published}
        </p>
      </div>
      {children}
      {error && <Problem message={error} />}
    </section>
  );
}
