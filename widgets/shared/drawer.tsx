import { render } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Problem, plural, SideBadge } from "./parts";
import type { CallPageView } from "./protocol";

/** Reads a part of the call, from the sentence at `start` on; null for the part around the one that was asked for. */
export type ReadCall = (start: number | null) => Promise<CallPageView>;

/** Opens a call beside the page, at the sentence that was asked for. Esc closes it, and leads back to where one was. */
export function openDrawer(root: HTMLElement, signal: AbortSignal, first: CallPageView, read: ReadCall): void {
  root.parentElement?.querySelector(":scope > .wb-drawer-host")?.remove();
  const host = document.createElement("div");
  host.className = "wb-drawer-host";
  root.after(host);
  const close = (): void => {
    render(null, host);
    host.remove();
  };
  signal.addEventListener("abort", close, { once: true });
  render(<Drawer theme={root.dataset["theme"] ?? "light"} first={first} read={read} onClose={close} />, host);
}

interface Props {
  theme: string;
  first: CallPageView;
  read: ReadCall;
  onClose: () => void;
}

function Drawer({ theme, first, read, onClose }: Props) {
  const [pages, setPages] = useState([first]);
  const [error, setError] = useState("");
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog?.showModal) dialog.showModal();
    else dialog?.setAttribute("open", "");
    dialog?.querySelector("[aria-current]")?.scrollIntoView?.({ block: "center" });
  }, []);
  const shut = () => (box.current?.close ? box.current.close() : onClose());
  const more = (start: number, ahead: boolean) =>
    read(Math.max(0, start)).then(
      (page) => setPages((known) => (ahead ? [page, ...known] : [...known, page])),
      (failed) => setError(failed instanceof Error ? failed.message : String(failed)),
    );
  const from = pages[0]?.start ?? 0;
  const last = pages.at(-1);
  const end = last ? last.start + last.lines.length : 0;
  return (
    <dialog
      ref={box}
      class="wb wb-drawer"
      data-theme={theme}
      data-lm-suppress-shortcuts="true"
      aria-label={first.title ?? "Call"}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === box.current && shut()}
    >
      <header class="wb-drawer-head">
        <h2 dir="auto">{first.title ?? "Untitled call"}</h2>
        <button type="button" class="wb-button wb-small" onClick={shut}>
          Close
        </button>
      </header>
      <p class="wb-small wb-muted">{[first.date, plural(first.sentences, "sentence")].filter(Boolean).join(" · ")}</p>
      {error && <Problem message={error} />}
      {from > 0 && (
        <button type="button" class="wb-link wb-small" onClick={() => void more(from - first.page, true)}>
          Show earlier
        </button>
      )}
      <ol class="wb-drawer-lines">
        {pages.flatMap((page, at) => {
          // Where a page before begins less than a whole page ahead, the two overlap.
          const until = at + 1 < pages.length ? (pages[at + 1]?.start ?? Infinity) : Infinity;
          return page.lines.map((line, place) => line.at < until && <Line key={line.at} line={line} side={page.sides[place] ?? null} here={line.at === first.here} />);
        })}
      </ol>
      {end < first.sentences && (
        <button type="button" class="wb-link wb-small" onClick={() => void more(end, false)}>
          Show later
        </button>
      )}
    </dialog>
  );
}

function Line({ line, side, here }: { line: CallPageView["lines"][number]; side: string | null; here: boolean }) {
  return (
    <li aria-current={here ? "true" : undefined}>
      <p class="wb-who wb-small wb-muted">
        <bdi>{line.speaker ?? "Unknown speaker"}</bdi>
        <SideBadge side={side} />
        {line.time && <span class="wb-time">{line.time}</span>}
      </p>
      <p dir="auto">
        {line.text}
        {line.more > 0 && "…"}
      </p>
    </li>
  );
}
