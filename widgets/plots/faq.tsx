const ANSWERS: [string, string][] = [
  [
    "What does precision mean?",
    "Of all the sentences the tracker points at, the share that truly fit. With 80 %, two of every ten it shows are false leads. It matters most when acting on a false lead costs time.",
  ],
  [
    "What does hit rate mean?",
    "Of all the sentences that truly fit, the share the tracker finds; also called recall. With 70 %, three of every ten slip through. It matters most when missing one costs more than reading one too many.",
  ],
  [
    "Why are there two estimates?",
    "The round marks come from your tags: ten times, a tenth of them is set aside, the tracker learns from the others and is tested on the part set aside. Those sentences were picked to teach, so they are harder than most. The diamonds use only sentences drawn by chance, and so speak of all your calls, with the range the truth most likely lies in.",
  ],
  [
    "Why can a number go down after more tagging?",
    "Each round brings new and often harder sentences, and the test changes with them: two rounds are not measured on the same sentences. A dip is normal; look at where it goes over several rounds.",
  ],
  [
    "How does it know what it missed?",
    "It is tested on sentences that you have answered already, so every yes it does not find is known to be missed.",
  ],
  [
    "What if it stays poor?",
    "Rounds 5 to 10 should help. Where they do not, try other example sentences, or split the idea into two trackers.",
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
