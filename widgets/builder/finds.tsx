import { plural, SideBadge } from "../shared/parts";
import type { SeenView } from "../shared/protocol";
import type { State } from "./types";

type Call = (conversationId: string, sentenceId: string) => void;

/** How many sentences the words find now, and some of them with the words marked. */
export function Finds({ state, most, call }: { state: State; most: number; call: Call }) {
  const { finds, finding } = state;
  if (!finds) return <p class="wb-small wb-muted" role="status">{finding ? "Looking…" : ""}</p>;
  return (
    <section class="wb-stack wb-panel wb-finds" aria-label="What it finds now">
      <h4>What it finds now</h4>
      <p role="status" class={finding ? "wb-muted" : ""}>
        {finds.note || (finds.looked_at === 0 && "Add a word or phrase to see what it finds.") || <Count sentences={finds.sentences} calls={finds.calls} state={state} />}
      </p>
      <Seen sentences={finds.shown.slice(0, most)} call={call} />
    </section>
  );
}

/** "12 sentences in 9 of 200 calls." Of many calls only some are looked at, which is said. */
export function Count({ sentences, calls, state }: { sentences: number; calls: number; state: State }) {
  const { looked_at, of_calls } = state.finds!;
  const part = looked_at < of_calls ? `, of the ${of_calls.toLocaleString("en")} that match` : "";
  return (
    <>
      <b>{plural(sentences, "sentence")}</b> in <b>{calls.toLocaleString("en")}</b> of {plural(looked_at, "call")}
      {part && ` drawn at random${part}`}.
    </>
  );
}

export function Seen({ sentences, call, scored = false }: { sentences: SeenView[]; call: Call; scored?: boolean }) {
  if (sentences.length === 0) return null;
  return (
    <ol class="wb-seen">
      {sentences.map((one) => (
        <li key={one.sentence_id}>
          <p dir="auto">{one.pieces.map((piece) => (piece.said ? <mark>{piece.text}</mark> : piece.text))}</p>
          <p class="wb-small wb-muted wb-source">
            {scored && <span class="wb-score">{one.score.toFixed(3)}</span>}
            <SideBadge side={one.side} />
            {[one.speaker, one.title, one.date].filter(Boolean).map((part) => (
              <bdi>{part}</bdi>
            ))}
            <button type="button" class="wb-link wb-small" onClick={() => call(one.conversation_id, one.sentence_id)}>
              Go to call
            </button>
          </p>
        </li>
      ))}
    </ol>
  );
}
