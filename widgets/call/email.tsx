import { useEffect } from "preact/hooks";
import { plural } from "../shared/parts";
import { type LineActions, Text } from "./line";
import { finder, type State } from "./reducer";

interface Props extends Pick<LineActions, "onPick" | "onWhole"> {
  state: State;
  onRange: (low: number, high: number) => void;
}

/** An e-mail's body: its lines, with each sentence a part that can be marked. */
export function Email({ state, onRange, onPick, onWhole }: Props) {
  const { lines, axis, current, move, marks, hits, query } = state;
  useEffect(() => onRange(0, axis.times.length), [axis]);
  useEffect(() => {
    const part = document.getElementById(partId(state, current));
    if (move.how !== "stay") part?.scrollIntoView({ block: "nearest" });
    if (move.focus) part?.focus({ preventScroll: true });
  }, [move, lines.size]);
  if (lines.size < axis.times.length) return <p role="status">Loading…</p>;
  return (
    <div class="wb-body" role="group" aria-label="Message" tabIndex={0}>
      {paragraphs(state).map((paragraph) => (
        <p dir="auto">
          {paragraph.map((at) => {
            const line = lines.get(at)!;
            const found = marks.filter((mark) => mark.at === at);
            return (
              <>
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the widget's root hears the keys for all parts */}
                {/* biome-ignore lint/a11y/noStaticElementInteractions: it is text, and a click only says which part of it */}
                <span id={partId(state, at)} class={`wb-part ${at === current ? "wb-here" : ""} ${found.length ? "wb-marked" : ""}`} data-at={at} tabIndex={-1} onClick={() => onPick(at)}>
                  <Text text={line.text} words={hits?.length ? query : ""} />
                </span>
                {line.more > 0 && (
                  <button type="button" class="wb-link wb-small" onClick={() => onWhole(at)}>
                    Show {plural(line.more, "more character")}
                  </button>
                )}
                {found.map((mark) => (
                  <span class="wb-find wb-small">
                    {" "}
                    <span aria-hidden="true">◆</span> <span dir="auto">{mark.tracker}</span> <span class="wb-muted">· {finder(mark)}</span>
                  </span>
                ))}{" "}
              </>
            );
          })}
        </p>
      ))}
    </div>
  );
}

/** Sender, recipients, subject and date. */
export function EmailHead({ state }: { state: State }) {
  const { call, lines } = state;
  if (!call) return null;
  const sender = lines.get(0)?.speaker ?? null;
  const named = (one: { name: string; email: string | null }) => (one.email && one.email !== one.name ? `${one.name} <${one.email}>` : one.name);
  const from = call.parties.find((one) => one.name === sender);
  const rows: [string, string][] = [
    ["From", from ? named(from) : (sender ?? "Unknown sender")],
    ["To", call.parties.filter((one) => one !== from).map(named).join(", ") || "Unknown recipients"],
    ["Date", call.date ?? "Unknown date"],
  ];
  return (
    <dl class="wb-inset wb-envelope">
      {rows.map(([name, value]) => (
        <div>
          <dt class="wb-muted">{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Sentences by line: one begins where the text has a new line, or with a new turn. */
export function paragraphs({ call, axis }: Pick<State, "call" | "axis">): number[][] {
  const breaks = new Set(call?.breaks ?? []);
  const out: number[][] = [];
  axis.times.forEach((_, at) => {
    const begins = at === 0 || breaks.has(at) || call?.turns[at] !== call?.turns[at - 1];
    if (begins) out.push([at]);
    else out.at(-1)!.push(at);
  });
  return out;
}

function partId(state: State, at: number): string {
  return `wb-part-${state.place.visit}-${at}`;
}
