import { SideBadge } from "./parts";
import type { ContextView } from "./protocol";

/** A sentence around the one that matters. */
export function Context({ line, timed }: { line: ContextView; timed: boolean }) {
  return (
    <div class="wb-context">
      <Who speaker={line.speaker} side={line.side} time={timed ? line.time : null} />
      <p dir="auto">{line.text}</p>
    </div>
  );
}

export function Who({ speaker, side, time }: { speaker: string | null; side: string | null; time: string | null }) {
  return (
    <p class="wb-who wb-small wb-muted">
      <span dir="auto">{speaker ?? "Unknown speaker"}</span>
      <SideBadge side={side} />
      {time && <span class="wb-time">{time}</span>}
    </p>
  );
}
