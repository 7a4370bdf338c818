import { type Find, hue } from "./marks";
import type { Props, State } from "./types";

const MOMENT_MS = 6_000; // for which what is withdrawn stays in the list

/** What was found, the newest first. */
export function Finds(props: Props) {
  const { state, acts } = props;
  const all = [...state.shown.finds.values()].reverse();
  const gone = all.filter((find) => find.gone !== null).length;
  const listed = all.filter((find) => (!state.tracker || find.tracker === state.tracker) && (find.gone === null || state.withdrawn || state.now - find.gone < MOMENT_MS));
  return (
    <section class="wb-pane wb-finds" aria-label="Finds">
      <div class="wb-pane-head">
        <h3>Finds</h3>
        {gone > 0 && (
          <button type="button" class="wb-link wb-small" aria-pressed={state.withdrawn} onClick={() => acts.dispatch({ type: "withdrawn" })}>
            {state.withdrawn ? "Hide" : "Show"} {gone} withdrawn
          </button>
        )}
      </div>
      <Trackers {...props} />
      {listed.length === 0 ? (
        <p class="wb-muted wb-none">{nothing(state)}</p>
      ) : (
        <ul class="wb-list">
          {listed.slice(0, state.most).map((find) => (
            <Item key={find.find} find={find} {...props} />
          ))}
          {listed.length > state.most && (
            <li>
              <button type="button" class="wb-link wb-small" onClick={() => acts.dispatch({ type: "more" })}>
                Show earlier matches ({(listed.length - state.most).toLocaleString("en")})
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function nothing({ shown, tracker }: State): string {
  if (tracker) return "This tracker has no current matches.";
  if (!shown.watching && shown.call?.state === "live") return "Preparing the trackers…";
  if (shown.watching?.length) return shown.call?.state === "live" ? "Nothing yet." : "Nothing found.";
  return shown.call?.state === "live" ? "No tracker reads live calls. Publish one first." : "No tracker read this call.";
}

/** Each tracker with the number of its finds, which also says which colour is whose. */
function Trackers({ state, acts }: Props) {
  const { shown } = state;
  const counts = new Map<string, number>();
  for (const find of shown.finds.values()) if (find.gone === null) counts.set(find.tracker, (counts.get(find.tracker) ?? 0) + 1);
  const names = shown.trackers.filter((name) => counts.has(name) || shown.watching?.includes(name));
  if (names.length === 0) return null;
  return (
    <div class="wb-trackers" role="group" aria-label="Show only matches of">
      {names.map((name) => (
        <button type="button" class={`wb-chip wb-small wb-hue-${hue(shown.trackers, name)}`} aria-pressed={state.tracker === name} onClick={() => acts.dispatch({ type: "tracker", tracker: name })}>
          <span class="wb-dot" aria-hidden="true" />
          <span dir="auto">{name}</span>
          <span class="wb-count">{(counts.get(name) ?? 0).toLocaleString("en")}</span>
        </button>
      ))}
    </div>
  );
}

function Item({ find, state, acts }: Props & { find: Find }) {
  const { shown } = state;
  const turn = shown.turns[find.turn];
  const speaker = turn?.party == null ? null : (shown.parties.get(turn.party)?.name ?? turn.party);
  const gone = find.gone !== null;
  const mark = gone ? "Withdrawn" : find.provisional ? "Guess" : "";
  return (
    <li class={`wb-found wb-hue-${hue(shown.trackers, find.tracker)} ${gone ? "wb-gone" : find.provisional ? "wb-guess" : ""}`}>
      <button type="button" data-find={find.find} onClick={() => acts.dispatch({ type: "go", turn: find.turn, find: find.find })}>
        <span class="wb-found-head wb-small">
          <b dir="auto">{find.tracker}</b>
          {mark && <span class="wb-find-mark">{mark}</span>}
        </span>
        <span class="wb-quote" dir="auto">
          {gone ? <s>{find.text}</s> : find.text}
        </span>
        <span class="wb-small wb-muted" dir="auto">
          {[speaker, find.time].filter(Boolean).join(" · ")}
        </span>
      </button>
    </li>
  );
}
