import { Hint, plural } from "../shared/parts";
import type { ImportFileView } from "../shared/protocol";
import { Details } from "./details";
import { held, leftAside, pace, sizeOf, summary } from "./reducer";
import type { Acts, State } from "./types";

const HERE = Math.random().toString(36).slice(2); // each widget of a page has a module of its own

const BADGE: Record<ImportFileView["state"], string> = {
  coming: "Coming…",
  waiting: "Waiting",
  ready: "Ready",
  check: "Please check",
  refused: "Can't be read",
  part: "Read with another",
};

/** All files that wait, each with what was recognised. */
export function Files({ state, acts }: { state: State; acts: Acts }) {
  const { files, most, refused, view } = state;
  const aside = leftAside(view.passed_over, refused);
  return (
    <section class="wb-stack" aria-label="Files">
      <div class="wb-section-head">
        <h3>{summary(files)}</h3>
        <button type="button" class="wb-link wb-small" disabled={held(state)} onClick={acts.clear}>
          Remove all
        </button>
      </div>
      <ul class="wb-files">
        {files.slice(0, most).map((file) => (
          <Row key={file.id} file={file} state={state} acts={acts} />
        ))}
      </ul>
      {files.length > most && (
        <button type="button" class="wb-button wb-small wb-more" onClick={acts.more}>
          Show more of {plural(files.length - most, "further file")}
        </button>
      )}
      {aside.map((one) => (
        <p class="wb-small wb-muted">{one}</p>
      ))}
      {refused.length > 0 && (
        <ul class="wb-not-taken" aria-label="Files that were not taken" tabIndex={0}>
          {refused.map(({ path, reason }) => (
            <li dir="auto">
              <b>
                <bdi>{path}</bdi>
              </b>{" "}
              {reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ file, state, acts }: { file: ImportFileView; state: State; acts: Acts }) {
  const open = state.opened[file.id] === true;
  const under = `wb-file-${HERE}-${file.id}`;
  const folder = file.name.slice(0, file.name.lastIndexOf("/") + 1);
  return (
    <li class={`wb-file wb-file-${file.state}`}>
      <div class="wb-file-head">
        <button type="button" class="wb-file-open" aria-expanded={open} aria-controls={open ? under : undefined} onClick={() => acts.open(file.id)}>
          <span class="wb-chevron" aria-hidden="true">
            ▸
          </span>
          <span class="wb-file-name" title={file.name}>
            <bdi>
              <span class="wb-muted">{folder}</span>
              {file.name.slice(folder.length)}
            </bdi>
          </span>
          <span class="wb-file-what wb-small wb-muted">{what(file)}</span>
        </button>
        <span class={`wb-badge wb-badge-${file.state}`}>{BADGE[file.state]}</span>
        <button type="button" class="wb-remove" aria-label={`Remove ${file.name}`} title="Remove" disabled={held(state)} onClick={() => acts.remove(file.id)}>
          <span aria-hidden="true">×</span>
        </button>
      </div>
      <Wrong file={file} all={open} />
      {open && (
        <div class="wb-file-under" id={under}>
          <Details file={file} state={state} acts={acts} />
        </div>
      )}
    </li>
  );
}

/** "Zoom captions · 1 call · 24 turns · 2 speakers". */
export function what(file: ImportFileView): string {
  if (file.state === "coming" || file.state === "waiting") return sizeOf(file.size);
  if (file.state === "part") return "It belongs to another file of its folder.";
  if (file.conversations === 0) return file.format || sizeOf(file.size);
  const speakers = file.speakers_found > 0 ? plural(file.speakers_found, "speaker") : "no speakers named";
  return [file.format, plural(file.conversations, "call"), plural(file.turns, "turn"), speakers].filter(Boolean).join(" · ");
}

/** What is wrong and what to do; the first of it as long as the file is closed. */
function Wrong({ file, all }: { file: ImportFileView; all: boolean }) {
  const level = file.state === "refused" ? "error" : "warning";
  const told = [...file.problems];
  if (file.odd && file.pace !== null) told.push(`${pace(file.pace)} words a second. Is the unit of the times right?`);
  if (file.format.endsWith("of no known tool") && !file.mapped) told.push("No known tool writes this. Open it, and check who says what and when.");
  const more = file.problems_found - file.problems.length;
  const shown = all ? told : told.slice(0, 1);
  if (shown.length === 0) return null;
  return (
    <div class="wb-file-wrong">
      {shown.map((one) => (
        <Hint level={level}>
          <span dir="auto">{one}</span>
        </Hint>
      ))}
      {!all && told.length - 1 + more > 0 && <p class="wb-small wb-muted">and {plural(told.length - 1 + more, "more", "more")}</p>}
      {all && more > 0 && <p class="wb-small wb-muted">and {plural(more, "further problem")}</p>}
    </div>
  );
}
