import type { ComponentChildren } from "preact";
import { plural, SideBadge } from "../shared/parts";
import type { ImportCallView, ImportFileView, ImportSpeakerView } from "../shared/protocol";
import { Mapping } from "./mapping";
import { calledIn, filesWith, held, pace, sizeOf } from "./reducer";
import { Sides } from "./sides";
import type { Acts, State } from "./types";

/** What opens under a file: what was recognised, who speaks, the first turns, and what is what. */
export function Details({ file, state, acts }: { file: ImportFileView; state: State; acts: Acts }) {
  const details = state.details[file.id];
  return (
    <>
      <Facts file={file} />
      {file.speakers.length > 0 && <Speakers file={file} state={state} acts={acts} />}
      {!details ? (
        <p class="wb-muted wb-small" role="status">
          {file.state === "coming" || file.state === "waiting" ? "Not looked at yet." : "Reading…"}
        </p>
      ) : (
        <>
          {details.calls.map((call) => (
            <Call call={call} speakers={file.speakers} />
          ))}
          {file.conversations > details.calls.length && details.calls.length > 0 && <p class="wb-small wb-muted">and {plural(file.conversations - details.calls.length, "further call")}</p>}
          {details.mapping && <Mapping key={JSON.stringify(details.mapping)} details={details} file={file} wait={held(state)} acts={acts} />}
        </>
      )}
    </>
  );
}

function Facts({ file }: { file: ImportFileView }) {
  if (file.conversations === 0) return <p class="wb-small wb-muted">{sizeOf(file.size)}</p>;
  const facts: [string, ComponentChildren][] = [
    ["Format", file.format],
    ["Calls", file.conversations.toLocaleString("en")],
    ["Turns", file.turns.toLocaleString("en")],
    ["Speakers", file.speakers_found > 0 ? file.speakers_found.toLocaleString("en") : "none named"],
    ["Times", file.times],
    ["Words a second", file.pace === null ? "–" : pace(file.pace)],
    ["Language", file.language || "not known"],
  ];
  if (file.left_out) facts.push(["Left out", file.left_out]);
  return (
    <>
      <dl class="wb-facts">
        {facts.map(([name, value]) => (
          <div>
            <dt class="wb-small wb-muted">{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
      {file.notes.length > 0 && (
        <ul class="wb-small wb-muted wb-notes">
          {file.notes.map((one) => (
            <li dir="auto">{one}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Speakers({ file, state, acts }: { file: ImportFileView; state: State; acts: Acts }) {
  return (
    <ul class="wb-people" aria-label={`Who speaks in ${file.name}`}>
      {file.speakers.map((who) => (
        <li class="wb-person">
          <span class="wb-person-name">
            <bdi>{calledIn(who.name)}</bdi> <span class="wb-small wb-muted">{plural(who.turns, "turn")}</span>
          </span>
          <Sides who={calledIn(who.name)} side={who.side} wait={held(state)} onChange={(side) => acts.side(who.id, side, file.id)} />
          <All who={who} state={state} acts={acts} />
        </li>
      ))}
      {file.speakers_found > file.speakers.length && <li class="wb-small wb-muted">and {plural(file.speakers_found - file.speakers.length, "more", "more")}</li>}
    </ul>
  );
}

/** Gives one file's choice to all with that name. */
function All({ who, state, acts }: { who: ImportSpeakerView; state: State; acts: Acts }) {
  const others = filesWith(state.files, who.id);
  const same = state.files.every((one) => one.speakers.every((other) => other.id !== who.id || other.side === who.side));
  if (others < 2 || same) return null;
  return (
    <button type="button" class="wb-link wb-small" disabled={held(state)} onClick={() => acts.side(who.id, who.side)}>
      Same in all {others.toLocaleString("en")} files
    </button>
  );
}

function Call({ call, speakers }: { call: ImportCallView; speakers: ImportSpeakerView[] }) {
  const known = new Map(speakers.map((one) => [one.id, one]));
  const about = [call.started, call.language, plural(call.turns, "turn")].filter(Boolean).join(" · ");
  return (
    <article class="wb-call-shown" aria-label={call.title || call.id}>
      <p class="wb-call-head">
        <b dir="auto">{call.title || call.id}</b> <span class="wb-small wb-muted">{about}</span>
      </p>
      <ol class="wb-first">
        {call.first.map((turn) => (
          <li>
            <span class="wb-who wb-small">
              <span class="wb-time wb-muted">{turn.time}</span>
              <b>
                <bdi>{calledIn(known.get(turn.speaker)?.name ?? turn.speaker) || "Unknown speaker"}</bdi>
              </b>
              <SideBadge side={known.get(turn.speaker)?.side || turn.side || null} />
            </span>
            <span class="wb-turn-text" dir="auto">
              {turn.text}
            </span>
          </li>
        ))}
      </ol>
      {call.turns > call.first.length && <p class="wb-small wb-muted">and {plural(call.turns - call.first.length, "further turn")}</p>}
    </article>
  );
}
