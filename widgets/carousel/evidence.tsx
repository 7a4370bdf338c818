import type { PieceView } from "../shared/protocol";

/** A sentence with the words marked that its score depends on. */
export function Marked({ pieces }: { pieces: PieceView[] }) {
  return (
    <>
      {pieces.map(({ text, speaks }) => (speaks ? <mark class={`wb-${speaks}`}>{text}</mark> : text))}
    </>
  );
}

/** The same in words, for those who cannot tell the marks apart. */
export function Words({ evidence }: { evidence: PieceView[] | string | undefined }) {
  if (evidence === undefined) return <p class="wb-counted">Checking which words matter…</p>;
  if (typeof evidence === "string") return <p class="wb-counted">{evidence}</p>;
  const told = (speaks: PieceView["speaks"]) => [...new Set(evidence.filter((piece) => piece.speaks === speaks).map((piece) => piece.text))];
  const [pro, contra] = [told("for"), told("against")];
  if (pro.length + contra.length === 0) return <p class="wb-counted">No single word matters much; the sentence as a whole does.</p>;
  return (
    <p class="wb-counted" title="A word counts if removing it would change how likely the tracker is to find the sentence.">
      {pro.length > 0 && <List title="For a match" kind="for" words={pro} />}
      {contra.length > 0 && <List title="Against" kind="against" words={contra} />}
    </p>
  );
}

function List({ title, kind, words }: { title: string; kind: string; words: string[] }) {
  return (
    <span class="wb-counted-list">
      {title}:{" "}
      {words.map((word, at) => (
        <>
          {at > 0 && ", "}
          <mark class={`wb-${kind}`} dir="auto">
            {word}
          </mark>
        </>
      ))}
    </span>
  );
}
