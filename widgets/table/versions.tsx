import { givenOf } from "../builder/kinds";
import { chipsOf } from "../builder/words";
import { plural } from "../shared/parts";
import type { KindName, VersionView } from "../shared/protocol";
import { Measures } from "../shared/quality";
import { moment, partsInWords, ruleInWords } from "./words";

interface Props {
  versions: VersionView[] | undefined;
  canEdit: boolean;
  busy: boolean;
  onRoll: (version: number) => void;
}

/** What was published, newest first; each can be looked at and gone back to. */
export function Versions({ versions, canEdit, busy, onRoll }: Props) {
  return (
    <section class="wb-stack wb-panel wb-sub" aria-label="Versions">
      <h3>Versions</h3>
      {!versions && (
        <p class="wb-muted" role="status">
          Loading versions…
        </p>
      )}
      <ol class="wb-versions">
        {versions?.map((one) => (
          <li key={one.version}>
            <div class="wb-version-head">
              <p>
                <b>Version {one.version}</b> {one.active && <span class="wb-badge wb-badge-active">In use</span>}
              </p>
              {canEdit && !one.active && (
                <button type="button" class="wb-button wb-small" disabled={busy} onClick={() => onRoll(one.version)}>
                  Go back to version {one.version}
                </button>
              )}
            </div>
            <p class="wb-small wb-muted">
              Published {moment(one.published)}. {one.past ? `Also read ${one.past === "all" ? "all past calls" : `the past ${one.past.replace(/^1 /, "")}`}.` : "Upcoming calls only."} {(one.form.kind ?? "example") === "example" && `${ruleInWords(one.rule)}.`}
              {one.changed.length > 0 && ` Changed: ${partsInWords(one.changed)}.`}
            </p>
            {one.estimate && <Measures quality={one.estimate.quality} tags={one.estimate} />}
            <Definition version={one} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Definition({ version }: { version: VersionView }) {
  const { name, description, filters } = version.form;
  const given = givenOf(version.form);
  const chips = chipsOf(filters).map((chip) => chip.text);
  return (
    <details>
      <summary class="wb-small">Look at version {version.version}</summary>
      <div class="wb-definition wb-small">
        <p dir="auto">
          <b>{name}</b>
        </p>
        {description && (
          <p dir="auto" class="wb-muted">
            {description}
          </p>
        )}
        <p dir="auto">{chips.length > 0 ? chips.join(" · ") : "External calls, anyone, anywhere in the call"}</p>
        <Given kind={version.form.kind ?? "example"} count={given.length} closeness={version.form.settings?.closeness} />
        <ul>
          {given.map((text) => (
            <li dir="auto">{text}</li>
          ))}
        </ul>
      </div>
    </details>
  );
}

function Given({ kind, count, closeness = 0 }: { kind: KindName; count: number; closeness: number | undefined }) {
  if (kind === "question") return null;
  if (kind === "phrase") return <p>{`${plural(count, "phrase")}, matches as close as ${closeness.toFixed(2)}:`}</p>;
  return <p>{kind === "keyword" ? plural(count, "word or phrase", "words and phrases") : plural(count, "example")}:</p>;
}
