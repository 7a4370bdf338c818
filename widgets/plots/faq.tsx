const ANSWERS: [string, string][] = [
  [
    "What does precision mean?",
    "The share of the sentences the tracker finds that really fit. With 80%, two of every ten it shows are false leads. It matters most when acting on a false lead costs time.",
  ],
  [
    "What does hit rate mean?",
    "The share of all sentences that really fit which the tracker finds; also called recall. With 70%, three of every ten slip through. It matters most when missing one costs more than reading one too many.",
  ],
  [
    "Why are there two estimates?",
    "The round marks come from your tags: ten times, a tenth of them is held out, and the tracker learns from the rest and is tested on the held-out part. Those sentences were chosen to teach, so they are harder than most. The diamonds use only sentences drawn at random, so they describe all your calls, with a range that most likely contains the true value.",
  ],
  [
    "Why can a number go down after more tagging?",
    "Each round brings new and often harder sentences, and the test changes with them: no two rounds are measured on the same sentences. A dip is normal; look at the trend over several rounds.",
  ],
  [
    "How does it know what it missed?",
    "It is tested on sentences you have already answered, so every yes it does not find is a known miss.",
  ],
  [
    "What if it stays poor?",
    "Rounds 5 to 10 should help. If they don't, try other example sentences, or split the idea into two trackers.",
  ],
];

export function Faq() {
  return (
    <details>
      <summary>What do these numbers mean?</summary>
      <dl class="wb-faq">
        {ANSWERS.map(([question, answer]) => (
          <div>
            <dt>{question}</dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
