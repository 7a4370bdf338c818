import { useRef, useState } from "preact/hooks";
import { Empty, Problem } from "../shared/parts";
import type { Answer, PlotsView, RoundView } from "../shared/protocol";
import { Badge, Measures } from "../shared/quality";
import { save } from "../shared/save";
import { Tuning } from "../shared/tuning";
import { Untrained } from "../shared/untrained";
import { AdviceList } from "./advice";
import { Chart } from "./chart";
import { Dial, type Shown } from "./dial";
import { csv, fileName, picture } from "./export";
import { Faq } from "./faq";
import type { State } from "./reducer";
import { Surfaced } from "./surfaced";
import { Table } from "./table";
import { offer } from "./words";

interface Props {
  state: State;
  canEdit: boolean;
  onLook: (shown?: Shown, threshold?: number, below?: number) => void;
  onAudit: () => void;
  onMove: (at: number) => void;
  onKeep: (rule: string) => void;
  onCorrect: (sentenceId: string, answer: Answer) => void;
  onStop: () => void;
  retry: () => void;
}

export function Plots({ state, canEdit, onLook, onAudit, onMove, onKeep, onCorrect, onStop, retry }: Props) {
  const { view, error } = state;
  const last = view.rounds.at(-1);
  return (
    <>
      <header class="wb-head">
        <h2 dir="auto">{view.tracker ? `How well it does: ${view.tracker}` : "How well it does"}</h2>
        <span class="wb-small wb-muted" role="status">
          {state.slow ? "Waiting for the kernel…" : view.phase === "opening" && last ? "Updating…" : ""}
        </span>
      </header>
      {error && <Problem message={error} retry={retry} />}
      {last ? (
        <>
          <div class="wb-rated">
            <Badge quality={last.quality} />
            <Measures quality={last.quality} tags={last} />
          </div>
          <div class="wb-words">
            {last.words.map((text) => (
              <p>{text}</p>
            ))}
          </div>
          {state.tuning && <Tuning tuning={state.tuning} onStop={canEdit ? onStop : undefined} />}
          {state.details && <AdviceList advice={state.details.advice} canEdit={canEdit} busy={state.detailing} onCorrect={onCorrect} />}
          {canEdit && <Audit round={last} busy={state.auditing} onAudit={onAudit} />}
          <div class="wb-charts">
            <Chart measure="precision" title="Precision" rounds={view.rounds} />
            <Chart measure="hit_rate" title="Hit rate" rounds={view.rounds} />
          </div>
          <Legend />
          <Export view={view} />
          {last?.rests_on && <p class="wb-muted">{last.rests_on}.</p>}
          <Table rounds={view.rounds} fell={state.details?.fell ?? []} />
          <Dial details={state.details} at={state.at} busy={state.detailing || state.looking} canEdit={canEdit} onMove={onMove} onKeep={onKeep} onLook={onLook} />
          <Faq />
          <Surfaced cards={state.surfaced} shown={state.shown} busy={state.looking} onShow={() => onLook()} />
        </>
      ) : (
        <NoEstimate state={state} />
      )}
    </>
  );
}

function Export({ view }: { view: PlotsView }) {
  const [failed, setFailed] = useState("");
  const here = useRef<HTMLDivElement>(null);
  const picked = async () => {
    const charts = here.current?.closest(".wb")?.querySelectorAll<SVGSVGElement>(".wb-chart svg") ?? [];
    try {
      save(await picture([...charts], view.tracker), fileName(view.tracker, "png"));
      setFailed("");
    } catch {
      setFailed("This browser could not draw the picture. Take a screenshot instead.");
    }
  };
  return (
    <div class="wb-actions" ref={here}>
      <button type="button" class="wb-button wb-small" onClick={() => save(new Blob([csv(view.rounds)], { type: "text/csv" }), fileName(view.tracker, "csv"))}>
        Save as CSV
      </button>
      <button type="button" class="wb-button wb-small" onClick={() => void picked()}>
        Save as picture
      </button>
      <span class="wb-small" role="status">
        {failed}
      </span>
    </div>
  );
}

function Audit({ round, busy, onAudit }: { round: RoundView; busy: boolean; onAudit: () => void }) {
  const text = offer(round);
  if (!text) return null;
  return (
    <div class="wb-audit">
      <p class="wb-muted">{text}</p>
      <button type="button" class="wb-button wb-small" disabled={busy} onClick={onAudit}>
        {busy ? "Drawing sentences…" : "Audit 25 sentences"}
      </button>
    </div>
  );
}

function NoEstimate({ state }: { state: State }) {
  const { view } = state;
  if (view.phase === "untrained") return <Untrained message={view.message} />;
  return (
    <>
      <Empty title={view.phase === "nothing" ? "No tracker yet" : view.phase === "opening" ? "Loading estimates…" : "No estimate yet"}>
        <p class="wb-muted">
          {view.phase === "nothing"
            ? "Choose or save a tracker above and tag a round to see its estimates here."
            : view.message || "Estimates appear here after the first round of tagging."}
        </p>
      </Empty>
      <Faq />
    </>
  );
}

function Legend() {
  return (
    <ul class="wb-legend wb-small">
      <li>
        <svg viewBox="0 0 34 16" width="34" height="16" class="wb-heldout" aria-hidden="true">
          <rect class="wb-band" x="0" y="2" width="34" height="12" />
          <path class="wb-line" d="M0 8H34" />
          <circle cx="17" cy="8" r="4" />
        </svg>
        On the sentences you tagged, with its spread
      </li>
      <li>
        <svg viewBox="0 0 34 16" width="34" height="16" class="wb-corpus" aria-hidden="true">
          <path class="wb-whisker" d="M6 8H28M6 4v8M28 4v8" />
          <path d="M17 2l6 6l-6 6l-6 -6z" />
        </svg>
        In all your calls, with its 95% interval
      </li>
      <li>
        <svg viewBox="0 0 34 16" width="34" height="16" class="wb-corpus wb-vague" aria-hidden="true">
          <path class="wb-whisker" d="M2 8H32M2 4v8M32 4v8" />
          <path d="M17 2l6 6l-6 6l-6 -6z" />
        </svg>
        Too few answers to tell
      </li>
    </ul>
  );
}
