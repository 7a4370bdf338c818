import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ControlView, LIMITS } from "../shared/protocol";
import type { Acts, State } from "./types";

const PAUSE_MS = 700;

/** The filters; each change is asked for at once, words after a pause or on Enter. */
export function Controls({ state, acts }: { state: State; acts: Acts }) {
  const controls = state.view?.controls ?? [];
  if (controls.length === 0) return null;
  const set = (name: string) => (value: string) => acts.set(name, value);
  const filtered = controls.some((one) => shownIn(one, state) !== "");
  return (
    <form class="wb-controls" role="search" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {controls.map((control) => (
        <Control key={control.name} control={control} value={shownIn(control, state)} onSet={set(control.name)} />
      ))}
      {filtered && (
        <button type="button" class="wb-link wb-small wb-reset" onClick={() => acts.go({})}>
          Reset
        </button>
      )}
    </form>
  );
}

/** While it is asked for, what the person chose; then what the kernel made of it. */
function shownIn(control: ControlView, state: State): string {
  return state.asking ? (state.query[control.name] ?? "") : control.value;
}

interface Props {
  control: ControlView;
  value: string;
  onSet: (value: string) => void;
}

function Control({ control, value, onSet }: Props) {
  if (control.kind === "many") return <Many control={control} value={value} onSet={onSet} />;
  return (
    <label class={`wb-field wb-field-${control.kind}`}>
      <span class="wb-small">{control.label}</span>
      {control.kind === "choice" ? (
        <select class="wb-input" value={value} onChange={(event) => onSet(event.currentTarget.value)}>
          {!control.options.some((one) => one.value === value) && <option value={value}>{value || "Choose…"}</option>}
          {control.options.map((one) => (
            <option value={one.value}>{one.label}</option>
          ))}
        </select>
      ) : control.kind === "date" ? (
        <input class="wb-input" type="date" value={value} onChange={(event) => onSet(event.currentTarget.value)} />
      ) : (
        <Words value={value} onSet={onSet} />
      )}
    </label>
  );
}

/** What a person types stays as typed, whatever arrives from the kernel meanwhile. */
function Words({ value, onSet }: { value: string; onSet: (value: string) => void }) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useLayoutEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useLayoutEffect(() => () => clearTimeout(timer.current), []);
  const apply = (now: string) => {
    clearTimeout(timer.current);
    if (now === sent.current) return;
    sent.current = now;
    onSet(now);
  };
  const typed = (now: string) => {
    setText(now);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => apply(now), PAUSE_MS);
  };
  return (
    <input
      class="wb-input"
      type="search"
      dir="auto"
      maxLength={LIMITS.value}
      value={text}
      onInput={(event) => typed(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && apply(event.currentTarget.value)}
      onBlur={(event) => apply(event.currentTarget.value)}
    />
  );
}

/** Several of a list, under a button that tells how many. */
function Many({ control, value, onSet }: Props) {
  const box = useRef<HTMLDetailsElement>(null);
  const chosen = value.split(",").filter(Boolean);
  const turn = (one: string) => onSet((chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]).join(","));
  const label = (one: string) => control.options.find((option) => option.value === one)?.label ?? one;
  const said = chosen.length === 0 ? "All" : chosen.length === 1 ? label(chosen[0] ?? "") : `${chosen.length} chosen`;
  const shut = () => {
    if (!box.current) return;
    box.current.open = false;
    box.current.querySelector("summary")?.focus();
  };
  const left = ({ relatedTarget }: FocusEvent) => {
    const inside = relatedTarget instanceof Node && box.current?.contains(relatedTarget);
    if (!inside && relatedTarget && box.current) box.current.open = false;
  };
  return (
    <div class="wb-field wb-field-many">
      <span class="wb-small" aria-hidden="true">
        {control.label}
      </span>
      <details ref={box} onKeyDown={(event) => event.key === "Escape" && shut()} onFocusOut={left}>
        <summary class="wb-input" aria-label={`${control.label}: ${said}`}>
          <bdi>{said}</bdi>
        </summary>
        <fieldset class="wb-options">
          <legend class="wb-hidden">{control.label}</legend>
          {control.options.length === 0 && <p class="wb-small wb-muted">No choices available.</p>}
          {control.options.map((one) => (
            <label class="wb-check">
              <input type="checkbox" checked={chosen.includes(one.value)} onChange={() => turn(one.value)} />
              <bdi>{one.label}</bdi>
            </label>
          ))}
        </fieldset>
      </details>
    </div>
  );
}
