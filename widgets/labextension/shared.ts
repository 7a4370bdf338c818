// The packages that a page shares with its extensions, which webpack keeps by name and version.
import type { Packages } from "./jupyter";

interface Offer {
  get(): Promise<() => unknown>;
  loaded?: boolean | number;
}

export type Scope = Record<string, Record<string, Offer> | undefined>;

/** Compares versions such as 4.6.6 and 4.10.0-beta.1 by their numbers. */
export function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0)) as [number[], number[]];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Gives a shared package: the one that the page uses already, else the newest. Gives undefined where it has none. */
export async function shared<Name extends keyof Packages>(scope: Scope, name: Name): Promise<Packages[Name] | undefined> {
  const offers = Object.entries(scope[name] ?? {});
  offers.sort(([a, first], [b, second]) => Number(Boolean(second.loaded)) - Number(Boolean(first.loaded)) || compare(b, a));
  const offer = offers[0]?.[1];
  return offer && ((await offer.get())() as Packages[Name]);
}
