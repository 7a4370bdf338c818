import { Problem, plural } from "../shared/parts";
import type { ManagedView, TrackerRef } from "../shared/protocol";
import type { Acts } from "./types";
import { day, kindName, namesOf } from "./words";

/** What was just deleted, for as long as nobody dismisses it. */
export function Undo({ gone, acts }: { gone: TrackerRef[]; acts: Acts }) {
  return (
    <div class="wb-undo">
      <p dir="auto">Deleted {namesOf(gone.map((one) => one.name))}.</p>
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button wb-small" aria-keyshortcuts="Z" onClick={() => acts.act("restore", gone.map((one) => one.id))}>
          Undo
        </button>
        <button type="button" class="wb-link wb-small" onClick={acts.dismiss}>
          Dismiss
        </button>
      </div>
    </div>
  );
}

interface Props {
  rows: ManagedView[];
  busy: Record<string, string>;
  errors: Record<string, string>;
  acts: Acts;
}

/** What can still be restored, newest first. */
export function Deleted({ rows, busy, errors, acts }: Props) {
  return (
    <details class="wb-deleted">
      <summary>Recently deleted ({plural(rows.length, "tracker")})</summary>
      <ul>
        {rows
          .slice()
          .reverse()
          .map((row) => (
            <li key={row.id}>
              <p>
                <bdi>{row.name}</bdi>{" "}
                <span class="wb-small wb-muted">
                  {kindName(row.kind)}, created {day(row.created)}
                </span>
              </p>
              <button type="button" class="wb-button wb-small" disabled={Boolean(busy[row.id])} aria-label={`Restore ${row.name}`} onClick={() => acts.act("restore", [row.id])}>
                Restore
              </button>
              {errors[row.id] && <Problem message={errors[row.id] ?? ""} />}
            </li>
          ))}
      </ul>
    </details>
  );
}
