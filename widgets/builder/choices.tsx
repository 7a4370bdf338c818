import { useState } from "preact/hooks";

interface ChoiceProps<Value extends string> {
  label: string;
  value: string;
  options: [Value, string][];
  onChange: (value: Value) => void;
}

let groups = 0;

/** One of a few. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const [name] = useState(() => `wb-choice-${++groups}`);
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
  names?: Record<string, string>;
  onChange: (value: string[]) => void;
}

const SEARCH_FROM = 9; // options, from which on a search field helps

/** Any number of many; none means all. Values that the corpus no longer has stay, so that they can be taken off. */
export function Many({ label, options, value, names = {}, onChange }: ManyProps) {
  const [search, setSearch] = useState("");
  const all = [...options, ...value.filter((one) => !options.includes(one))];
  if (all.length === 0) return null;
  const nameOf = (one: string) => names[one] ?? one;
  const seen = all.filter((one) => nameOf(one).toLowerCase().includes(search.toLowerCase()));
  const toggle = (one: string) => onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
  return (
    <fieldset class="wb-many">
      <legend>
        {label}
        <span class="wb-muted"> · {value.length === 0 ? "all" : value.length}</span>
      </legend>
      {all.length >= SEARCH_FROM && (
        <input class="wb-input wb-small" type="search" aria-label={`Search ${label}`} placeholder="Search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      )}
      <div class="wb-options">
        {seen.map((one) => (
          <label>
            <input type="checkbox" checked={value.includes(one)} onChange={() => toggle(one)} />
            <bdi>{nameOf(one)}</bdi>
          </label>
        ))}
        {seen.length === 0 && <span class="wb-muted wb-small">None has these letters.</span>}
      </div>
    </fieldset>
  );
}
