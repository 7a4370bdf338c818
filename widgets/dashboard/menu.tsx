import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OptionView } from "../shared/protocol";

interface MenuProps {
  /** What the button says, and what it is called where that alone does not tell. */
  said: ComponentChildren;
  label: string;
  class?: string;
  children: (shut: () => void) => ComponentChildren;
  /** Called when the panel is shut again. */
  onShut?: () => void;
}

/** A button with a panel below it; on phones the panel lies at the lower edge, in reach of the thumb. Esc shuts it. */
export function Menu({ said, label, class: name = "wb-button", children, onShut }: MenuProps) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    onShut?.();
  };
  const shut = () => {
    close();
    opener.current?.focus();
  };
  // Also where what had the focus has given way to something else.
  useLayoutEffect(() => {
    if (open && !panel.current?.contains(document.activeElement)) panel.current?.querySelector<HTMLElement>("input, .wb-pick")?.focus();
  });
  useLayoutEffect(() => {
    const shown = panel.current;
    if (shown && shown.getBoundingClientRect().right > document.documentElement.clientWidth) shown.classList.add("wb-flip");
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const beside = (event: Event) => event.target instanceof Node && !whole.current?.contains(event.target) && close();
    document.addEventListener("pointerdown", beside);
    return () => document.removeEventListener("pointerdown", beside);
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the button and the panel within
    <div
      class="wb-menu"
      ref={whole}
      onKeyDown={(event) => {
        if (!open) return;
        if (event.key === "Escape") {
          event.stopPropagation();
          shut();
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, panel.current);
      }}
      onFocusOut={({ relatedTarget }) => open && relatedTarget instanceof Node && !whole.current?.contains(relatedTarget) && close()}
    >
      <button ref={opener} type="button" class={name} aria-label={label} aria-haspopup="dialog" aria-expanded={open} onClick={() => (open ? shut() : setOpen(true))}>
        <bdi>{said}</bdi>
        <span aria-hidden="true"> ▾</span>
      </button>
      {open && (
        <div class="wb-menu-panel" ref={panel} role="dialog" aria-label={label}>
          {children(shut)}
        </div>
      )}
    </div>
  );
}

/** Arrows go from one choice to the next; in a field of text or a date they are the field's own, sideways. */
function step(event: KeyboardEvent, panel: HTMLElement | null): void {
  const here = event.target as HTMLInputElement;
  if (!panel || here.type === "date") return;
  const all = [...panel.querySelectorAll<HTMLElement>("input, button")];
  const next = all[all.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

interface OptionsProps {
  label: string;
  options: OptionView[];
  chosen: string[];
  many: boolean;
  onPick: (value: string) => void;
}

/** Options above which they can be searched. */
const FEW = 8;

/** One or several of a list, each in full. Enter in the search takes the first that is shown. */
export function Options({ label, options, chosen, many, onPick }: OptionsProps) {
  const [words, setWords] = useState("");
  const shown = options.filter((one) => one.label.toLowerCase().includes(words.trim().toLowerCase()));
  return (
    <div class="wb-picks">
      {options.length > FEW && (
        <input
          class="wb-input"
          type="search"
          dir="auto"
          aria-label={`Search: ${label}`}
          placeholder="Search"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = shown[0];
            if (event.key !== "Enter" || !first) return;
            event.preventDefault();
            onPick(first.value);
          }}
        />
      )}
      <div class="wb-picks-list" role="group" aria-label={label}>
        {shown.map((one) =>
          many ? (
            <label class="wb-check" key={one.value}>
              <input type="checkbox" checked={chosen.includes(one.value)} onChange={() => onPick(one.value)} />
              <bdi>{one.label}</bdi>
            </label>
          ) : (
            <button type="button" class="wb-pick" key={one.value} aria-pressed={chosen.includes(one.value)} onClick={() => onPick(one.value)}>
              <bdi>{one.label}</bdi>
            </button>
          ),
        )}
        {shown.length === 0 && <p class="wb-small wb-muted">{words ? "Nothing is called that." : "No choices available."}</p>}
      </div>
    </div>
  );
}
