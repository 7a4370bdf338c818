import type { MetricPoint, MetricTrend } from "../shared/protocol";

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** A row a month: the share as a bar, its 95% interval as a line over it, and the figures in words. */
export function Trend({ trend, saved }: { trend: MetricTrend | null; saved: boolean }) {
  const partial = trend?.points.some((point) => point.partial > 0) ?? false;
  const leftOut = trend?.points.some((point) => point.left_out > 0) ?? false;
  return (
    <section class="wb-part" aria-label="Over time">
      <h3>Over time</h3>
      {!saved && <p class="wb-muted">Save the metric to see its trend.</p>}
      {saved && trend && trend.points.length === 0 && <p class="wb-muted">No calls with a date yet.</p>}
      {saved && trend && trend.points.length > 0 && (
        <>
          <div class="wb-scroll" tabIndex={0} role="region" aria-label="Shares by month">
            <table class="wb-trend">
              <caption class="wb-hidden">Share of calls with the value {trend.value}, by month</caption>
              <thead>
                <tr>
                  <th scope="col">Month</th>
                  <th scope="col" dir="auto">
                    {trend.value}
                  </th>
                  <th scope="col">Likely range</th>
                  <th scope="col">Of calls</th>
                  {partial && <th scope="col">Partial</th>}
                  {leftOut && <th scope="col">Does not apply</th>}
                  <th scope="col">Not known</th>
                </tr>
              </thead>
              <tbody>
                {trend.points.map((point) => (
                  <Row point={point} partial={partial} leftOut={leftOut} />
                ))}
              </tbody>
            </table>
          </div>
          {trend.notes.map((note) => (
            <p class="wb-muted wb-small">{note}</p>
          ))}
        </>
      )}
    </section>
  );
}

function Row({ point, partial, leftOut }: { point: MetricPoint; partial: boolean; leftOut: boolean }) {
  const { share, low, high } = point;
  return (
    <tr>
      <th scope="row">{point.month}</th>
      <td>
        {share === null || low === null || high === null ? (
          <span class="wb-muted">Can't tell</span>
        ) : (
          <span class="wb-share">
            <span class="wb-share-figure">{percent(share)}</span>
            <span class="wb-track" aria-hidden="true">
              <span class="wb-track-bar" style={{ width: `${share * 100}%` }} />
              <span class="wb-track-range" style={{ insetInlineStart: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
            </span>
          </span>
        )}
      </td>
      <td>{low === null || high === null ? "" : `${percent(low)} to ${percent(high)}`}</td>
      <td>{point.known}</td>
      {partial && <td>{point.partial}</td>}
      {leftOut && <td>{point.left_out}</td>}
      <td>{point.unknown}</td>
    </tr>
  );
}
