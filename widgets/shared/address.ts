import type { LinkView } from "../shared/protocol";

export type Query = Record<string, string>;

/** Names in a Voilà address that are not filters: how the page looks travels along, what lets a person in does not. */
const KEPT = ["theme", "voila-theme", "template", "voila-template"];
const DROPPED = ["token"];

export function inVoila(): boolean {
  return document.body.dataset["voila"] === "voila";
}

/** The filters of an address's search part. */
export function queryOf(search: string): Query {
  const found: Query = {};
  for (const [name, value] of new URLSearchParams(search)) if (!KEPT.includes(name) && !DROPPED.includes(name)) found[name] = value;
  return found;
}

/** The search part of these filters, with what the page's own address holds of its looks. */
export function searchOf(query: Query, current = location.search): string {
  const out = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  for (const [name, value] of new URLSearchParams(current)) if (KEPT.includes(name)) out.set(name, value);
  const text = out.toString();
  return text && `?${text}`;
}

/** A dashboard's address beside the one that is open. */
export function hrefOf(link: LinkView): string {
  return `${encodeURIComponent(link.page)}.ipynb${searchOf(link.query)}`;
}

export function same(one: Query, other: Query): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}
