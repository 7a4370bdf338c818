import { Bar } from "./parts";
import type { TuningView } from "./protocol";
import type { Transport } from "./transport";

const POLL_MS = 1_500;

/** How fine-tuning stands, or ended; without `onStop` it cannot be stopped. */
export function Tuning({ tuning, onStop }: { tuning: TuningView; onStop?: (() => void) | undefined }) {
  return (
    <div class="wb-tuning">
      <p class="wb-small wb-muted" role="status">
        {tuning.running ? "Fine-tuning on your answers in the background; go on as you like." : tuning.message}
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

/** Gives what asks the kernel how fine-tuning stands for as long as `running`; calling it again changes nothing. */
export function tuningFollower(
  transport: Transport,
  signal: AbortSignal,
  running: () => boolean,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let following = false;
  return async () => {
    if (following) return;
    following = true;
    try {
      while (!signal.aborted && running()) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        if (!signal.aborted) await transport.request("tuning");
      }
    } catch (error) {
      failed(error);
    } finally {
      following = false;
    }
  };
}
