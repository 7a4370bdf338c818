import { useState } from "preact/hooks";

import { fold } from "../shared/fold";

interface ChoiceProps<Value extends string> {
  label: string;
  value: string;
  options: [Value, string][];
  onChange: (value: Value) => void;
}

/** One of a few. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  // Radio buttons of one name exclude each other in the whole page, and each widget has a module of its own.
  const [name] = useState(() => `wb-choice-${Math.random().toString(36).slice(2)}`);
  return (
    <fieldset class="wb-choice-row">
      <legend>{label}</legend>
      <div class="wb-segments">
        {options.map(([option, text]) => (
          <label>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ManyProps {
  label: string;
  options: string[];
  value: string[];
  nameOf?: (value: string) => string;
  /** How many conversations have each value, as far as known. */
  counts?: Record<string, number>;
  /** Where a part of a name will do as well: what is typed can be taken as it is. */
  free?: boolean;
  onChange: (value: string[]) => void;
}

const SEARCH_FROM = 9; // options, from which on a search field helps
const MOST = 100; // options that are drawn at once

/**
 * Any number of many; none means all. Those that are chosen come first, and values that the corpus no longer has stay,
 * so that they can be taken off. The list is one stop of the Tab key; arrow keys go through it.
 */
export function Many({ label, options, value, nameOf = (one) => one, counts = {}, free = false, onChange }: ManyProps) {
  const [search, setSearch] = useState("");
  const [first, setFirst] = useState(value); // chosen when the list was last put in order: ticking moves nothing
  const [active, setActive] = useState("");
  const { shown, more } = optionsFor(options, value, first, search, nameOf);
  const toggle = (one: string) => onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
  const typed = search.trim();
  const offer = free && typed !== "" && !value.includes(typed);
  const stop = shown.includes(active) ? active : shown[0];
  return (
    <fieldset class="wb-many">
      <legend class="wb-hidden">{label}</legend>
      {(options.length >= SEARCH_FROM || free) && (
        <input
          class="wb-input wb-small"
          type="search"
          dir="auto"
          aria-label={`Search ${label}`}
          placeholder={free ? "Part of a name" : `Search ${options.length.toLocaleString("en")}`}
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            setFirst(value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !offer) return;
            event.preventDefault();
            onChange([...value, typed]);
          }}
        />
      )}
      {offer && (
        <button type="button" class="wb-link wb-small wb-take" onClick={() => onChange([...value, typed])}>
          Anyone with “<bdi>{typed}</bdi>” in name or address
        </button>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the boxes within, which have the focus */}
      <div class="wb-options" onKeyDown={(event) => walk(event)}>
        {shown.map((one) => (
          <label key={one}>
            <input type="checkbox" checked={value.includes(one)} tabIndex={one === stop ? 0 : -1} onFocus={() => setActive(one)} onChange={() => toggle(one)} />
            <bdi>{nameOf(one)}</bdi>
            {counts[one] !== undefined && <span class="wb-small wb-muted wb-number">{counts[one].toLocaleString("en")}</span>}
          </label>
        ))}
      </div>
      {shown.length === 0 && <p class="wb-muted wb-small">No matches for these letters.</p>}
      {more > 0 && <p class="wb-muted wb-small">{more.toLocaleString("en")} more: type to find them.</p>}
    </fieldset>
  );
}

/** What a list shows of its options, and how many more there are. */
export function optionsFor(options: string[], value: string[], first: string[], search: string, nameOf: (one: string) => string): { shown: string[]; more: number } {
  const top = new Set([...first.filter((one) => value.includes(one) || options.includes(one)), ...value.filter((one) => !options.includes(one))]);
  const wanted = fold(search.trim());
  const all = [...top, ...options.filter((one) => !top.has(one))].filter((one) => fold(nameOf(one)).includes(wanted));
  return { shown: all.slice(0, MOST), more: Math.max(0, all.length - MOST) };
}

function walk(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>("input")];
  boxes[boxes.indexOf(event.target as HTMLInputElement) + by]?.focus();
}

const NOT_RECORDED = JSON.stringify(null);

interface FieldProps {
  label: string;
  options: unknown[];
  /** Undefined where any value passes; null asks for conversations that have none. */
  value: unknown;
  nameOf: (value: unknown) => string;
  onChange: (value: unknown) => void;
}

/** One value of a further field, or any. */
export function FieldChoice({ label, options, value, nameOf, onChange }: FieldProps) {
  const values = value === undefined || value === null || options.some((one) => JSON.stringify(one) === JSON.stringify(value)) ? options : [value, ...options];
  return (
    <label class="wb-field">
      <span dir="auto">{label}</span>
      <select
        class="wb-input"
        value={value === undefined ? "" : JSON.stringify(value)}
        onChange={(event) => onChange(event.currentTarget.value === "" ? undefined : (JSON.parse(event.currentTarget.value) as unknown))}
      >
        <option value="">Any</option>
        {values.map((one) => (
          <option value={JSON.stringify(one)}>{nameOf(one)}</option>
        ))}
        <option value={NOT_RECORDED}>{nameOf(null)}</option>
      </select>
    </label>
  );
}
