import { useRef } from "preact/hooks";
import { LIMITS } from "../shared/protocol";
import { picked } from "./intake";
import { held } from "./reducer";
import type { Acts, State } from "./types";

/** Where files are dropped or chosen, or named by path or address. */
export function Zone({ state, acts }: { state: State; acts: Acts }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const wait = held(state);
  const some = state.files.length > 0;
  const take = (event: { currentTarget: HTMLInputElement }) => {
    const input = event.currentTarget;
    const chosen = picked(input.files ?? []);
    input.value = ""; // the same file again, once it was mended
    if (chosen.length > 0) acts.send(Promise.resolve(chosen));
  };
  return (
    <section class={`wb-zone ${state.over ? "wb-zone-over" : ""} ${some ? "wb-zone-slim" : ""}`} aria-label="Add transcripts">
      {!some && <Arrow />}
      <p class="wb-zone-lead">{state.over ? "Let go to add" : some ? "Drop more here, or" : "Drop transcripts or a folder here"}</p>
      <div class="wb-row wb-zone-buttons">
        <button type="button" class="wb-button" disabled={wait} onClick={() => files.current?.click()}>
          Choose files…
        </button>
        <button type="button" class="wb-button" disabled={wait} onClick={() => folder.current?.click()}>
          Choose a folder…
        </button>
        <input type="file" hidden multiple ref={files} onChange={take} />
        <input type="file" hidden multiple {...{ webkitdirectory: true }} ref={folder} onChange={take} />
      </div>
      <form
        class="wb-zone-place"
        onSubmit={(event) => {
          event.preventDefault();
          acts.add();
        }}
      >
        <input
          class="wb-input"
          type="text"
          aria-label="Path or address of a transcript or folder"
          placeholder={some ? "Path or address" : "or a path or address: ~/calls, https://…"}
          spellcheck={false}
          autocomplete="off"
          value={state.place}
          onInput={(event) => acts.place(event.currentTarget.value)}
        />
        <button type="submit" class="wb-button" disabled={wait || !state.place.trim()}>
          Add
        </button>
      </form>
      {!some && (
        <p class="wb-small wb-muted">
          Transcripts of most tools: JSON, WebVTT, SRT, CSV, Excel, Word, text and e-mail. Up to {LIMITS.importedFiles.toLocaleString("en")} files of {LIMITS.imported / 1e6} MB, {LIMITS.importedBytes / 1e6} MB in
          all. Nothing is imported before you press Import.
        </p>
      )}
    </section>
  );
}

function Arrow() {
  return (
    <svg class="wb-zone-arrow" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">
      <path d="M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M4.5 16.5v2a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5v-2" />
    </svg>
  );
}
