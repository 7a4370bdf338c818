import { Bar, plural } from "../shared/parts";
import type { CardView, PublishedRunView } from "../shared/protocol";

interface Props {
  run: PublishedRunView;
  /** Some of what was found, once asked for. */
  found: CardView[] | null;
  busy: boolean;
  canEdit: boolean;
  stop: () => void;
  see: () => void;
  call: (card: CardView) => void;
}

/** What comes after publishing: how far it is with past calls, and the way to what was found. */
export function After({ run, found, busy, canEdit, stop, see, call }: Props) {
  const { running, done, total } = run;
  return (
    <div class="wb-stack wb-inset wb-after">
      {running && (
        <div class="wb-row">
          <p role="status">
            Reading past calls: {done.toLocaleString("en")} of {total.toLocaleString("en")}
          </p>
          {canEdit && (
            <button type="button" class="wb-button wb-small" onClick={stop}>
              Cancel
            </button>
          )}
        </div>
      )}
      {running && <Bar fraction={total ? done / total : 0} label="Reading past calls" />}
      {run.stopped && (
        <p>
          {done.toLocaleString("en")} of {plural(total, "past call")} were read. {run.stopped}
        </p>
      )}
      <div class="wb-row">
        <p role="status">
          <b>{run.found.toLocaleString("en")}</b> found{running && " so far"}
        </p>
        <button type="button" class={`wb-button ${running || found ? "" : "wb-primary"}`} disabled={busy || run.found === 0} onClick={see}>
          {found ? "Look again" : "See them"}
        </button>
      </div>
      {found && (
        <ul class="wb-found" aria-label="What it has found">
          {found.map((card) => (
            <li key={card.sentence_id}>
              <p dir="auto">{card.text}</p>
              <p class="wb-small wb-muted">
                <bdi>{[card.speaker, card.title ?? "Untitled call", card.date].filter(Boolean).join(" · ")}</bdi>{" "}
                <button type="button" class="wb-link wb-small" onClick={() => call(card)}>
                  Go to call
                </button>
              </p>
            </li>
          ))}
          {run.found > found.length && <li class="wb-small wb-muted">and {(run.found - found.length).toLocaleString("en")} more, on the tracker's dashboard: run “workbench dashboards”.</li>}
        </ul>
      )}
    </div>
  );
}
