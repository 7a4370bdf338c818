import type { IntervalView, MeasureView, RoundView } from "../shared/protocol";
import { CANT_TELL, percent, toldInWords } from "../shared/words";

export function Table({ rounds, fell }: { rounds: RoundView[]; fell: number[] }) {
  return (
    <details>
      <summary>The numbers as a table</summary>
      <div class="wb-scroll" tabIndex={0} role="region" aria-label="Estimates by round">
        <table>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Round
              </th>
              <th scope="col" rowSpan={2}>
                Answers so far
              </th>
              <th scope="colgroup" colSpan={2}>
                Precision
              </th>
              <th scope="colgroup" colSpan={2}>
                Hit rate
              </th>
            </tr>
            <tr>
              {["p", "h"].flatMap((group) => [
                <th scope="col" key={`${group}1`}>
                  Your tags
                </th>,
                <th scope="col" key={`${group}2`}>
                  Your calls
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            {rounds.map((round) => (
              <tr>
                <th scope="row">
                  {round.round}
                  {round.review && <span class="wb-muted"> review</span>}
                  {fell.includes(round.round) && (
                    <span class="wb-fell" title="A number fell here: each round is tested on other, often harder sentences.">
                      {" "}
                      ↓<span class="wb-hidden"> a number fell: each round is tested on other, often harder sentences</span>
                    </span>
                  )}
                </th>
                <td>
                  {round.tags} ({round.yes} yes)
                  {round.stale && <span class="wb-muted"> out of date: {round.stale}</span>}
                </td>
                <Cells measure={round.precision} told={round.quality.precision} />
                <Cells measure={round.hit_rate} told={round.quality.hit_rate} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Cells({ measure, told }: { measure: MeasureView; told: IntervalView | null }) {
  const { heldout, spread } = measure;
  return (
    <>
      <td>{heldout === null ? CANT_TELL : `${percent(heldout)}${spread === null ? "" : ` ± ${Math.round(spread * 100)}`}`}</td>
      <td>{toldInWords(told)}</td>
    </>
  );
}
