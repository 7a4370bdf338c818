"""Values for existing conversations, from a table: their deal, account, team and further fields."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from workbench.corpus.columns import CALL, ID, column_name
from workbench.corpus.crm.crm_columns import LEFT_OUT, VALUES, ChosenColumns, chosen_columns
from workbench.corpus.crm.crm_rows import CrmRow, RowReader
from workbench.corpus.crm.matching import BY_ACCOUNT_DAY, BY_ACCOUNT_TIME, BY_ID, RowMatch, RowMatching, told_tolerance
from workbench.corpus.crm.table_files import GivenTable, table_in
from workbench.corpus.formats.cell_values import cell_text
from workbench.corpus.formats.reasons import shown
from workbench.corpus.frames import is_frame
from workbench.corpus.ingest import MAX_REJECTED, Reject
from workbench.corpus.lake import Lake
from workbench.corpus.lake_editing import Refused
from workbench.domain.errors import InvalidArgument

AT_ONCE = 5_000  # conversations that are changed together
_SHOWN = 20  # rows of each kind that the text of a report lists
_NOT_HERE = sorted(set(CALL) - set(VALUES) - {"deal", "fields"} | {"turns", "text"})

Enrichment = str | os.PathLike[str] | pd.DataFrame | Mapping[str, Mapping[str, Any]]
ColumnChanges = Mapping[str, str | Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class EnrichOptions:
    """How a table is read.

    Attributes:
        columns: by use a column, several, or None for none, instead of the proposed ones; see
            :data:`workbench.corpus.crm.crm_columns.USES`.
        tolerance_minutes: how far a row's time may be from the start of its conversation.
        day_first: whether ``02/03/2026`` is the 2nd of March; None infers it from the dates of the column.
        dry_run: match only, and set nothing.
    """

    columns: ColumnChanges = field(default_factory=dict)
    tolerance_minutes: float = 15
    day_first: bool | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row whose conversation was not found.

    It has its line in the file (None for a frame), its name, its cells, the reason, and the conversations that fit if
    it is ambiguous.
    """

    line: int | None
    label: str
    reason: str
    cells: tuple[str, ...]
    rivals: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"


@dataclass(frozen=True, slots=True)
class EnrichReport:
    """The outcome of setting values for conversations.

    Attributes:
        changed: how many conversations have other values now; in a dry run, none.
        unchanged: how many already had them.
        unknown: ids that no conversation has.
        rejected: what could not be used, and why.
        matched: how many rows were matched by which method, such as ``{"id": 7, "account and day": 2}``.
        ambiguous: rows that fit several conversations, or share one; they set nothing.
        unmatched: rows that fit none, including those with unknown ids.
        columns: by use, the columns that were used for it; ``fields`` are those that became further fields.
        header: the names of all columns, in the order of the rows' cells.
        notes: what was assumed, and what was left out.
    """

    changed: int
    unchanged: int
    unknown: tuple[str, ...] = ()
    rejected: tuple[Reject, ...] = ()
    matched: Mapping[str, int] = field(default_factory=dict)
    ambiguous: tuple[UnmatchedRow, ...] = ()
    unmatched: tuple[UnmatchedRow, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = f"{self.changed:,} changed, {self.unchanged:,} unchanged"
        head = f"{counts}, {len(self.unknown):,} not in the workspace, {len(self.rejected):,} rejected"
        by = ", ".join(f"{count:,} by {name}" for name, count in self.matched.items()) or "none"
        rows = f"rows matched: {by}; {len(self.ambiguous):,} ambiguous, {len(self.unmatched):,} unmatched"
        return "\n".join([head, rows, *self._columns_told(), *(f"note: {one}" for one in self.notes), *self._listed()])

    def _columns_told(self) -> Iterator[str]:
        if told := "; ".join(f"{use}: {', '.join(names)}" for use, names in self.columns.items() if names):
            yield f"columns: {told[:2_000]}"

    def _listed(self) -> Iterator[str]:
        for rows in (self.ambiguous, self.unmatched, self.rejected):
            yield from (f"  {one}" for one in rows[:_SHOWN])
            if len(rows) > _SHOWN:
                yield f"  … and {len(rows) - _SHOWN:,} more"


def enrich(
    lake: Lake, source: Enrichment, options: EnrichOptions = EnrichOptions(), zone: ZoneInfo | None = None
) -> EnrichReport:
    """Set properties of conversations other than their sentences; nothing is imported.

    ``source`` is a DataFrame, a file (CSV, XLSX, Parquet; also as Salesforce and HubSpot export them), or a mapping
    from ids to values. A row is about the conversation with its id; without an id, about the nearest one that has an
    e-mail address of its people and began within the tolerance of its time; or else about the one with its account on
    its day. A table of deals is about all conversations of its deals. A row that fits several is ambiguous, and is not
    used.

    Columns are ``account``, ``team``, ``title``, ``started``, ``direction``, ``channel``, ``scope``, ``thread``,
    ``deal_id`` (or ``deal``), and of the deal ``stage``, ``amount`` and ``outcome``, under many names; each other
    column is a further field. An empty cell changes nothing. What is set stays when the conversation is imported again,
    also with other content. Moments and days without an offset are those of
    ``zone``, by default the lake's.

    Raises:
        FileNotFoundError: ``source`` is a path that does not exist.
        InvalidArgument: no column says which conversations the rows are about, or one has values that only an import
            can set.
    """
    if not 0 <= options.tolerance_minutes <= 24 * 60:
        raise InvalidArgument("tolerance_minutes: must be from 0 to 1,440")
    zone = zone or lake.zone
    table = _table(source)
    columns = _columns(table, options.columns)
    rows = RowReader(table, columns, zone, options.day_first).rows()
    matching = RowMatching([one.keys for one in rows], timedelta(minutes=options.tolerance_minutes), zone)
    matching.by_id(lambda ids: lake.known_ids(ids))
    if columns.of_deals or columns.by_use.keys() & {"email", "time"}:
        matching.by_keys(lake.call_keys())
    return _report(lake, table, columns, list(zip(rows, matching.found, strict=True)), options, zone)


def _report(
    lake: Lake,
    table: GivenTable,
    columns: ChosenColumns,
    found: list[tuple[CrmRow, RowMatch]],
    options: EnrichOptions,
    zone: ZoneInfo,
) -> EnrichReport:
    values: dict[str, tuple[str, dict[str, Any]]] = {}
    rejected = [Reject("row", one.line, one.reason) for one in table.problems]
    unknown: dict[str, None] = {}
    lost: list[tuple[CrmRow, RowMatch, int]] = []
    for place, (row, match) in enumerate(found):
        if row.problem:
            rejected.append(Reject(row.label, None, row.problem))
        elif match.ids:
            for id_ in match.ids:
                known = values.get(id_, (row.label, {}))
                values[id_] = known[0], _joined(known[1], _to_set(row, match))
        else:
            lost.append((row, match, place))
            if row.id and not match.rivals:
                unknown.setdefault(row.id)
    changed, refused = 0, 0
    if not options.dry_run:
        changed, refused = _set(lake, values, rejected, zone)
    told = [(_unmatched(row, match, table.rows[place]), match) for row, match, place in lost]
    return EnrichReport(
        changed=changed,
        unchanged=0 if options.dry_run else len(values) - changed - refused,
        unknown=tuple(unknown),
        rejected=tuple(rejected[:MAX_REJECTED]),
        matched=dict(Counter(match.by for row, match in found if match.ids and not row.problem)),
        ambiguous=tuple(one for one, match in told if match.rivals),
        unmatched=tuple(one for one, match in told if not match.rivals),
        columns={**columns.by_use, "fields": columns.further},
        header=tuple(table.header),
        notes=tuple(_notes(table, columns, options)),
    )


def _set(
    lake: Lake, values: Mapping[str, tuple[str, dict[str, Any]]], rejected: list[Reject], zone: ZoneInfo
) -> tuple[int, int]:
    """Set the values by id; return how many conversations changed, and how many were refused."""
    changed = refused = 0
    ids = list(values)
    for start in range(0, len(ids), AT_ONCE):
        for one in lake.set_heads({id_: values[id_][1] for id_ in ids[start : start + AT_ONCE]}, zone):
            if isinstance(one, Refused):
                refused += 1
                rejected.append(Reject(values[one.id][0], None, f"{shown(one.id)}: {one.reason}"))
            else:
                changed += 1
    return changed, refused


def _to_set(row: CrmRow, match: RowMatch) -> dict[str, Any]:
    """Return a row's values without those used to find its conversation."""
    gone = {"started"} if match.by != BY_ID else set()
    if match.by in (BY_ACCOUNT_DAY, BY_ACCOUNT_TIME):
        gone.add("account")
    return {name: value for name, value in row.values.items() if name not in gone}


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    nested = {name: {**one.get(name, {}), **other[name]} for name in ("deal", "fields") if name in other}
    return {**one, **other, **nested}


def _unmatched(row: CrmRow, match: RowMatch, cells: Iterable[Any]) -> UnmatchedRow:
    reasons = [f"{shown(row.id)}: {one}" if row.id and one.endswith("this id") else one for one in match.reasons]
    reasons = [row.note if one == "has no time" and row.note else one for one in reasons]
    reason = (
        "; ".join(dict.fromkeys(reasons))
        or row.note
        or "has neither an id nor a time with an e-mail address or an account"
    )
    return UnmatchedRow(row.line, row.label, reason, tuple(map(cell_text, cells)), match.rivals)


def _notes(table: GivenTable, columns: ChosenColumns, options: EnrichOptions) -> Iterator[str]:
    yield from table.notes
    if columns.by_use.keys() >= {"time"} and columns.by_use.keys() & {"email", "account"}:
        minutes = told_tolerance(timedelta(minutes=options.tolerance_minutes))
        yield f"times may be {minutes} off; the nearest counts if no other is as near to a minute"
    if columns.of_deals:
        yield "each row is a deal and applies to all of its calls"
    if options.dry_run:
        yield "nothing was set: it was a dry run"


def _table(source: Enrichment) -> GivenTable:
    if isinstance(source, str | os.PathLike):
        return table_in(Path(source))
    if is_frame(source):
        table: Any = source
        return _of_frame(table if isinstance(table, pd.DataFrame) else table.to_pandas())
    if not isinstance(source, Mapping):
        raise InvalidArgument(f"give a DataFrame, a file or a mapping from ids to values, not {shown(source)}")
    return _of_frame(pd.DataFrame([{"id": id_, **given} for id_, given in source.items()], dtype=object))


def _of_frame(frame: pd.DataFrame) -> GivenTable:
    if frame.index.name is not None and column_name(frame.index.name) in ID:
        frame = frame.reset_index()
    lists = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
    labels = [f"row {label}" for label in frame.index]
    rows: list[Sequence[Any]] = list(zip(*lists, strict=True)) if lists else []
    return GivenTable(list(map(str, frame.columns)), rows, labels, [None] * len(rows))


def _columns(table: GivenTable, changes: ColumnChanges) -> ChosenColumns:
    """Return what the columns contain.

    Raises:
        InvalidArgument: none says which conversations the rows are about, or one has values that only an import can
            set.
    """
    columns = chosen_columns(table.header, changes)
    for name in (*columns.further, *(one for names in columns.by_use.values() for one in names)):
        if column_name(name) in _NOT_HERE and name not in columns.by_use.get(LEFT_OUT, ()):
            raise InvalidArgument(f"column {name}: only an import can set it; leave it out, or import the call")
    told = columns.by_use.keys()
    by_time = "time" in told and told & {"email", "account"}
    if not ("id" in told or by_time or (columns.of_deals and "deal_id" in told)):
        raise InvalidArgument(
            f"no column for the conversation's id; name it {', '.join(ID[:-1])} or {ID[-1]}, or have columns for the "
            "time and for an e-mail address or the account, and say with columns which they are"
        )
    return columns
