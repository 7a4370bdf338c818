import { plural } from "../shared/parts";
import type { AskedCallView, MentionView } from "../shared/protocol";
import { Context, Who } from "../shared/talk";
import { Trust, Verdict } from "./judging";
import { lacking } from "./reducer";
import type { Acts, State } from "./types";

const FIRST = 100;

/** What the question finds in random calls, before it is put to all. */
export function Preview({ state, acts }: { state: State; acts: Acts }) {
  const { sample, busy, check, form, sampled } = state;
  const ready = check !== null && lacking(state, false).length === 0 && busy === "";
  const old = sample !== null && sampled !== null && sampled !== form;
  const found = sample?.calls.filter((call) => call.mentions.length > 0).length ?? 0;
  const seen = sample?.calls.length ?? 0;
  return (
    <div class="wb-stack wb-sample">
      <div class="wb-row wb-actions">
        <button type="button" class={`wb-button ${sample && !old ? "" : "wb-primary"}`} disabled={!ready} onClick={() => acts.sample(0)}>
          {sample ? "Try it again" : `Try it on ${FIRST} random calls`}
        </button>
        <p class="wb-small" role="status">
          {busy === "sample" ? "Reading calls… This can take a while the first time." : old ? "The question has changed. Run the sample again." : ""}
        </p>
      </div>
      {sample && (
        <>
          <p>
            <b>{found.toLocaleString("en")}</b> of {plural(seen, "call")} answer yes{sample.credits > 0 && `; they took ${plural(sample.credits, "credit")}`}. {sample.total.toLocaleString("en")} match.
          </p>
          {found > 0 && <Trust state={state} sample={sample} acts={acts} />}
          <ol class="wb-asked-calls" aria-label="Calls">
            {sample.calls
              .filter((call) => call.mentions.length > 0 || call.failure)
              .map((call) => (
                <Call key={call.conversation_id} call={call} judged={sample.judged[call.conversation_id]} acts={acts} />
              ))}
          </ol>
          {found === 0 && <p class="wb-muted">No matches in these calls. Broaden the question, add example wording, or sample more calls.</p>}
          {sample.seen < sample.total && (
            <p>
              <button type="button" class="wb-button wb-small" disabled={!ready || old} onClick={() => acts.sample(sample.seen)}>
                Continue with the next {plural(Math.min(FIRST, sample.total - sample.seen), "call")}
              </button>
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Call({ call, judged, acts }: { call: AskedCallView; judged: boolean | undefined; acts: Acts }) {
  return (
    <li>
      <div class="wb-asked-call">
        <p>
          <b dir="auto">{call.title}</b>{" "}
          <span class="wb-small wb-muted">
            <bdi>{call.about.join(" · ")}</bdi>
          </span>
        </p>
        {call.mentions.length > 0 && <Verdict call={call} judged={judged} acts={acts} />}
      </div>
      {call.failure && <p class="wb-small wb-muted">Could not be judged: {call.failure}</p>}
      {call.summary && <p dir="auto">{call.summary}</p>}
      {call.mentions.length > 0 && (
        <details class="wb-small">
          <summary>Based on {plural(call.mentions.length, "mention")}</summary>
          <ol>
            {call.mentions.map((one) => (
              <Mention key={one.sentence_id} one={one} onCall={() => acts.call(call.conversation_id, one.sentence_id)} />
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

function Mention({ one, onCall }: { one: MentionView; onCall: () => void }) {
  return (
    <li class="wb-mention">
      {one.before.map((line) => (
        <Context line={line} timed={false} />
      ))}
      <Who speaker={one.speaker} side={one.side} time={one.time} />
      <p dir="auto">
        <b>{one.text}</b>
      </p>
      {one.after.map((line) => (
        <Context line={line} timed={false} />
      ))}
      <button type="button" class="wb-link wb-small" onClick={onCall}>
        Go to call
      </button>
    </li>
  );
}
