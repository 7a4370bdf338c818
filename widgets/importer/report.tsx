import { Hint, plural } from "../shared/parts";
import type { ImportLineView, ImportReportView } from "../shared/protocol";
import { held } from "./reducer";
import type { Acts, State } from "./types";

const LISTS: [string, string][] = [
  ["rejected", "What was left out, and why"],
  ["changed", "What was replaced"],
  ["repaired", "What was repaired"],
  ["noted", "What is worth knowing"],
  ["file", "What was found in each file"],
];

/** What an import did, and those before it. */
export function Report({ state, acts }: { state: State; acts: Acts }) {
  const { report, reports } = state.view;
  if (!report) return null;
  const earlier = reports.filter((one) => one.id !== report.id);
  const isLast = reports[0]?.id === report.id || reports.length === 0;
  return (
    <section class="wb-stack wb-part" aria-label="Report">
      <h3>
        {isLast ? "Last import" : "Earlier import"} <span class="wb-small wb-muted wb-when-done">{when(report.when)}</span>
      </h3>
      <Numbers report={report} />
      {report.stopped && <Hint level="warning">It was stopped. What is listed here is in; import the same files again to go on.</Hint>}
      {report.failed && (
        <Hint level="error">
          <span dir="auto">{report.failed}</span>
        </Hint>
      )}
      {report.redacted && <p class="wb-small">Redacted: {report.redacted}.</p>}
      {LISTS.map(([kind, title]) => (
        <Lines key={`${report.id} ${kind}`} title={title} lines={report.lines.filter((one) => one.kind === kind)} open={kind === "rejected"} />
      ))}
      {report.lines_found > report.lines.length && <p class="wb-small wb-muted">and {plural(report.lines_found - report.lines.length, "further line")}</p>}
      {earlier.length > 0 && (
        <details>
          <summary>{plural(earlier.length, "other import")}</summary>
          <ul class="wb-earlier" aria-label="Other imports" tabIndex={0}>
            {earlier.map((one) => (
              <li>
                <button type="button" class="wb-link" disabled={held(state)} onClick={() => acts.report(one.id)}>
                  {when(one.when)}
                </button>{" "}
                <span class="wb-small wb-muted">{one.words}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Numbers({ report }: { report: ImportReportView }) {
  const all: [number, string][] = [
    [report.added, "added"],
    [report.changed, "replaced"],
    [report.unchanged, "unchanged"],
    [report.kept, "kept as they were"],
    [report.rejected, "left out"],
  ];
  const shown = all.filter(([count], place) => place === 0 || count > 0);
  return (
    <dl class="wb-numbers">
      {shown.map(([count, name]) => (
        <div>
          <dd>{count.toLocaleString("en")}</dd>
          <dt class="wb-small wb-muted">{name}</dt>
        </div>
      ))}
    </dl>
  );
}

function Lines({ title, lines, open }: { title: string; lines: ImportLineView[]; open: boolean }) {
  if (lines.length === 0) return null;
  return (
    <details open={open}>
      <summary>
        {title} ({lines.length.toLocaleString("en")})
      </summary>
      <ul class="wb-report-lines" aria-label={title} tabIndex={0}>
        {lines.map(({ name, line, reason }) => (
          <li dir="auto">
            <b>
              <bdi>{name}</bdi>
              {line !== null && `, line ${line.toLocaleString("en")}`}
            </b>{" "}
            {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

export function when(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}
