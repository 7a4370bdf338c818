import { plural } from "../shared/parts";
import type { RoundView, SettingView } from "../shared/protocol";

/** What a setting of the dial would bring. */
export function settingInWords({ found, quality }: SettingView): string {
  return `It finds ${plural(found, "sentence")} in your calls. ${quality.sentence}`;
}

/** A count as a person would say it: 130, 1,050. */
function roughly(count: number): string {
  const step = count < 200 ? 5 : 50;
  return (Math.round(count / step) * step).toLocaleString("en");
}

/** What an audit would bring; empty where the estimate is narrow already. */
export function offer(round: RoundView): string {
  if (round.wanted === 0) return "";
  if (round.wanted === null) return "An audit asks about 25 sentences, drawn to narrow the estimate for all your calls.";
  return `An audit asks about 25 drawn sentences; about ${roughly(round.wanted)} would tell both numbers for all your calls to ±10 points.`;
}
