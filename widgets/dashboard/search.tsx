import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ControlView, LIMITS } from "../shared/protocol";
import type { Acts } from "./types";

const PAUSE_MS = 700;

/** What a person types stays as typed, whatever arrives from the kernel meanwhile. */
export function Words({ value, onSet, label }: { value: string; onSet: (value: string) => void; label?: string }) {
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
      aria-label={label}
      maxLength={LIMITS.value}
      value={text}
      onInput={(event) => typed(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && apply(event.currentTarget.value)}
      onBlur={(event) => apply(event.currentTarget.value)}
    />
  );
}

/** One box, and how its text is meant: each way has a name of its own in the address. */
export function SearchBox({ control, value, acts }: { control: ControlView; value: string; acts: Acts }) {
  const { name, label, options } = control;
  const others = options.map((one) => one.value).filter((one) => one !== name);
  const ask = (way: string, text: string) => acts.change({ ...Object.fromEntries(options.map((one) => [one.value, ""])), [way]: text });
  const [way, setWay] = useState(name);
  useLayoutEffect(() => setWay(name), [name, value]);
  const turn = (chosen: string) => {
    setWay(chosen);
    if (value) ask(chosen, value);
  };
  return (
    <div class="wb-field wb-searching" data-ways={others.length + 1}>
      <span class="wb-small" aria-hidden="true">
        {label}
      </span>
      <div class="wb-searching-row">
        <Words value={value} label={label} onSet={(text) => ask(way, text)} />
        <fieldset class="wb-ways">
          <legend class="wb-hidden">How it is meant</legend>
          {options.map((one) => (
            <label class={`wb-small${one.value === way ? " wb-on" : ""}`}>
              <input type="radio" name="wb-way" checked={one.value === way} onChange={() => turn(one.value)} />
              {one.label}
            </label>
          ))}
        </fieldset>
      </div>
    </div>
  );
}
