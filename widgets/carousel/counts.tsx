import type { SummaryView } from "../shared/protocol";

/** What a round was answered, counted. */
export function Counts({ counts }: { counts: Pick<SummaryView, "yes" | "no" | "not_sure"> }) {
  return (
    <ul class="wb-counts" aria-label="Your answers">
      <li class="wb-yes">
        <b>{counts.yes}</b> yes
      </li>
      <li class="wb-no">
        <b>{counts.no}</b> no
      </li>
      <li class="wb-not_sure">
        <b>{counts.not_sure}</b> not sure
      </li>
    </ul>
  );
}
