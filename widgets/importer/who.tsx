import { useRef, useState } from "preact/hooks";
import { plural } from "../shared/parts";
import { calledIn, held, inPlace, type Person, people } from "./reducer";
import { Sides } from "./sides";
import type { Acts, State } from "./types";

const FIRST = 8;

/** Everybody who speaks, over all files: one press says a side everywhere. */
export function Who({ state, acts }: { state: State; acts: Acts }) {
  const [all, setAll] = useState(false);
  const places = useRef(new Map<string, number>());
  const known = inPlace(people(state.files), places.current);
  const open = known.filter((one) => one.side === "" || one.side === "mixed").length;
  const shown = all ? known : known.slice(0, FIRST);
  const several = state.files.length > 1;
  return (
    <section class="wb-stack wb-part" aria-label="Who is who">
      <h3>Who is who</h3>
      <p class="wb-small wb-muted">
        {open === 0
          ? "Everybody's side is known."
          : `The side of ${open === known.length && open > 1 ? `all ${open.toLocaleString("en")} speakers` : plural(open, "speaker")} is not known. Trackers that listen to one side pass them over.`}
        {several && " What you choose here holds for all files; open a file to choose for it alone."}
      </p>
      <ul class="wb-people" aria-label="Speakers in all files">
        {shown.map((one) => (
          <li class="wb-person" key={one.id}>
            <span class="wb-person-name">
              <bdi>{calledIn(one.name)}</bdi>{" "}
              <span class="wb-small wb-muted">
                {several && `in ${plural(one.files, "file")}, `}
                {plural(one.turns, "turn")}
                {one.side === "mixed" && ", sides differ"}
                {one.label && one.files > 1 && ", may be someone else in each"}
              </span>
            </span>
            <Sides who={calledIn(one.name)} side={one.side} wait={held(state)} onChange={(side) => acts.side(one.id, side)} />
          </li>
        ))}
      </ul>
      <Others known={known} wait={held(state)} acts={acts} />
      {known.length > FIRST && (
        <button type="button" class="wb-button wb-small wb-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${known.length.toLocaleString("en")} speakers`}
        </button>
      )}
    </section>
  );
}

/** Once someone is on a side, the rest can be put on the other with one press: most calls have few of one's own. */
function Others({ known, wait, acts }: { known: Person[]; wait: boolean; acts: Acts }) {
  const has = (side: string) => known.some((one) => one.side === side);
  const open = known.filter((one) => one.side === "").length;
  if (open === 0 || !(has("company") || has("customer"))) return null;
  const [side, name] = has("company") ? ["customer", "Customer"] : ["company", "Company"];
  return (
    <button type="button" class="wb-button wb-small wb-more" disabled={wait} onClick={() => acts.others(side)}>
      {open === 1 ? `Set the other one to ${name}` : `Set the other ${open.toLocaleString("en")} to ${name}`}
    </button>
  );
}
