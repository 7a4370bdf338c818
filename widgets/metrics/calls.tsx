import { plural } from "../shared/parts";
import type { MetricCall } from "../shared/protocol";
import { Who } from "../shared/talk";
import { same } from "./reducer";
import type { Props } from "./types";

export function Calls({ state, acts }: Props) {
  const { shown, form, busy } = state;
  const preview = shown?.preview ?? null;
  const old = shown !== null && !same(shown.form, form);
  return (
    <section class="wb-part" aria-label="Preview">
      <div class="wb-row wb-top">
        <h3>Try it on some calls</h3>
        <button type="button" class="wb-button wb-small" disabled={busy !== ""} onClick={acts.preview}>
          {busy === "preview" ? "Looking…" : preview ? "Try 20 others" : "Try it on 20 calls"}
        </button>
      </div>
      <div role="status" class="wb-muted wb-small">
        {preview && (preview.calls.length === 0 ? "There are no calls to try it on." : summary(preview.counts))}
        {old && " The metric has changed; look again."}
      </div>
      {preview && preview.calls.length > 0 && (
        <ul class="wb-calls">
          {preview.calls.map((call) => (
            <Call call={call} show={acts.show} />
          ))}
        </ul>
      )}
    </section>
  );
}

function summary(counts: Record<string, number>): string {
  const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const parts = Object.entries(counts).map(([value, count]) => `${value}: ${count}`);
  return `${plural(total, "call")}. ${parts.join(", ")}.`;
}

function Call({ call, show }: { call: MetricCall; show: (conversationId: string, sentenceId: string | null) => void }) {
  const first = call.quotes[0]?.sentence_id ?? null;
  return (
    <li class="wb-call-row">
      <div class="wb-row wb-call-head">
        <span class={`wb-value wb-value-${call.tone || "plain"}`} dir="auto">
          {call.value}
        </span>
        <button type="button" class="wb-link" dir="auto" onClick={() => show(call.conversation_id, first)}>
          {call.title}
        </button>
        {call.date && <span class="wb-muted wb-small">{call.date}</span>}
      </div>
      {call.why && <p class="wb-muted wb-small">{call.why}</p>}
      {call.quotes.map((quote) => (
        <blockquote class="wb-quote">
          <Who speaker={quote.speaker} side={quote.side} time={quote.time} />
          <p dir="auto">{quote.text}</p>
        </blockquote>
      ))}
    </li>
  );
}
