import { useEffect, useState } from "preact/hooks";
import { queryOf, searchOf } from "../shared/address";
import { Bar, Problem } from "../shared/parts";
import type { DashboardView } from "../shared/protocol";
import { Block, widths } from "./blocks";
import { Controls } from "./controls";
import { Go } from "./go";
import type { Acts, State } from "./types";
import { progressInWords, time } from "./words";

export function Dashboard({ state, acts }: { state: State; acts: Acts }) {
  const { view } = state;
  const awaits = !view || (state.fresh && Object.keys(state.query).length > 0);
  const problem = state.message || state.error;
  const wide = widths(view?.blocks ?? []);
  return (
    <div class="wb-all">
      {view && <Head view={view} state={state} acts={acts} ready={!awaits} />}
      {problem && <Problem message={problem} retry={acts.retry} />}
      {awaits && state.phase === "failed" ? null : awaits ? (
        <Skeleton headed={view !== null} />
      ) : (
        <>
          <Controls state={state} acts={acts} />
          {view.progress && <Progress view={view} />}
          <div class="wb-grid" aria-busy={state.asking}>
            {view.blocks.map((block, at) => (
              <Block key={block.id} block={block} wide={wide[at] ?? true} state={state} acts={acts} />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function Head({ view, state, acts, ready }: { view: DashboardView; state: State; acts: Acts; ready: boolean }) {
  useEffect(() => {
    if (acts.linked) document.title = `${view.title} · Tracker workbench`;
  }, [acts.linked, view.title]);
  const status = state.slow ? "Waiting for the kernel…" : state.asking ? "Updating…" : state.updated ? `Updated ${time(state.updated)}` : "";
  return (
    <header class="wb-top">
      {acts.linked && view.pages.length > 0 && <Pages view={view} acts={acts} />}
      <div class="wb-title">
        <h2 dir="auto">{view.title}</h2>
        <span class="wb-small wb-muted wb-time" role="status">
          {status}
        </span>
        {acts.linked && <CopyLink />}
        <button type="button" class="wb-button wb-small" data-picture="no" disabled={!ready || state.picture === "making"} onClick={acts.picture}>
          {state.picture === "making" ? "Creating…" : "Download picture"}
        </button>
      </div>
      {ready &&
        view.notices?.map((text) => (
          <p class="wb-banner" role="status" dir="auto">
            {text}
          </p>
        ))}
      {view.lead && ready && (
        <p class="wb-lead" dir="auto">
          {view.lead}
        </p>
      )}
    </header>
  );
}

const SAID_MS = 4_000;

/** The page's address with its filters, for someone else; it carries no token. */
function CopyLink() {
  const [said, setSaid] = useState("");
  const tell = (text: string) => {
    setSaid(text);
    setTimeout(() => setSaid(""), SAID_MS);
  };
  const copy = () => {
    const { origin, pathname, search } = location;
    const link = `${origin}${pathname}${searchOf(queryOf(search))}`;
    const copied = navigator.clipboard?.writeText(link) ?? Promise.reject(new Error());
    copied.then(() => tell("Link copied"), () => tell("Copy it from the address bar"));
  };
  return (
    <button type="button" class="wb-button wb-small" data-picture="no" onClick={copy}>
      <span role="status">{said || "Copy link"}</span>
    </button>
  );
}

function Pages({ view, acts }: { view: DashboardView; acts: Acts }) {
  return (
    <nav class="wb-pages" aria-label="Dashboards" data-picture="no">
      <ul>
        {view.pages.map((link) => (
          <li aria-current={link.page === view.page ? "page" : undefined}>
            <Go link={link} acts={acts} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Progress({ view }: { view: DashboardView }) {
  const { done = 0, total = 0 } = view.progress ?? {};
  return (
    <div class="wb-progress">
      <p>{progressInWords(view)}</p>
      <Bar fraction={total > 0 ? done / total : 0} label={view.progress?.label || "Reading past calls"} />
    </div>
  );
}

/** Holds the places of what is to come. */
function Skeleton({ headed }: { headed: boolean }) {
  return (
    <div class="wb-skeleton" role="status">
      <span class="wb-hidden">Loading results…</span>
      {!headed && <div class="wb-bone wb-bone-head" />}
      <div class="wb-bone wb-bone-bar" />
      <div class="wb-bones">
        {[1, 2, 3, 4].map(() => (
          <div class="wb-bone wb-bone-tile" />
        ))}
      </div>
      <div class="wb-bone wb-bone-block" />
    </div>
  );
}
