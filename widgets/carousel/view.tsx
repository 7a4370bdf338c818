import { Empty, Problem } from "../shared/parts";
import type { CarouselView } from "../shared/protocol";
import { Untrained } from "../shared/untrained";
import { Answers } from "./answers";
import { Card } from "./card";
import { Foot } from "./foot";
import { Progress } from "./progress";
import type { Key, State } from "./reducer";
import { ended, shown } from "./reducer";
import { RoundEnd } from "./round-end";
import { Stage } from "./stage";
import { Training } from "./training";

/** Of all that stands between the head and the foot of the widget. */
const MOST_PX = 900;

interface Props {
  state: State;
  press: (key: Key) => void;
  retry: () => void;
  onStop: () => void;
  setStraightOn: (on: boolean) => void;
}

export function Carousel({ state, press, retry, onStop, setStraightOn }: Props) {
  const { view, error } = state;
  const answered = Object.keys(view.answers).length;
  return (
    <>
      <header class="wb-head">
        <h2 dir="auto">{view.tracker || "Tagging"}</h2>
        <span class="wb-saved wb-small">{state.slow ? "Waiting for the kernel…" : answered > 0 ? `✓ ${answered} saved` : ""}</span>
      </header>
      {error && <Problem message={error} retry={view.phase === "failed" || state.cards.length === 0 || /lost/.test(error) ? retry : undefined} />}
      <Body state={state} press={press} onStop={onStop} setStraightOn={setStraightOn} />
      <div class="wb-hidden" aria-live="polite">
        {state.slow ? "Waiting for the kernel." : state.spoken}
      </div>
    </>
  );
}

/** What counts as a yes, at hand while sentences are judged. */
function Guide({ view }: { view: CarouselView }) {
  const { about, examples } = view;
  if (!about && examples.length === 0) return null;
  return (
    <details class="wb-guide wb-small">
      <summary>What counts as a yes</summary>
      {about && <p dir="auto">{about}</p>}
      {examples.length > 0 && (
        <ul class="wb-muted" aria-label="Examples">
          {examples.map((text) => (
            <li dir="auto">“{text}”</li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Body({ state, press, onStop, setStraightOn }: Omit<Props, "retry">) {
  const { view } = state;
  const end = ended(state);
  if (view.phase === "nothing")
    return <Empty title="No tracker yet"><p class="wb-muted">Choose or save a tracker above to see its first sentences here.</p></Empty>;
  if (view.phase === "untrained") return <Untrained message={view.message} />;
  if (view.phase === "exhausted" && end) return <RoundEnd end={end} state={state} press={press} setStraightOn={setStraightOn} />;
  if (view.phase === "exhausted")
    return <Empty title="Nothing left to tag"><p class="wb-muted">{view.message || "Every sentence that matches the filters has an answer."}</p></Empty>;
  const card = shown(state);
  if (!card) {
    if (state.error) return <Empty title="No sentences to show"><p class="wb-muted">See the message above.</p></Empty>;
    return (
      <div class="wb-loading" role="status">
        <p>Finding sentences to ask about…</p>
        <p class="wb-muted wb-small">This can take a few seconds the first time in a session.</p>
      </div>
    );
  }
  return (
    <Stage grows={!state.panel && !end} most={MOST_PX}>
      {end ? (
        <RoundEnd end={end} state={state} press={press} setStraightOn={setStraightOn} />
      ) : (
        <div class="wb-asking">
          <Guide view={view} />
          <Progress state={state} />
          <Stage grows={!state.panel}>
            {view.phase === "training" ? <Training state={state} /> : <Card key={card.sentence_id} card={card} state={state} press={press} />}
          </Stage>
          <Answers state={state} press={press} />
          <Foot state={state} onStop={onStop} setStraightOn={setStraightOn} />
        </div>
      )}
    </Stage>
  );
}
