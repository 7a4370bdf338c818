import { Component } from "preact";
import { plural, SideBadge } from "../shared/parts";
import type { LivePartyView, LiveTurnView } from "../shared/protocol";
import { type Find, hue, pieces } from "./marks";

interface Props {
  turn: LiveTurnView;
  total: number;
  finds: Find[];
  party: LivePartyView | undefined;
  /** The turn before is the same person's. */
  goesOn: boolean;
  trackers: readonly string[];
  /** The find from which the person came here; empty elsewhere. */
  from: string;
  whole: (turn: number) => void;
}

/** A turn. Of a long call only the few rows are drawn again that news change. */
export class Row extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((name) => name !== "total" && next[name] !== this.props[name]);
  }

  render() {
    const { turn, finds, from, goesOn } = this.props;
    const classes = ["wb-turn", !turn.final && "wb-guess", from && "wb-here", finds.length > 0 && "wb-marked"];
    return (
      <div role="listitem" class={classes.filter(Boolean).join(" ")} data-turn={turn.turn} data-from={from || undefined} tabIndex={-1}>
        {!goesOn && <Speaker {...this.props} />}
        <div class="wb-said">
          <span class="wb-when wb-small wb-muted">{turn.time}</span>
          <div class="wb-words">
            <Words {...this.props} />
          </div>
        </div>
      </div>
    );
  }
}

function Speaker({ turn, party }: Props) {
  return (
    <p class="wb-who wb-small">
      <b dir="auto">{party?.name ?? turn.party ?? "Unknown speaker"}</b>
      <SideBadge side={party?.side ?? null} />
    </p>
  );
}

function Words({ turn, finds, trackers, whole }: Props) {
  return (
    <>
      <p dir="auto">
        {pieces(turn.text, finds).map(({ text, finds: around, ends }) => (
          <>
            {around.length > 0 ? <mark class={`wb-hue-${hue(trackers, around[0]!.tracker)}`}>{text}</mark> : text}
            {ends.map((find) => (
              <>
                {" "}
                <span class={`wb-tag wb-hue-${hue(trackers, find.tracker)}`}>
                  <span class="wb-hidden">found by </span>
                  <span dir="auto">{find.tracker}</span>
                </span>
              </>
            ))}
          </>
        ))}
        {!turn.final && <span class="wb-still"> still a guess</span>}
      </p>
      {turn.more > 0 && (
        <button type="button" class="wb-link wb-small" onClick={() => whole(turn.turn)}>
          Show {plural(turn.more, "more character")}
        </button>
      )}
    </>
  );
}
