import type { AssessmentView, BadgeName, IntervalView, MeasureView } from "./protocol";
import { CANT_TELL, percent, shareInWords } from "./words";

const LOOKS: Record<BadgeName, string> = { "well supported": "supported", fair: "fair", weak: "weak", "not measured": "unmeasured" };

/** How well a tracker does, in a word or two; the sentence is in its title. */
export function Badge({ quality }: { quality: AssessmentView }) {
  const { badge, sentence } = quality;
  return (
    <span class={`wb-badge wb-badge-${LOOKS[badge]}`} title={sentence}>
      {badge.charAt(0).toUpperCase() + badge.slice(1)}
    </span>
  );
}

interface MeasuresProps {
  quality: AssessmentView;
  /** What is known from the tags alone, which is in the title. */
  tags?: { precision: MeasureView; hit_rate: MeasureView } | null | undefined;
}

/** Precision and hit rate with their intervals, as far as they can be told. */
export function Measures({ quality, tags }: MeasuresProps) {
  const where = quality.basis === "all calls" ? "in all your calls" : `on ${quality.basis}`;
  return (
    <div class="wb-measures">
      <Measure name="Precision" share={quality.precision} title={measureTitle(`Precision ${where}`, quality.precision, tags?.precision)} />
      <Measure name="Hit rate" share={quality.hit_rate} title={measureTitle(`Hit rate ${where}`, quality.hit_rate, tags?.hit_rate)} />
    </div>
  );
}

export function Measure({ name, share, title }: { name: string; share: IntervalView | null; title: string }) {
  return (
    <p title={title}>
      <span class="wb-muted">{name}</span>
      {share ? <Share share={share} /> : <span class="wb-muted wb-untold">{CANT_TELL}</span>}
    </p>
  );
}

/** A share with its interval, as a picture and in numbers. */
function Share({ share }: { share: IntervalView }) {
  const { low, high, point } = share;
  return (
    <>
      <span class="wb-share" aria-hidden="true">
        <span class="wb-share-range" style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
        <span class="wb-share-point" style={{ left: `${point * 100}%` }} />
      </span>
      <span class="wb-number">{shareInWords(share)}</span>
    </>
  );
}

/** What is known of a measure, with what the tags alone say of it. */
export function measureTitle(name: string, share: IntervalView | null, tags?: MeasureView): string {
  const told = `${name}: ${share ? `${shareInWords(share)}, the 95% interval` : "not known yet"}.`;
  if (!tags) return told;
  return `${told} On the sentences you tagged: ${tags.heldout === null ? "not known yet" : percent(tags.heldout)}.`;
}
