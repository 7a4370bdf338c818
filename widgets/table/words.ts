import { day, time } from "../shared/moments";
import { plural } from "../shared/parts";
import type { RunView, TrackerStage } from "../shared/protocol";
import { percent } from "../shared/words";

export const STATE: Record<TrackerStage, string> = { draft: "Draft", active: "Active", paused: "Paused", deactivated: "Deactivated", deleted: "Deleted", unreadable: "Can't be read" };
const PART: Record<string, string> = { threshold: "setting", settings: "what it finds by" };
const PICTURE: Record<string, string> = { example: "✎", keyword: "“”", phrase: "≈", question: "?" };
const KIND: Record<string, string> = { example: "From examples", keyword: "Keywords", phrase: "Phrases", question: "Question" };

/** A kind of tracker, as people would call it. */
export function kindName(kind: string): string {
  return KIND[kind] ?? kind;
}

/** A sign for a kind of tracker; its name stands beside it. */
export function kindPicture(kind: string): string {
  return PICTURE[kind] ?? "";
}

/** Which parts of a tracker differ, as people would call them. */
export function partsInWords(parts: string[]): string {
  return parts.map((part) => PART[part] ?? part).join(", ");
}

/** The rule by which it says yes. */
export function ruleInWords(rule: string): string {
  const [kind, least] = rule.split(">=");
  if (kind === "balanced" || !least) return "Balanced";
  return kind === "precision" ? `Few false leads: precision at least ${percent(Number(least))}` : `Miss nothing: hit rate at least ${percent(Number(least))}`;
}

export { day };

export function moment(iso: string): string {
  return `${day(iso)}, ${time(iso)}`;
}

const HOW = { running: "Has read", done: "Has read", cancelled: "Cancelled after", interrupted: "Interrupted after", failed: "Failed after" };

/** " by version 1", " by versions 1 and 2"; empty where nothing was found, or by the version that is shown alone. */
export function byInWords(versions: number[], shown: number | null): string {
  if (versions.length === 0 || (versions.length === 1 && versions[0] === shown)) return "";
  const last = versions.at(-1);
  return versions.length === 1 ? ` by version ${last}` : ` by versions ${versions.slice(0, -1).join(", ")} and ${last}`;
}

/** How far past calls are read, and what was found by which versions. */
export function runInWords({ state, done, total, found, found_by: by, last_run: last }: RunView): string {
  const sum = `${plural(found, "sentence")} found${byInWords(by, null)}`;
  const far = total > 0 ? `${HOW[state]} ${done.toLocaleString("en")} of ${plural(total, "past call")}, ${sum}` : sum;
  return last ? `${far}; last run ${moment(last)}` : far;
}

/** The same in the room of a cell. */
export function runInBrief({ state, fraction, found, found_by: by }: RunView, version: number | null): string {
  const far = percent(fraction).replace(" ", "\u00a0");
  const sum = `${found.toLocaleString("en")} found${byInWords(by, version)}`;
  if (state === "done") return sum;
  if (state === "running") return `${far}, ${sum}`;
  return `${{ cancelled: "Cancelled", interrupted: "Interrupted", failed: "Failed" }[state]} at ${far}`;
}

/** What is not read, or could not be judged; empty where all is well. */
export function leftInWords({ waiting, unjudged }: RunView): string {
  if (waiting) return `New calls waiting: ${waiting}`;
  return unjudged > 0 ? `${plural(unjudged, "call")} not judged` : "";
}

/** What a tracker does once it is published. */
export function publishedInWords(past: string | null, many: boolean): string {
  const runs = many ? "They run automatically on new calls" : "It runs automatically on new calls";
  const which = past === "all" ? "all past calls are" : `those of the past ${past?.replace(/^1 /, "")} are`;
  return past ? `${runs}, and ${which} read in the background.` : `${runs}.`;
}

/** Names in a row of words: one, or how many. */
export function namesOf(names: string[]): string {
  return names.length === 1 ? `“${names[0]}”` : `${names.length} trackers`;
}

/** What was done, before the names of those it was done to. */
export const DID: Record<string, string> = { publish: "Published", pause: "Paused", resume: "Resumed", deactivate: "Deactivated", delete: "Deleted", restore: "Restored" };

/** What follows once a tracker is chosen, by the widget that takes it up. */
export const CHOSEN: Record<string, string> = {
  carousel: "Its sentences to tag are in the cards below this table.",
  builder: "It is open in the builder below this table.",
  question: "It is open in the question builder below this table.",
  review: "The widgets below this table now show it.",
};
