import type { FiltersForm, PartForm } from "../shared/protocol";

/** A filter that is set, in words, and the change that takes it off. */
export interface Chip {
  text: string;
  clear: Partial<FiltersForm>;
}

export const ANYWHERE: PartForm = { where: "anywhere", amount: 5, unit: "minutes" };

/** Filters that are lists of values, with what people call them. */
export const LISTS = {
  channels: "Channel",
  directions: "Direction",
  languages: "Language",
  teams: "Team",
  participants: "Participant",
  accounts: "Account",
  stages: "Deal stage",
  outcomes: "Outcome",
} as const;

export type ListName = keyof typeof LISTS;

const VALUES: Record<string, string> = {
  web_conference: "Web conference",
  telephony: "Telephone",
  inbound: "Inbound",
  outbound: "Outbound",
  conference: "Conference",
  open: "Open",
  won: "Won",
  lost: "Lost",
};
const CODED: readonly ListName[] = ["channels", "directions", "outcomes"];
const SHOWN = 3; // values of a list that a chip spells out

/** A value of a list filter as it is shown. */
export function valueName(list: ListName, value: string): string {
  if (list === "languages") return languageName(value);
  return CODED.includes(list) ? (VALUES[value] ?? value) : value;
}

/** A further field's name, such as call_type, as people would write it. */
export function fieldName(name: string): string {
  const words = name.replace(/[_\s]+/g, " ").trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A whole number with more digits than numbers here can hold; Python gives it and takes it back like this. */
function isWhole(value: unknown): value is { whole: string } {
  return typeof value === "object" && value !== null && "whole" in value && typeof value.whole === "string";
}

export function fieldValue(value: unknown): string {
  if (Array.isArray(value)) return several(value.map(fieldValue));
  if (value === null) return "not recorded";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isWhole(value)) return value.whole;
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}

export function partInWords({ where, amount, unit }: PartForm): string {
  if (where === "anywhere") return "anywhere in the call";
  if (unit === "percent") return `the ${where} ${amount}% of the call`;
  return `the ${where} ${amount === 1 ? "minute" : `${amount} minutes`} of the call`;
}

/** Every filter that is not as it comes, in the order of the page. */
export function chipsOf(filters: FiltersForm): Chip[] {
  const { side, kinds, scope, part, title } = filters;
  const chips: Chip[] = [];
  const set = (text: string, clear: Partial<FiltersForm>) => void chips.push({ text, clear });
  if (side !== "anyone") set(side === "customer" ? "Said by customers" : "Said by your company", { side: "anyone" });
  if (kinds.includes("email")) set(kinds.includes("call") ? "Calls and e-mails" : "E-mails only", { kinds: ["call"] });
  if (scope !== "external") set(scope === "internal" ? "Internal calls only" : "External and internal", { scope: "external" });
  if (part.where !== "anywhere") set(capital(partInWords(part)), { part: ANYWHERE });
  for (const list of Object.keys(LISTS) as ListName[]) {
    const values = filters[list];
    if (values.length > 0) set(`${LISTS[list]}: ${several(values.map((value) => valueName(list, value)))}`, { [list]: [] });
  }
  if (title) set(`Title has “${title}”`, { title: "" });
  if (filters.started_from) set(`From ${day(filters.started_from)}`, { started_from: null });
  if (filters.started_before) set(`Before ${day(filters.started_before)}`, { started_before: null });
  for (const [name, value] of Object.entries(filters.fields)) {
    const { [name]: _, ...fields } = filters.fields;
    set(`${fieldName(name)}: ${fieldValue(value)}`, { fields });
  }
  return chips;
}

/** What takes all filters off. */
export function cleared(filters: FiltersForm): Partial<FiltersForm> {
  return Object.assign({}, ...chipsOf(filters).map((chip) => chip.clear), { fields: {} }) as Partial<FiltersForm>;
}

/** A date without its time, as a date field wants it. */
export function dateOf(moment: string | null): string {
  return moment?.slice(0, 10) ?? "";
}

/** A date field's value as the kernel writes it, so that the same day reads the same. */
export function momentOf(date: string): string | null {
  return date ? `${date}T00:00:00` : null;
}

function day(moment: string): string {
  const date = new Date(`${dateOf(moment)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? moment : date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

function several(values: string[]): string {
  const rest = values.length - SHOWN;
  return rest > 0 ? `${values.slice(0, SHOWN).join(", ")} and ${rest.toLocaleString("en")} more` : values.join(", ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code; // no language has such a code
  }
}
