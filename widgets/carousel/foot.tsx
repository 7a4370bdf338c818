import { plural } from "../shared/parts";
import type { CarouselView } from "../shared/protocol";
import { Tuning } from "../shared/tuning";
import { paceInWords } from "./pace";
import type { State } from "./reducer";

/** One quiet line: what the round before brought, then how fast it goes; and fine-tuning while it runs. */
export function Foot({ state, onStop, setStraightOn }: { state: State; onStop: () => void; setStraightOn: (on: boolean) => void }) {
  const { view, tuning, straightOn } = state;
  const begun = Object.keys(view.answers).length > 0;
  return (
    <footer class="wb-foot wb-small wb-muted">
      {view.news && <p dir="auto">{view.news}</p>}
      <p>{begun ? paceInWords(state.times, state.cards, view) : lastRound(view)}</p>
      {straightOn && !begun && view.phase === "tagging" && (
        <button type="button" class="wb-link" onClick={() => setStraightOn(false)}>
          Show what each round brought
        </button>
      )}
      {tuning?.running && <Tuning tuning={tuning} onStop={onStop} />}
    </footer>
  );
}

/** What the round before brought and what comes, until the new round has its first answer. */
export function lastRound({ summary, round, rounds_done, basic_rounds }: CarouselView): string {
  if (rounds_done === 0) return "";
  const counts = summary?.round === round - 1 ? `Round ${summary.round} done: ${summary.yes} yes, ${summary.no} no, ${summary.not_sure} not sure. ` : "";
  if (rounds_done < basic_rounds) return `${counts}${plural(basic_rounds - rounds_done, "round")} to go in basic training.`;
  if (rounds_done === basic_rounds) return `${counts}Basic training is done: see how well it does. More rounds are welcome.`;
  return `${counts}See how well it does, and stop when it is good enough.`;
}
