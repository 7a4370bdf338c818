import { Field, plural } from "../shared/parts";
import type { ClosenessView } from "../shared/protocol";
import { Count, Seen } from "./finds";
import { settingsOf } from "./kinds";
import type { Action, State } from "./types";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  call: (conversationId: string, sentenceId: string) => void;
}

/** How close a match must be: what is just found and just not found at each setting shows at once. */
export function Closeness({ state, dispatch, call }: Props) {
  const { finds, finding } = state;
  const { closeness } = settingsOf(state.form);
  const settings = finds?.settings ?? [];
  const at = nearestTo(settings, closeness);
  const here = settings[at];
  if (!here)
    return (
      <p class="wb-muted" role="status">
        {finds?.note || (finding || finds?.pending ? "Comparing your calls with the vocabulary… This takes a few seconds the first time." : "Add a phrase first to see what it finds.")}
      </p>
    );
  return (
    <section class="wb-stack wb-panel wb-closeness" aria-label="How close a match must be">
      <Field label={<>How close must a sentence be? {closeness.toFixed(2)}</>}>
        <input
          type="range"
          min={0}
          max={settings.length - 1}
          value={at}
          aria-valuetext={`${here.closeness.toFixed(2)}: finds ${plural(here.sentences, "sentence")} in ${plural(here.calls, "call")}`}
          onInput={(event) => dispatch({ type: "set", change: { closeness: settings[Number(event.currentTarget.value)]!.closeness } })}
        />
      </Field>
      <Heights settings={settings} at={at} />
      <p class="wb-ends wb-small wb-muted" aria-hidden="true">
        <span>Finds more, with more mistakes</span>
        <span>Finds less, with fewer mistakes</span>
      </p>
      <p role="status">
        <Count sentences={here.sentences} calls={here.calls} state={state} /> {finds?.note}
      </p>
      <div class="wb-around">
        <div>
          <h4>Just found</h4>
          {here.above.length > 0 ? <Seen sentences={here.above} call={call} scored /> : <p class="wb-small wb-muted">No sentence is this close.</p>}
        </div>
        <div>
          <h4>Just not found</h4>
          {here.below.length > 0 ? <Seen sentences={here.below} call={call} scored /> : <p class="wb-small wb-muted">Everything is found.</p>}
        </div>
      </div>
      <p class="wb-small wb-muted">If the sentences on the left don't fit, move right. If those on the right do fit, move left.</p>
    </section>
  );
}

/** The number of finds at each setting, as bars under the dial. */
function Heights({ settings, at }: { settings: ClosenessView[]; at: number }) {
  const most = Math.max(1, ...settings.map((one) => one.sentences));
  const width = 100 / settings.length;
  return (
    <svg class="wb-heights" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      {settings.map((one, place) => {
        const height = one.sentences === 0 ? 0 : Math.max(0.8, 20 * Math.sqrt(one.sentences / most));
        return <rect class={place === at ? "wb-height-here" : ""} x={place * width + 0.6} width={width - 1.2} y={20 - height} height={height} />;
      })}
    </svg>
  );
}

/** The place of the setting that is nearest to a closeness; -1 where there is none. */
export function nearestTo(settings: ClosenessView[], closeness: number): number {
  const far = settings.map((one) => Math.abs(one.closeness - closeness));
  return far.indexOf(Math.min(...far));
}
