import { useState } from "preact/hooks";
import { Field, plural } from "../shared/parts";
import { type CreditsView, LIMITS } from "../shared/protocol";
import type { Acts, State } from "./types";

export const count = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 1 });

/** What credits there are, what took them, and a way to add some: for those who have nothing but the notebook. */
export function Credits({ state, acts }: { state: State; acts: Acts }) {
  const { credits, busy } = state;
  return (
    <details class="wb-credits" onToggle={(event) => event.currentTarget.open && acts.credits()}>
      <summary class="wb-small">Credits: usage and top-up</summary>
      {!credits && <p class="wb-small wb-muted">{busy === "" ? "Looking…" : ""}</p>}
      {credits && (
        <>
          <p>
            There are <b>{count(credits.balance)}</b>; this month took <b>{count(credits.spent)}</b>.
          </p>
          <TopUp disabled={busy !== ""} topUp={acts.topUp} />
          <Ledger credits={credits} />
        </>
      )}
    </details>
  );
}

function TopUp({ disabled, topUp }: { disabled: boolean; topUp: (amount: number, note: string) => void }) {
  const [amount, setAmount] = useState("");
  const [note, setNote] = useState("");
  const value = Number(amount);
  return (
    <form
      class="wb-top-up"
      onSubmit={(event) => {
        event.preventDefault();
        topUp(value, note);
        setAmount("");
        setNote("");
      }}
    >
      <Field label="Credits to add">
        <input class="wb-input" type="number" min="0" step="any" inputMode="decimal" value={amount} onInput={(event) => setAmount(event.currentTarget.value)} />
      </Field>
      <Field label="Note">
        <input class="wb-input" dir="auto" maxLength={LIMITS.note} placeholder="Budget of May" value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </Field>
      <button type="submit" class="wb-button" disabled={disabled || !(value > 0)}>
        Add credits
      </button>
    </form>
  );
}

function Ledger({ credits }: { credits: CreditsView }) {
  if (credits.entries.length === 0) return <p class="wb-small wb-muted">No credits added or used yet.</p>;
  return (
    <div class="wb-ledger" tabIndex={0} role="group" aria-label="Ledger, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">What</th>
            <th scope="col">Credits</th>
          </tr>
        </thead>
        <tbody>
          {credits.entries.map((one) => (
            <tr>
              <td>{one.day}</td>
              <td>
                <bdi>{one.what}</bdi>
                {one.calls > 0 && <span class="wb-muted">, {plural(one.calls, "call")}</span>}
              </td>
              <td>{`${one.amount > 0 ? "+" : "−"}${count(Math.abs(one.amount))}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {credits.more > 0 && <p class="wb-small wb-muted">{plural(credits.more, "older row")}: ws.credits.entries() lists all of them.</p>}
    </div>
  );
}
