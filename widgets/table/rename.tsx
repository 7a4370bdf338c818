import { Hint } from "../shared/parts";
import type { Acts, Renaming } from "./types";

/** The name, to be typed again where it stands. */
export function Rename({ renaming, busy, acts }: { renaming: Renaming; busy: boolean; acts: Acts }) {
  const { text, tips, error } = renaming;
  const told = error ? [{ level: "error" as const, message: error }] : tips;
  return (
    <form
      class="wb-rename"
      onSubmit={(event) => {
        event.preventDefault();
        acts.rename();
      }}
    >
      <input
        class="wb-input"
        aria-label="New name"
        dir="auto"
        value={text}
        aria-invalid={error ? "true" : undefined}
        onInput={(event) => acts.dispatch({ type: "renaming", text: event.currentTarget.value })}
      />
      <div class="wb-row wb-actions">
        <button type="submit" class="wb-button wb-small wb-primary" disabled={busy || !text.trim()}>
          {busy ? "Saving…" : "Save name"}
        </button>
        <button type="button" class="wb-link wb-small" onClick={() => acts.dispatch({ type: "renamed", id: "" })}>
          Cancel
        </button>
      </div>
      <div role="status">
        {told.map(({ level, message }) => (
          <Hint level={level}>{message}</Hint>
        ))}
      </div>
    </form>
  );
}
