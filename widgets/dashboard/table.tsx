import { useState } from "preact/hooks";
import type { ColumnView, TableView } from "../shared/protocol";
import { Go } from "./go";
import type { Acts } from "./types";
import { cell, NONE, rank } from "./words";

interface Sort {
  name: string;
  down: boolean;
}

/** Rows as they were sent, or by a column; unknown values come last whichever way. */
export function order({ columns, rows }: TableView, sort: Sort | null): number[] {
  const places = rows.map((_, at) => at);
  const column = columns.find((one) => one.name === sort?.name);
  if (!sort || !column) return places;
  const ranks = rows.map((row) => rank(row[column.name], column.kind));
  const sign = sort.down ? -1 : 1;
  return places.sort((one, other) => {
    const [a, b] = [ranks[one] ?? null, ranks[other] ?? null];
    if (a === null || b === null) return a === b ? one - other : a === null ? 1 : -1;
    const less = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
    return less === 0 ? one - other : sign * less;
  });
}

/** Rows that a table shows without scrolling in a box of its own. */
const MOST_WHOLE = 25;
const isNumeric = (kind: ColumnView["kind"]) => kind === "number" || kind === "percent" || kind === "interval";

export function DataTable({ label, table, acts }: { label: string; table: TableView; acts: Acts }) {
  const [sort, setSort] = useState<Sort | null>(null);
  const turn = ({ name, kind }: ColumnView) => {
    const first = isNumeric(kind) || kind === "date";
    setSort(sort?.name === name ? (sort.down === first ? { name, down: !first } : null) : { name, down: first });
  };
  return (
    <div class={`wb-scroll${table.rows.length > MOST_WHOLE ? " wb-long" : ""}`} role="region" aria-label={`Table: ${label}`} tabIndex={0}>
      <table>
        <caption class="wb-hidden">{label}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => {
              const here = sort?.name === column.name;
              return (
                <th scope="col" class={isNumeric(column.kind) ? "wb-figures" : undefined} aria-sort={here ? (sort.down ? "descending" : "ascending") : undefined}>
                  <button type="button" onClick={() => turn(column)}>
                    <span class="wb-clamp" dir="auto" title={column.label}>
                      {column.label}
                    </span>
                    <span class="wb-arrow" aria-hidden="true">
                      {here ? (sort.down ? "▼" : "▲") : ""}
                    </span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {order(table, sort).map((at) => (
            <Row key={at} table={table} at={at} acts={acts} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ table, at, acts }: { table: TableView; at: number; acts: Acts }) {
  const row = table.rows[at] ?? {};
  const link = table.links[at] ?? null;
  return (
    <tr>
      {table.columns.map((column, place) => {
        const text = cell(row[column.name], column.kind);
        const name = place === 0 && column.kind === "text";
        const shown = text === NONE ? <span class="wb-muted">{NONE}</span> : name ? <span class="wb-clamp" dir="auto" title={text}>{text}</span> : <span dir="auto">{text}</span>;
        if (place > 0) return <td class={isNumeric(column.kind) ? "wb-figures" : column.kind === "date" ? "wb-date" : undefined}>{shown}</td>;
        return (
          <th scope="row" class={isNumeric(column.kind) ? "wb-figures" : undefined}>
            {link ? (
              <Go link={link} acts={acts} title={column.kind === "text" ? undefined : link.label}>
                {shown}
              </Go>
            ) : (
              shown
            )}
          </th>
        );
      })}
    </tr>
  );
}
