import { chipsOf } from "../builder/words";
import { Hint, Problem, plural } from "../shared/parts";
import type { BadgeName, ManagedView, QualityView, ReadyMadeView } from "../shared/protocol";
import { Badge, Measures } from "../shared/quality";
import { type Exchange, freeName } from "./exchange";
import { Section } from "./section";
import type { Acts, State } from "./types";
import { day, kindName, kindPicture } from "./words";

/** Trackers that are there from the start, with how well each was measured to do. */
export function ReadyMade({ state, acts }: { state: State; acts: Acts }) {
  const { exchange, rows } = state;
  const { ready, readyError } = exchange;
  return (
    <Section what="ready_made" title="Ready-made trackers" acts={acts}>
      <p class="wb-muted">
        Ready to use immediately: no training, and no minimum number of calls. Their quality was measured on the sample corpus, with the 95% interval in brackets. On your calls it may be better or worse; judge some of what they find to see which.
      </p>
      {readyError && <Problem message={readyError} retry={acts.askReady} />}
      {!ready && !readyError && (
        <p class="wb-muted" role="status">
          Loading…
        </p>
      )}
      {ready && (
        <ul class="wb-ready" role="list">
          {bestFirst(ready).map((one) => (
            <Card key={one.key} one={one} rows={rows} exchange={exchange} acts={acts} />
          ))}
        </ul>
      )}
    </Section>
  );
}

const ORDER: BadgeName[] = ["well supported", "fair", "weak", "not measured"];

/** By badge, then by F1; those that were not measured last. */
export function bestFirst(ready: ReadyMadeView[]): ReadyMadeView[] {
  const place = ({ quality }: ReadyMadeView) => ORDER.indexOf(quality?.quality.badge ?? "not measured");
  return [...ready].sort((one, other) => place(one) - place(other) || (other.quality?.f1.point ?? 0) - (one.quality?.f1.point ?? 0));
}

interface CardProps {
  one: ReadyMadeView;
  rows: ManagedView[];
  exchange: Exchange;
  acts: Acts;
}

function Card({ one, rows, exchange, acts }: CardProps) {
  const chips = chipsOf(one.filters).map((chip) => chip.text);
  const kind = one.kind === "question" ? kindName(one.kind) : `${kindName(one.kind)} (${one.said.length})`;
  return (
    <li>
      <h4 dir="auto">{one.name}</h4>
      <p class="wb-kind wb-small wb-muted">
        <span class="wb-kind-mark" aria-hidden="true">
          {kindPicture(one.kind)}
        </span>
        <span dir="auto">{[kind, ...(chips.length > 0 ? chips : ["External calls, anyone"])].join(" · ")}</span>
      </p>
      <p dir="auto">{one.description}</p>
      {one.quality ? <Quality quality={one.quality} /> : <p class="wb-small wb-muted">Not measured: the sample corpus contains no examples of it.</p>}
      <details>
        <summary class="wb-small">
          See what it looks for<span class="wb-hidden">: {one.name}</span>
        </summary>
        <ul class="wb-given wb-small">
          {one.said.map((text) => (
            <li dir="auto">{text}</li>
          ))}
        </ul>
      </details>
      <Adding one={one} rows={rows} exchange={exchange} acts={acts} />
    </li>
  );
}

function Quality({ quality }: { quality: QualityView }) {
  return (
    <div class="wb-quality wb-rated">
      <Badge quality={quality.quality} />
      <Measures quality={quality.quality} />
      <p class="wb-small wb-muted">
        On {plural(quality.calls, "call")} of the sample corpus with {plural(quality.hits, "sentence")} to be found, measured {day(quality.measured)}
      </p>
    </div>
  );
}

/** What adds it, under another name where its own is taken; then what can be done with what was added. */
function Adding({ one, rows, exchange, acts }: CardProps) {
  const { key, name } = one;
  const free = freeName(name, rows);
  const called = exchange.names[key] ?? free;
  const taken = free !== name;
  const busy = exchange.adding === key;
  const added = exchange.added[key];
  const there = added && rows.some((row) => row.id === added.id);
  const problem = exchange.problems[key];
  const add = (asExamples: boolean) => acts.add(one, called, asExamples);
  const weak = one.quality?.quality.badge === "weak";
  const asItIs = weak ? "Add as it is" : "Add";
  const training = one.can_train && (
    <button type="button" class={`wb-button wb-small ${weak ? "wb-primary" : ""}`} aria-disabled={busy} aria-label={`Add to train further: ${name}`} onClick={() => add(true)}>
      Add to train further
    </button>
  );
  const type = (text: string) => acts.dispatch({ type: "exchange", change: { names: { ...exchange.names, [key]: text } } });
  return (
    <div class="wb-adding">
      {there && (
        <div class="wb-added">
          <p dir="auto">
            <b class="wb-good">✓ Added</b> as “{added.name}”, a draft.
          </p>
          {added.trained ? (
            <button type="button" class="wb-button wb-small" aria-label={`Train ${added.name}`} onClick={() => acts.choose(added.id, "carousel")}>
              Train
            </button>
          ) : (
            <button type="button" class="wb-button wb-small" aria-label={`Publish ${added.name}…`} onClick={() => acts.dispatch({ type: "reveal", id: added.id, what: "publish" })}>
              Publish…
            </button>
          )}
        </div>
      )}
      {(taken || key in exchange.names) && (
        <label class="wb-field">
          <span class="wb-small">{taken ? `There is already a tracker named “${name}”. Choose another name` : "Call it"}</span>
          <input class="wb-input" dir="auto" value={called} onInput={(event) => type(event.currentTarget.value)} />
        </label>
      )}
      {problem && (
        <div role="alert">
          <Hint level="error">{problem}</Hint>
        </div>
      )}
      {weak && <Hint level="warning">Weak on the sample corpus: {one.can_train ? "train it on your calls before you rely on it." : "judge some of its matches before you rely on it."}</Hint>}
      <div class="wb-row wb-actions">
        {weak && training}
        <button type="button" class="wb-button wb-small" aria-disabled={busy} aria-label={`${asItIs}: ${name}`} onClick={() => add(false)}>
          {busy ? "Adding…" : asItIs}
        </button>
        {!weak && training}
      </div>
    </div>
  );
}
