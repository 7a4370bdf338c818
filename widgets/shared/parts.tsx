import type { ComponentChildren } from "preact";
import type { Level } from "./protocol";

export function Problem({ message, retry }: { message: string; retry?: (() => void) | undefined }) {
  return (
    <div class="wb-problem" role="alert">
      <span dir="auto">{message}</span>
      {retry && (
        <button type="button" class="wb-button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What stands where there is nothing yet, and how to have something. */
export function Empty({ title, children }: { title: ComponentChildren; children?: ComponentChildren }) {
  return (
    <div class="wb-empty">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** What stands while something is on its way. */
export function Loading({ children }: { children: ComponentChildren }) {
  return (
    <div class="wb-empty" role="status">
      {children}
    </div>
  );
}

/** A control under its name. */
export function Field({ label, children }: { label: ComponentChildren; children: ComponentChildren }) {
  return (
    <label class="wb-field">
      <span>{label}</span>
      {children}
    </label>
  );
}

const SPOKEN: Record<Level, string> = { error: "Problem: ", warning: "Note: ", tip: "Tip: " };

export function Hint({ level, children }: { level: Level; children: ComponentChildren }) {
  return (
    <p class={`wb-hint wb-hint-${level}`}>
      <span class="wb-hint-mark" aria-hidden="true">
        {level === "error" ? "!" : level === "warning" ? "▲" : "i"}
      </span>
      <span>
        <span class="wb-hidden">{SPOKEN[level]}</span>
        {children}
      </span>
    </p>
  );
}

export function SideBadge({ side }: { side: string | null }) {
  if (!side) return null;
  return <span class={`wb-side wb-side-${side === "customer" ? "customer" : "company"}`}>{side === "customer" ? "Customer" : "Company"}</span>;
}

export function Bar({ fraction, label }: { fraction: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div class="wb-bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <div class="wb-bar-fill" style={{ width: `${percent}%` }} />
    </div>
  );
}

interface Others {
  what: string;
  saved: boolean;
  others: readonly { id: string; name: string }[];
  open: (id: string | null) => void;
}

/** Leaves what is being made for a new one, which is `null`, or for another of the same kind. */
export function OpenOther({ what, saved, others, open }: Others) {
  return (
    <>
      {saved && (
        <button type="button" class="wb-button wb-small" onClick={() => open(null)}>
          Start a new one
        </button>
      )}
      {others.length > 0 && (
        <select
          class="wb-input wb-small"
          aria-label={`Open another ${what}`}
          value=""
          onChange={(event) => {
            const { value } = event.currentTarget;
            event.currentTarget.value = "";
            if (value) open(value);
          }}
        >
          <option value="">{`Open a ${what}…`}</option>
          {others.map((one) => (
            <option value={one.id}>{one.name}</option>
          ))}
        </select>
      )}
    </>
  );
}

/** Says "1 call", "1,204 calls". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
