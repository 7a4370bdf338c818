import { useEffect, useRef, useState } from "preact/hooks";
import { Field, Hint } from "../shared/parts";
import type { FiltersForm } from "../shared/protocol";
import { Choice, FieldChoice, Many } from "./choices";
import { Matching } from "./matching";
import { Part } from "./part";
import type { Action, State } from "./types";
import { dateOf, fieldName, fieldValue, LISTS, type ListName, momentOf, valueName } from "./words";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  keyword: () => void;
  /** Whether the tracker is trained, on calls alone. */
  training?: boolean;
}

type SetFilter = (change: Partial<FiltersForm>) => void;

export function Filters({ state, dispatch, keyword, training = true }: Props) {
  const { form, facets } = state;
  const { filters } = form;
  const set: SetFilter = (change) => dispatch({ type: "filter", change });
  return (
    <div class="wb-filters">
      <Matching state={state} dispatch={dispatch} keyword={keyword} />
      <div class="wb-main-filters">
        <Choice
          label="Mentioned by"
          value={filters.side}
          options={[
            ["company", "Your company"],
            ["customer", "Customers"],
            ["anyone", "Anyone"],
          ]}
          onChange={(side) => set({ side })}
        />
        <Choice
          label="Look in"
          value={filters.kinds.includes("email") ? (filters.kinds.includes("call") ? "both" : "email") : "call"}
          options={[
            ["call", "Calls"],
            ["both", "Calls and e-mails"],
          ]}
          onChange={(kind) => set({ kinds: kind === "both" ? ["call", "email"] : [kind] })}
        />
        <Choice
          label="Kind of meeting"
          value={filters.scope}
          options={[
            ["external", "External"],
            ["internal", "Internal"],
            ["any", "Both"],
          ]}
          onChange={(scope) => set({ scope })}
        />
        <Part part={filters.part} usual={facets.usual_s ?? null} onChange={(part) => set({ part })} />
      </div>
      {training && filters.kinds.includes("email") && <Hint level="tip">Training uses calls only. E-mails are searched once the tracker is in use.</Hint>}
      <h4>Narrow it down</h4>
      <Lists state={state} set={set} />
      <div class="wb-plain-filters">
        <Field label="Title has the words">
          <input class="wb-input" dir="auto" value={filters.title} onInput={(event) => set({ title: event.currentTarget.value })} />
        </Field>
        <Field label="From (day)">
          <input class="wb-input" type="date" value={dateOf(filters.started_from)} onInput={(event) => set({ started_from: momentOf(event.currentTarget.value) })} />
        </Field>
        <Field label="Before (day)">
          <input class="wb-input" type="date" value={dateOf(filters.started_before)} onInput={(event) => set({ started_before: momentOf(event.currentTarget.value) })} />
        </Field>
        <Fields state={state} set={set} />
      </div>
    </div>
  );
}

function Lists({ state, set }: { state: State; set: SetFilter }) {
  const { filters } = state.form;
  const lists = (Object.keys(LISTS) as ListName[]).filter((list) => (state.facets[list] ?? []).length + filters[list].length > 0);
  return (
    <div class="wb-lists">
      {lists.map((list) => (
        <List key={list} list={list} options={state.facets[list] ?? []} counts={state.facets.counts?.[list] ?? {}} value={filters[list]} onChange={(values) => set({ [list]: values })} />
      ))}
    </div>
  );
}

interface ListProps {
  list: ListName;
  options: string[];
  counts: Record<string, number>;
  value: string[];
  onChange: (value: string[]) => void;
}

/** One list, folded up; its options are drawn when it is opened, over what is below. */
function List({ list, options, counts, value, onChange }: ListProps) {
  const [open, setOpen] = useState(false);
  const details = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (details.current) details.current.open = false;
  };
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => event.composedPath().includes(details.current as EventTarget) || close();
    for (const type of ["pointerdown", "focusin"]) document.addEventListener(type, elsewhere);
    return () => {
      for (const type of ["pointerdown", "focusin"]) document.removeEventListener(type, elsewhere);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    close();
    details.current?.querySelector("summary")?.focus();
  };
  return (
    <details ref={details} onToggle={(event) => setOpen(event.currentTarget.open)} onKeyDown={onKeyDown}>
      <summary>
        <span>{LISTS[list]}</span>
        <span class={value.length > 0 ? "wb-chosen" : "wb-muted"}>{value.length > 0 ? `${value.length} chosen` : "all"}</span>
      </summary>
      {open && <Many label={LISTS[list]} options={options} value={value} counts={counts} nameOf={(one) => valueName(list, one)} free={list === "participants"} onChange={onChange} />}
    </details>
  );
}

/** Fields of the corpus, and those that are filtered by though no conversation has them any more. */
function Fields({ state, set }: { state: State; set: SetFilter }) {
  const { fields } = state.form.filters;
  const known = state.facets.fields ?? {};
  const names = [...new Set([...Object.keys(known), ...Object.keys(fields)])];
  const change = (name: string, value: unknown) => {
    const { [name]: _, ...others } = fields;
    set({ fields: value === undefined ? others : { ...others, [name]: value } });
  };
  return (
    <>
      {names.map((name) => (
        <FieldChoice key={name} label={fieldName(name)} options={known[name] ?? []} value={fields[name]} nameOf={fieldValue} onChange={(value) => change(name, value)} />
      ))}
    </>
  );
}
