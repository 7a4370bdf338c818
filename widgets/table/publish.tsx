import { useState } from "preact/hooks";
import { Hint, plural } from "../shared/parts";
import { PASTS, Plan } from "../shared/plan";
import type { ChangesView, ManagedView, SightView, StandingView } from "../shared/protocol";
import { Measures } from "../shared/quality";
import { StreamChoice } from "../shared/stream";
import { Context, Who } from "../shared/talk";
import type { Acts, Preview, State, Which } from "./types";
import { partsInWords } from "./words";

const FIRST = 20;

interface Props {
  row: ManagedView;
  standing: StandingView | undefined;
  state: State;
  acts: Acts;
}

/** How a tracker is put to work, what stays and is read, and what would be found in the calls that were read. */
export function Publish({ row, standing, state, acts }: Props) {
  const { id } = row;
  const [past, setPast] = useState<string | null>(null);
  const [stream, setStream] = useState<string | null>(null);
  // Radio buttons of one name exclude each other across the whole page, where another view of this widget may be.
  const [name] = useState(() => `past-${Math.random().toString(36).slice(2)}`);
  const busy = state.busy[id] === "publish";
  const version = inUse(row, standing);
  return (
    <section class="wb-stack wb-panel wb-sub" aria-label="Publish">
      <h3 dir="auto">Publish “{row.name}”</h3>
      {version === null ? (
        <p class="wb-muted">It then runs automatically on new calls. You can train and edit it further at any time; the published version stays as it is until you publish again.</p>
      ) : (
        <Difference id={id} version={version} unpublished={standing?.unpublished ?? []} preview={state.previews[id]} standing={standing} acts={acts} />
      )}
      <fieldset>
        <legend>Which calls should it look at?</legend>
        {PASTS.map(([label, value], at) => (
          <label class="wb-radio">
            <input type="radio" name={name} checked={past === value} disabled={busy} data-first={at === 0 ? "" : undefined} onChange={() => setPast(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <StreamChoice name={row.name} stream={stream} disabled={busy} onChange={setStream} />
      <Plan past={past} of={`${id} ${row.stamp} ${standing?.run?.state}`} ask={(chosen, signal) => acts.plan([id], chosen, signal).then((plans) => plans[id]!)} />
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button wb-primary" disabled={Boolean(state.busy[id])} onClick={() => acts.publish(id, past, stream)}>
          {busy ? "Publishing…" : "Publish"}
        </button>
        <button type="button" class="wb-button" disabled={busy} onClick={() => acts.dispatch({ type: "panel", id, what: "actions" })}>
          Not now
        </button>
      </div>
    </section>
  );
}

/** The version that another would replace; null where none is in use. */
export function inUse({ state }: ManagedView, standing: StandingView | undefined): number | null {
  return state === "active" || state === "paused" ? (standing?.version ?? null) : null;
}

interface DifferenceProps {
  id: string;
  version: number;
  unpublished: string[];
  preview: Preview | undefined;
  standing: StandingView | undefined;
  acts: Acts;
}

function Difference({ id, version, unpublished, preview, standing, acts }: DifferenceProps) {
  const differs = unpublished.length > 0 ? `Changed since version ${version}: ${partsInWords(unpublished)}.` : `Nothing has changed since version ${version}.`;
  return (
    <>
      <p>{differs}</p>
      {!preview && (
        <p class="wb-muted" role="status">
          Calculating what would change in the calls already read…
        </p>
      )}
      {preview?.error && <Hint level="warning">Could not work out what would change: {preview.error}</Hint>}
      {preview?.changes && <Changes id={id} version={version} preview={preview} changes={preview.changes} standing={standing} acts={acts} />}
    </>
  );
}

interface ChangesProps extends Pick<DifferenceProps, "id" | "version" | "standing" | "acts"> {
  preview: Preview;
  changes: ChangesView;
}

function Changes({ id, version, preview, changes, standing, acts }: ChangesProps) {
  const { gained, lost, kept, estimate } = changes;
  const look = (which: Which, count: number) =>
    count > 0 && (
      <button type="button" class="wb-link wb-small" aria-expanded={preview.open === which} onClick={() => acts.sights(id, which)}>
        {preview.open === which ? "Hide them" : "Show them"}
      </button>
    );
  const open = preview.open;
  return (
    <div role="status" class="wb-stack wb-changes">
      <p>In the calls already read, it would find:</p>
      <ul class="wb-counts">
        <li>
          <b>+{gained.toLocaleString("en")}</b> found newly {look("gained", gained)}
        </li>
        <li>
          <b>−{lost.toLocaleString("en")}</b> no longer found {look("lost", lost)}
        </li>
        <li>
          <b>{kept.toLocaleString("en")}</b> as before
        </li>
      </ul>
      {open && preview.sights[open] && <Sights which={open} count={open === "gained" ? gained : lost} sights={preview.sights[open]} onCall={(sight) => acts.call(id, sight)} />}
      {estimate && standing?.estimate && (
        <div class="wb-versus">
          <div>
            <p class="wb-small">Version {standing.estimated ?? version}</p>
            <Measures quality={standing.estimate.quality} tags={standing.estimate} />
          </div>
          <div>
            <p class="wb-small">As trained now</p>
            <Measures quality={estimate.quality} tags={estimate} />
          </div>
        </div>
      )}
    </div>
  );
}

function Sights({ which, count, sights, onCall }: { which: Which; count: number; sights: SightView[]; onCall: (sight: SightView) => void }) {
  const what = which === "gained" ? "found newly" : "no longer found";
  return (
    <section class="wb-stack wb-sights" aria-label={`Sentences ${what}`}>
      <p class="wb-small wb-muted">
        {count > FIRST ? `The first ${FIRST} of ${plural(count, "sentence")}` : plural(count, "sentence")} {what}:
      </p>
      <ol>
        {sights.map((sight) => (
          <li>
            <header class="wb-small wb-muted">
              <p>
                <bdi>{sight.title ?? "Untitled call"}</bdi>
                {sight.date && ` · ${sight.date}`}
              </p>
              <button type="button" class="wb-link" onClick={() => onCall(sight)}>
                Go to call
              </button>
            </header>
            {sight.before.map((line) => (
              <Context line={line} timed={false} />
            ))}
            <div class="wb-said">
              <Who speaker={sight.speaker} side={sight.side} time={sight.time} />
              <p dir="auto">
                <b>{sight.text}</b>
              </p>
            </div>
            {sight.after.map((line) => (
              <Context line={line} timed={false} />
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
