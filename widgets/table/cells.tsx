import { Bar } from "../shared/parts";
import type { StandingView, TrackerStage } from "../shared/protocol";
import { Badge, Measures } from "../shared/quality";
import { day, leftInWords, partsInWords, runInBrief, runInWords, STATE } from "./words";

/** `paused` says why the workbench paused it, where no person did. */
export function State({ stage, paused = "" }: { stage: TrackerStage; paused?: string }) {
  return (
    <>
      <span class={`wb-badge wb-badge-${stage}`}>{STATE[stage]}</span>
      {stage === "paused" && paused && <span class="wb-why wb-small">{paused}</span>}
    </>
  );
}

function Unread() {
  return (
    <span class="wb-muted">
      <span aria-hidden="true">…</span>
      <span class="wb-hidden">being read</span>
    </span>
  );
}

interface VersionProps {
  standing: StandingView | undefined;
  stage: TrackerStage;
  stop: number;
  canEdit: boolean;
  onOpen: () => void;
}

export function Version({ standing, stage, stop, canEdit, onOpen }: VersionProps) {
  if (!standing) return <Unread />;
  const { version, unpublished, error } = standing;
  if (error) return <span class="wb-muted">Unknown</span>;
  if (version === null) return <span class="wb-muted">Not published</span>;
  const said = `Unpublished changes: ${partsInWords(unpublished)}`;
  return (
    <>
      <span>
        v{version}
        {stage === "deactivated" && <span class="wb-muted wb-small"> (last)</span>}
      </span>
      {unpublished.length > 0 &&
        (canEdit ? (
          <button type="button" class="wb-changed wb-small" tabIndex={stop} onClick={onOpen}>
            {said}
          </button>
        ) : (
          <span class="wb-changed wb-small">{said}</span>
        ))}
    </>
  );
}

/** How well it does; why it was not measured, where it was not. */
export function Quality({ standing, kind }: { standing: StandingView | undefined; kind: string }) {
  if (!standing) return <Unread />;
  const { quality, estimate } = standing;
  if (!quality) return <span class="wb-muted">Unknown</span>;
  const measured = quality.precision || quality.hit_rate || estimate;
  return (
    <div class="wb-rated">
      <Badge quality={quality} />
      {quality.basis === "the sample corpus" && <span class="wb-small wb-muted">On the sample corpus</span>}
      {measured ? (
        <Measures quality={quality} tags={estimate} />
      ) : (
        <span class="wb-small wb-muted">{kind === "example" ? "Not trained yet" : "Nobody has judged its matches"}</span>
      )}
      {quality.stale && <span class="wb-small wb-wrong">Out of date: {quality.stale}</span>}
    </div>
  );
}

interface RunProps {
  name: string;
  stage: TrackerStage;
  paused: string;
  standing: StandingView | undefined;
  stop: number;
  canEdit: boolean;
  busy: boolean;
  onRun: (what: "cancel" | "resume") => void;
}

/** When it last read calls, or how far it is. */
export function Run({ name, stage, paused, standing, stop, canEdit, busy, onRun }: RunProps) {
  if (!standing) return <Unread />;
  const { run } = standing;
  if (!run) return <span class="wb-muted">{standing.error ? "Unknown" : "Never"}</span>;
  if (run.state === "done" && !run.last_run && run.found === 0) return <span class="wb-muted">{stage === "active" ? "Waiting for calls" : "Never"}</span>;
  const running = run.state === "running";
  const held = !paused && ["cancelled", "interrupted", "failed"].includes(run.state);
  const left = leftInWords(run);
  return (
    <div class="wb-run" title={run.message || runInWords(run)}>
      {running ? <Bar fraction={run.fraction} label={`Past calls read by ${name}`} /> : run.last_run && <span>{day(run.last_run)}</span>}
      <p class={`wb-small ${run.state === "failed" ? "wb-wrong" : "wb-muted"}`}>
        {runInBrief(run, standing.version)}
        {canEdit && (running || held) && (
          <button type="button" class="wb-link wb-small" tabIndex={stop} disabled={busy} aria-label={`${running ? "Cancel" : "Resume"}: past calls of ${name}`} onClick={() => onRun(running ? "cancel" : "resume")}>
            {running ? "Cancel" : "Resume"}
          </button>
        )}
      </p>
      {left && <p class="wb-small wb-wrong">{left}</p>}
    </div>
  );
}
