import { Bar } from "./parts";
import type { News, TuningView } from "./protocol";

/** How fine-tuning stands, or ended; without `onStop` it cannot be stopped. */
export function Tuning({ tuning, onStop }: { tuning: TuningView; onStop?: (() => void) | undefined }) {
  return (
    <div class="wb-tuning">
      <p class="wb-small wb-muted" role="status">
        {tuning.running ? "Fine-tuning on your answers in the background. You can keep working." : tuning.message}
      </p>
      {tuning.running && (
        <>
          <Bar fraction={tuning.fraction} label="Fine-tuning" />
          {onStop && (
            <button type="button" class="wb-button wb-small" onClick={onStop}>
              Stop
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** News of how far fine-tuning is. */
export type Tuned = { type: "tuned" } & Pick<News, "fraction" | "message">;

/** The state with news of fine-tuning in it. */
export function withTuning<State extends { tuning: TuningView | null }>(state: State, { fraction, message }: Tuned): State {
  return { ...state, tuning: state.tuning && { ...state.tuning, fraction, message } };
}

/** News of how far training is. */
export type Trained = { type: "trained" } & Pick<News, "fraction" | "message">;

/** The state with news of training in it, where that still goes on. */
export function withTraining<State extends { view: { phase: string; fraction: number; message: string } }>(state: State, { fraction, message }: Trained): State {
  return state.view.phase === "training" ? { ...state, view: { ...state.view, fraction, message } } : state;
}
