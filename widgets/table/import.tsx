import { useRef } from "preact/hooks";
import { Problem, plural } from "../shared/parts";
import type { BroughtView } from "../shared/protocol";
import { Section } from "./section";
import type { Acts, State } from "./types";

const NAMED = 20;

/** Drafts of the definitions in a file, or in what is pasted. */
export function Import({ state, acts }: { state: State; acts: Acts }) {
  const { pasted, reading, brought, importError } = state.exchange;
  const file = useRef<HTMLInputElement>(null);
  const busy = reading !== "";
  return (
    <Section what="import" title="Import definitions" acts={acts}>
      <p class="wb-muted">From JSON or CSV as “Export” writes them. Each becomes a draft, and nothing in the file is run. Entries that can't be used, or whose name is taken, are left out and listed with their line.</p>
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button" aria-disabled={busy} onClick={() => !busy && file.current?.click()}>
          Choose a file…
        </button>
        <input
          type="file"
          hidden
          ref={file}
          accept=".json,.csv,application/json,text/csv"
          onChange={(event) => {
            const input = event.currentTarget;
            const chosen = input.files?.[0];
            if (chosen) acts.importFile(chosen);
            input.value = ""; // the same file again, once it was mended
          }}
        />
        <span class="wb-small wb-muted">.json or .csv, at most 4 MB</span>
      </div>
      <label class="wb-field">
        <span class="wb-small">Or paste JSON or CSV</span>
        <textarea
          class="wb-input wb-pasted"
          rows={4}
          dir="auto"
          spellcheck={false}
          placeholder={'name,kind,description,words\nAsks for a discount,keyword,They want it cheaper,"discount|price cut"'}
          value={pasted}
          onInput={(event) => acts.dispatch({ type: "exchange", change: { pasted: event.currentTarget.value } })}
        />
      </label>
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button" aria-disabled={busy || !pasted.trim()} onClick={() => acts.importText()}>
          Import pasted text
        </button>
        <span class="wb-small wb-muted" role="status" dir="auto">
          {busy && `Reading ${reading}…`}
        </span>
      </div>
      {importError && <Problem message={importError} />}
      {brought && <Brought brought={brought} acts={acts} />}
    </Section>
  );
}

function Brought({ brought, acts }: { brought: BroughtView; acts: Acts }) {
  const { made, made_count: count, refused, refused_count: left } = brought;
  const rest = count - Math.min(count, NAMED);
  return (
    <div class="wb-brought">
      <p>
        <b>{count > 0 ? `${plural(count, "tracker")} made` : "No tracker made"}</b>
        {count > 0 && (count === 1 ? ", a draft" : ", all drafts")}
        {left > 0 && `; ${left.toLocaleString("en")} left out`}.
      </p>
      {count > 0 && (
        <>
          <p class="wb-small" dir="auto">
            {made.slice(0, NAMED).map(({ name }, at) => (
              <>
                {at > 0 && ", "}
                <bdi>{name}</bdi>
              </>
            ))}
            {rest > 0 && ` and ${rest.toLocaleString("en")} more`}
          </p>
          <div class="wb-row wb-actions">
            <button type="button" class="wb-button wb-small" onClick={() => acts.dispatch({ type: "pick", ids: made.map((one) => one.id), on: true })}>
              Mark {made.length === 1 ? "it" : `these ${made.length.toLocaleString("en")}`}, to publish or delete
            </button>
          </div>
        </>
      )}
      {left > 0 && (
        <ul class="wb-refused" aria-label="What was left out" tabIndex={0}>
          {refused.map(({ line, reason }) => (
            <li dir="auto">
              <b>Line {line}</b> <bdi>{reason}</bdi>
            </li>
          ))}
          {left > refused.length && <li class="wb-muted">and {plural(left - refused.length, "more", "more")}</li>}
        </ul>
      )}
    </div>
  );
}
