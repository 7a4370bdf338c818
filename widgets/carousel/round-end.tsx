import { Hint } from "../shared/parts";
import type { ChangeView, RoundEndView } from "../shared/protocol";
import { shareInWords } from "../shared/words";
import { Counts } from "./counts";
import { lastRound } from "./foot";
import type { Key, State } from "./reducer";

interface Props {
  end: RoundEndView;
  state: State;
  press: (key: Key) => void;
  setStraightOn: (on: boolean) => void;
}

/** What a round brought and what to do next. It takes a card's place; the next round is loaded already. */
export function RoundEnd({ end, state, press, setStraightOn }: Props) {
  const { view, cards, finds, straightOn } = state;
  const left = view.phase === "exhausted" ? 0 : cards.length;
  return (
    <article class="wb-card wb-round-end" aria-label={`Round ${end.round} is done`}>
      <h3>Round {end.round} is done</h3>
      <Counts counts={end} />
      <dl class="wb-changes" aria-label="What changed in all your calls">
        <Change name="Precision" change={end.precision} />
        <Change name="Hit rate" change={end.hit_rate} />
      </dl>
      {end.advice.map((text) => (
        <Hint level="tip">{text}</Hint>
      ))}
      <p class="wb-small wb-muted">{left > 0 ? lastRound({ ...view, summary: null }) : view.message}</p>
      <div class="wb-row wb-end-actions">
        {left > 0 && (
          <button type="button" class="wb-button wb-primary" aria-keyshortcuts="Enter" onClick={() => press("next")}>
            Next round ({left}) <kbd aria-hidden="true">Enter</kbd>
          </button>
        )}
        <button type="button" class="wb-button" aria-keyshortcuts="F" aria-expanded={finds !== null} disabled={finds !== null} onClick={() => press("finds")}>
          {finds === "asked" ? "Looking…" : "See what it finds"} <kbd aria-hidden="true">F</kbd>
        </button>
        {left > 0 && (
          <label class="wb-row wb-small">
            <input type="checkbox" checked={straightOn} onChange={(event) => setStraightOn(event.currentTarget.checked)} />
            From now on, start the next round at once
          </label>
        )}
      </div>
      {Array.isArray(finds) && <Finds finds={finds} />}
    </article>
  );
}

function Change({ name, change: { before, now, said } }: { name: string; change: ChangeView }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {now && (
          <>
            {before && <span class="wb-muted">{shareInWords(before)} → </span>}
            <b>{shareInWords(now)}</b>
            <span class="wb-muted"> · </span>
          </>
        )}
        <span class={now ? "" : "wb-muted"}>{now ? said : `${said.charAt(0).toUpperCase()}${said.slice(1)}`}</span>
      </dd>
    </div>
  );
}

function Finds({ finds }: { finds: Exclude<State["finds"], "asked" | null> }) {
  if (finds.length === 0) return <p class="wb-small">It would find nothing new now.</p>;
  return (
    <ul class="wb-end-finds" aria-label="What it would find now">
      {finds.map((card) => (
        <li dir="auto">
          {card.text}{" "}
          <span class="wb-small wb-muted">
            {card.speaker} · {card.title ?? "Untitled call"}
          </span>
        </li>
      ))}
    </ul>
  );
}
