import { Problem } from "../shared/parts";
import type { BlockView, TileView } from "../shared/protocol";
import { Figure } from "./figure";
import { Go } from "./go";
import { Hits } from "./hits";
import { Months } from "./months";
import { hasPoints } from "./plotly";
import { hitsOf, tableOf } from "./reducer";
import { DataTable } from "./table";
import type { Acts, State } from "./types";

interface Props {
  block: BlockView;
  state: State;
  acts: Acts;
}

/** Which blocks take the whole width: those that say so, and those with nothing beside them. */
export function widths(blocks: BlockView[]): boolean[] {
  const wide = blocks.map((block) => block.wide || block.kind === "tiles");
  for (let at = 0; at < wide.length; at++) {
    if (wide[at]) continue;
    if (wide[at + 1] === false) at++;
    else wide[at] = true;
  }
  return wide;
}

export function Block({ block, wide, state, acts }: Props & { wide: boolean }) {
  const { title, note, kind } = block;
  return (
    <section class={`wb-panel wb-block wb-block-${kind}${wide ? " wb-wide" : ""}`} data-block={block.id} aria-label={title || undefined}>
      {title && <h3 dir="auto">{title}</h3>}
      {note && kind !== "text" && (
        <p class="wb-small wb-muted wb-note" dir="auto">
          {note}
        </p>
      )}
      <Content block={block} state={state} acts={acts} />
    </section>
  );
}

function Content({ block, state, acts }: Props) {
  const more = state.more[block.id];
  if (isEmpty(block)) return <Nothing block={block} acts={acts} />;
  switch (block.kind) {
    case "text":
      return <>{block.note.split(/\n+/).map((line) => line && <p dir="auto">{line}</p>)}</>;
    case "tiles":
      return <Tiles tiles={block.tiles} acts={acts} />;
    case "figure":
      return block.figure && <Figure key={block.id} block={block} view={block.figure} dashboard={state.view?.title ?? ""} all={state.all} acts={acts} />;
    case "months":
      return (
        <>
          <Months trackers={block.months} acts={acts} />
          <Foot block={block} count={0} total={0} state={state} acts={acts} />
        </>
      );
    case "table": {
      const table = tableOf(block, more);
      return table && (
        <>
          <DataTable label={block.title} table={table} acts={acts} />
          <Foot block={block} count={table.rows.length} total={more?.total ?? table.total} state={state} acts={acts} />
        </>
      );
    }
    case "hits": {
      const hits = hitsOf(block, more);
      return (
        <>
          <Hits hits={hits} marked={block.marked} state={state} acts={acts} heading={block.title} />
          <Foot block={block} count={hits.length} total={more?.total ?? block.total} state={state} acts={acts} />
        </>
      );
    }
  }
}

function isEmpty(block: BlockView): boolean {
  const { kind, tiles, figure, table, hits, note, months } = block;
  return { tiles: tiles.length === 0, figure: !figure || !hasPoints(figure.figure), table: !table || table.rows.length === 0, hits: hits.length === 0, text: !note, months: months.length === 0 }[kind];
}

function Nothing({ block, acts }: { block: BlockView; acts: Acts }) {
  const { empty, suggestions } = block;
  return (
    <div class="wb-nothing">
      <p class="wb-muted" dir="auto">
        {empty || "Nothing to show."}
      </p>
      {suggestions.length > 0 && (
        <ul class="wb-suggestions">
          {suggestions.map((link) => (
            <li>
              <Go link={link} acts={acts} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const MARKS = { "": "", good: "✓", warning: "▲", bad: "!" };
const SPOKEN = { "": "", good: "Good: ", warning: "Note: ", bad: "Problem: " };

function Tiles({ tiles, acts }: { tiles: TileView[]; acts: Acts }) {
  return (
    <ul class="wb-tiles">
      {tiles.map((tile) => (
        <li class={`wb-tile${tile.tone ? ` wb-tone-${tile.tone}` : ""}`}>
          <p class="wb-small wb-muted" dir="auto">
            {tile.label}
          </p>
          <p class="wb-value">
            {tile.tone && (
              <span class="wb-tone-mark" aria-hidden="true">
                {MARKS[tile.tone]}
              </span>
            )}
            <span class="wb-hidden">{SPOKEN[tile.tone]}</span>
            <bdi>{tile.value}</bdi>
          </p>
          {tile.note && (
            <p class="wb-small wb-muted" dir="auto">
              {tile.note}
            </p>
          )}
          {tile.link && (
            <p class="wb-small">
              <Go link={tile.link} acts={acts} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Foot({ block, count, total, state, acts }: Props & { count: number; total: number }) {
  const more = state.more[block.id];
  return (
    <div class="wb-foot" data-picture="no">
      <span class="wb-small wb-muted" role="status">
        {total > count ? `${count.toLocaleString("en")} of ${total.toLocaleString("en")} shown` : ""}
      </span>
      {total > count && (
        <button type="button" class="wb-button wb-small" disabled={more?.busy} onClick={() => acts.more(block, count)}>
          {more?.busy ? "Reading…" : "Show more"}
          <span class="wb-hidden">: {block.title}</span>
        </button>
      )}
      <button type="button" class="wb-link wb-small" onClick={() => acts.csv(block)}>
        CSV<span class="wb-hidden"> of {block.title}</span>
      </button>
      {more?.error && <Problem message={more.error} />}
    </div>
  );
}
