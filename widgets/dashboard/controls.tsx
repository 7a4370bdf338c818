import { useState } from "preact/hooks";
import type { Query } from "../shared/address";
import type { ControlView } from "../shared/protocol";
import { Menu, Options } from "./menu";
import { Period, periodInWords } from "./period";
import { SearchBox, Words } from "./search";
import type { Acts, State } from "./types";

interface Props {
  control: ControlView;
  value: string;
  onSet: (value: string) => void;
}

/** What is chosen among more, or among longer names, than a list of the browser's shows well. */
const MOST_PLAIN = 12;
const LONGEST_PLAIN = 24;
const DATES = ["from", "to"];

/** The filters in one row; each change is asked for at once, words after a pause or on Enter. */
export function Controls({ state, acts }: { state: State; acts: Acts }) {
  const controls = state.view?.controls ?? [];
  if (controls.length === 0) return null;
  const held = (name: string) => shownIn(controls.find((one) => one.name === name), state);
  const period = controls.find((one) => one.kind === "period");
  const dated = period ? DATES : [];
  const more = controls.filter((one) => one.more);
  const active = more.filter((one) => shownIn(one, state));
  const cleared: Query = Object.fromEntries([...more.map(({ name }) => name), ...(period ? [period.name, ...DATES] : [])].map((name) => [name, ""]));
  const filtered = Object.keys(cleared).some((name) => held(name));
  return (
    <form class="wb-controls" role="search" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {controls
        .filter((one) => !one.more && one.kind !== "period" && !dated.includes(one.name))
        .map((control) =>
          control.kind === "search" ? (
            <SearchBox key="search" control={control} value={shownIn(control, state)} acts={acts} />
          ) : (
            <Control key={control.name} control={control} value={shownIn(control, state)} onSet={(value) => acts.set(control.name, value)} />
          ),
        )}
      {period && <Period control={period} value={held(period.name)} from={held("from")} to={held("to")} acts={acts} />}
      {active.map((control) => (
        <Active key={control.name} control={control} value={shownIn(control, state)} onSet={(value) => acts.set(control.name, value)} />
      ))}
      {more.length > 0 && <Add controls={more} state={state} acts={acts} />}
      {filtered && (
        <button type="button" class="wb-link wb-small wb-reset" onClick={() => acts.change(cleared)}>
          Clear filters
        </button>
      )}
      {filtered && (
        <p class="wb-hidden" role="status">
          {[...active.map((one) => inWords(one, shownIn(one, state))), period ? periodInWords(period, held(period.name), held("from"), held("to")) : ""].filter(Boolean).join("; ")}
        </p>
      )}
    </form>
  );
}

/** While it is asked for, what the person chose; then what the kernel made of it. */
function shownIn(control: ControlView | undefined, state: State): string {
  if (!control) return "";
  return state.asking ? (state.query[control.name] ?? "") : control.value;
}

/** The values of a filter. One that is there as a whole is one, whatever it holds. */
function valuesOf({ options }: ControlView, value: string): string[] {
  return value && options.some((one) => one.value === value) ? [value] : value.split("|").filter(Boolean);
}

function turned(control: ControlView, value: string, one: string): string {
  const chosen = valuesOf(control, value);
  return (chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]).join("|");
}

const labelOf = ({ options }: ControlView, value: string) => options.find((one) => one.value === value)?.label ?? value;

/** Such as "Team: North or South". */
function inWords(control: ControlView, value: string): string {
  const names = valuesOf(control, value).map((one) => labelOf(control, one));
  const said = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  return `${control.label}: ${said}`;
}

function Control({ control, value, onSet }: Props) {
  const { kind, label, options } = control;
  const plain = kind === "choice" && options.length <= MOST_PLAIN && options.every((one) => one.label.length <= LONGEST_PLAIN);
  if (kind === "many" || (kind === "choice" && !plain)) {
    const said = kind === "many" && !value ? labelOf(control, "") || "All" : kind === "many" ? inWords(control, value).slice(label.length + 2) : labelOf(control, value) || "Choose…";
    return (
      <div class="wb-field">
        <span class="wb-small" aria-hidden="true">
          {label}
        </span>
        <Menu said={said} label={`${label}: ${said}`} class="wb-input wb-picker">
          {(shut) => <Choices control={control} value={value} onSet={onSet} shut={shut} />}
        </Menu>
      </div>
    );
  }
  return (
    <label class={`wb-field wb-field-${kind}`}>
      <span class="wb-small">{label}</span>
      {kind === "choice" ? (
        <select class="wb-input" value={value} onChange={(event) => onSet(event.currentTarget.value)}>
          {!options.some((one) => one.value === value) && <option value={value}>{value || "Choose…"}</option>}
          {options.map((one) => (
            <option value={one.value}>{one.label}</option>
          ))}
        </select>
      ) : kind === "date" ? (
        <input class="wb-input" type="date" value={value} onChange={(event) => onSet(event.currentTarget.value)} />
      ) : (
        <Words value={value} onSet={onSet} />
      )}
    </label>
  );
}

/** What a filter can be set to. Several stay open for more, one shuts the panel. */
function Choices({ control, value, onSet, shut }: Props & { shut: () => void }) {
  const many = control.kind === "many";
  if (control.kind === "text")
    return (
      <label class="wb-field">
        <span class="wb-small">{control.label}</span>
        <Words value={value} onSet={onSet} />
      </label>
    );
  const pick = (one: string) => {
    onSet(many ? turned(control, value, one) : one);
    if (!many) shut();
  };
  return <Options label={control.label} options={many ? control.options.filter((one) => one.value) : control.options} chosen={many ? valuesOf(control, value) : [value]} many={many} onPick={pick} />;
}

/** A filter in force: what it holds, in full; a click changes it, the cross takes it away. */
function Active({ control, value, onSet }: Props) {
  const said = inWords(control, value);
  return (
    <div class="wb-active">
      <Menu said={said} label={said} class="wb-active-name wb-small">
        {(shut) => <Choices control={control} value={value} onSet={onSet} shut={shut} />}
      </Menu>
      <button type="button" class="wb-active-off" aria-label={`Remove ${said}`} onClick={() => onSet("")}>
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}

/** Adds a filter: which one, then what it holds. */
function Add({ controls, state, acts }: { controls: ControlView[]; state: State; acts: Acts }) {
  const [name, setName] = useState("");
  const control = controls.find((one) => one.name === name);
  return (
    <Menu said="+ Filter" label="Add a filter" class="wb-button wb-small wb-add" onShut={() => setName("")}>
      {(shut) =>
        control ? (
          <>
            <button type="button" class="wb-link wb-small" onClick={() => setName("")}>
              <span aria-hidden="true">‹</span> All filters
            </button>
            <Choices control={control} value={shownIn(control, state)} onSet={(value) => acts.set(name, value)} shut={shut} />
          </>
        ) : (
          <Options label="Filters" options={controls.map((one) => ({ value: one.name, label: one.label }))} chosen={controls.filter((one) => shownIn(one, state)).map((one) => one.name)} many={false} onPick={setName} />
        )
      }
    </Menu>
  );
}
