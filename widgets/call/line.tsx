import { clock } from "../shared/clock";
import { plural, SideBadge } from "../shared/parts";
import { finder, type State } from "./reducer";
import { pieces } from "./search";

export interface LineActions {
  onPick: (at: number) => void;
  onPlay: (at: number) => void;
  onWhole: (at: number) => void;
}

interface Props extends LineActions {
  at: number;
  top: number;
  state: State;
}

/** A sentence, with its speaker where a turn begins. */
export function Line({ at, top, state, onPick, onPlay, onWhole }: Props) {
  const { call, lines, current, marks, hits, query, axis } = state;
  if (!call) return null;
  const line = lines.get(at);
  const here = at === current;
  const found = marks.filter((mark) => mark.at === at);
  const classes = ["wb-line", here && "wb-here", found.length > 0 && "wb-marked", !line && "wb-waiting"];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the widget's root hears the keys for all lines
    <div
      role="listitem"
      class={classes.filter(Boolean).join(" ")}
      style={{ top: `${top}px` }}
      data-at={at}
      tabIndex={here ? 0 : -1}
      aria-posinset={at + 1}
      aria-setsize={axis.times.length}
      aria-current={here ? "true" : undefined}
      onClick={() => onPick(at)}
    >
      {at === 0 || call.turns[at] !== call.turns[at - 1] ? (
        <p class="wb-who wb-small">
          <b dir="auto">{line ? (line.speaker ?? "Unknown speaker") : "…"}</b>
          <SideBadge side={call.sides[at] ?? null} />
        </p>
      ) : null}
      <div class="wb-said">
        <When time={line?.time ?? null} play={call.address && axis.timed ? () => onPlay(at) : null} from={axis.times[at]!} tabIndex={here ? 0 : -1} />
        <div class="wb-words">
          <p dir="auto">{line ? <Text text={line.text} words={hits?.length ? query : ""} /> : "Loading…"}</p>
          {line && line.more > 0 && (
            <button type="button" class="wb-link wb-small" tabIndex={here ? 0 : -1} onClick={() => onWhole(at)}>
              Show {plural(line.more, "more character")}
            </button>
          )}
          {found.map((mark) => (
            <p class="wb-find wb-small">
              <span aria-hidden="true">◆</span> <span dir="auto">{mark.tracker}</span> <span class="wb-muted">· {Math.round(mark.score * 100)}% likely, {finder(mark)}</span>
            </p>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Transcript text, with what was searched for marked. Only ever text. */
export function Text({ text, words }: { text: string; words: string }) {
  return <>{pieces(text, words).map((piece) => (piece.hit ? <mark>{piece.text}</mark> : piece.text))}</>;
}

function When({ time, play, from, tabIndex }: { time: string | null; play: (() => void) | null; from: number; tabIndex: number }) {
  if (!play) return <span class="wb-when wb-small wb-muted">{time}</span>;
  return (
    <button type="button" class="wb-when wb-link wb-small" aria-label={`Play from ${clock(from)}`} tabIndex={tabIndex} onClick={play}>
      <span aria-hidden="true">▸</span> {clock(from)}
    </button>
  );
}
