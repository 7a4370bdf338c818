import { follower, pause } from "./follow";
import { Bar } from "./parts";
import type { TuningView } from "./protocol";
import type { Transport } from "./transport";

type Request = Transport["request"];

const POLL_MS = 1_500;
const TRAINING_POLL_MS = 120;

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

/** Gives what asks the kernel how fine-tuning stands for as long as `running`. */
export function tuningFollower(request: Request, signal: AbortSignal, running: () => boolean, failed: (error: unknown) => void): () => Promise<void> {
  const ask = async () => {
    await pause(POLL_MS);
    if (!signal.aborted) await request("tuning");
  };
  return follower(signal, running, ask, failed);
}

/** The same of the training that a round's end begins, which takes less than a second: it is asked first, then waited for. */
export function trainingFollower(request: Request, signal: AbortSignal, running: () => boolean, failed: (error: unknown) => void): () => Promise<void> {
  const ask = async () => {
    await request("progress");
    await pause(TRAINING_POLL_MS);
  };
  return follower(signal, running, ask, failed);
}
