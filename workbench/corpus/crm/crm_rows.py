"""The rows of a table about conversations: keys to find each conversation, and values, in the neutral form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from workbench.corpus.columns import as_choice, as_text, given_or_none
from workbench.corpus.crm.crm_columns import VALUES, ChosenColumns, folded
from workbench.corpus.crm.matching import RowKeys
from workbench.corpus.crm.record_ids import forms_of
from workbench.corpus.crm.table_files import GivenTable
from workbench.corpus.crm.table_values import addresses_in, amount_of, are_days, time_in, typed, why_no_time
from workbench.corpus.formats.cell_values import cell_text, day_first, is_damaged_id
from workbench.corpus.formats.values import plain
from workbench.corpus.heads import DEAL, PLAIN
from workbench.domain.names import name_key

_CHOICES = frozenset(("direction", "channel", "scope", "deal_outcome"))
_CLOSED = {"closedwon": "won", "closedlost": "lost"}


@dataclass(slots=True)
class CrmRow:
    """A row of a table.

    Attributes:
        label: the row's name in reports.
        line: in the file, from 1; None for a frame.
        keys: to find its conversation.
        id: as in the row; empty if it has none.
        values: its values, in the neutral form.
        problem: why it cannot be used; empty if it can.
        note: why it has no time; empty if it has one.
    """

    label: str
    line: int | None
    keys: RowKeys
    id: str
    values: dict[str, Any]
    problem: str = ""
    note: str = ""


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, table: GivenTable, columns: ChosenColumns, zone: tzinfo, order: bool | None):
        """Take the columns, the zone of moments without an offset, and whether ``02/03/2026`` begins with the day."""
        self._table, self._columns, self._zone = table, columns, zone
        cells: dict[str, list[Any]] = {
            name: [row[place] for row in table.rows] for place, name in enumerate(table.header)
        }
        self._raw = cells
        self._typed = {name: typed(cells[name]) for name in self._value_columns()}
        time = columns.first("time")
        self._order = day_first(cells[time]) if time and order is None else order
        self._days_only = bool(time) and are_days(cells[time or ""])

    def rows(self) -> list[CrmRow]:
        """Return all rows of the table."""
        return [self._row(place) for place in range(len(self._table.rows))]

    def _value_columns(self) -> list[str]:
        used = [name for use in VALUES for name in self._columns.by_use.get(use, ())]
        return [*used, *self._columns.further]

    def _row(self, place: int) -> CrmRow:
        row = CrmRow(self._table.labels[place], self._table.lines[place], RowKeys(), "", self._values(place))
        ids = [self._id(name, place) for name in self._columns.by_use.get("id", ())]
        told = [one for one in ids if isinstance(one, str) and one]
        row.id = told[0] if told else ""
        row.keys.ids = tuple(dict.fromkeys(form for one in told for form in forms_of(one)))
        if any(is_damaged_id(one) for one in told):
            row.problem = f"the id {row.id} was cut by a spreadsheet; format its column as text, and export again"
        elif ids and not told and not set(self._columns.by_use) & {"email", "time"}:
            row.problem = "the conversation's id: missing, or not text"
        deal = self._columns.first("deal_id")
        if self._columns.of_deals and deal and (found := cell_text(self._raw[deal][place])):
            row.keys.deals = forms_of(found)
        row.keys.addresses = frozenset(
            one for name in self._columns.by_use.get("email", ()) for one in addresses_in(self._raw[name][place])
        )
        if (account := self._columns.first("account")) and (held := cell_text(self._raw[account][place])):
            row.keys.accounts = frozenset(key for one in {held, *held.split(";")} if (key := name_key(one)))
        self._add_time(row, place)
        return row

    def _id(self, name: str, place: int) -> Any:
        found = as_text(self._raw[name][place])
        return found.strip() if isinstance(found, str) else found

    def _add_time(self, row: CrmRow, place: int) -> None:
        name = self._columns.first("time")
        if not name:
            return
        cell = self._raw[name][place]
        found = time_in(cell, self._order, self._zone, self._days_only)
        if found:
            row.keys.moment, row.keys.is_day = found
        else:
            row.note = why_no_time(cell, self._order)

    def _values(self, place: int) -> dict[str, Any]:
        cells = {use: self._cell(use, name, place) for use in VALUES if (name := self._columns.first(use))}
        if isinstance(deal := cells.get("deal_id"), Mapping):  # nested, as in the neutral form
            cells |= {"deal_id": None, **{f"deal_{name}": deal.get(name) for name in DEAL}}
        stage = cells.get("deal_stage")
        if isinstance(stage, str) and "deal_outcome" not in cells:
            cells["deal_outcome"] = _CLOSED.get(folded(stage))
        given = {use: value for use, value in cells.items() if value is not None}
        fields: dict[str, Any] = {}
        for name in self._columns.further:
            value = given_or_none(self._typed[name][place])
            if folded(name) == "fields" and isinstance(value, Mapping):
                fields = {**value, **fields}
            elif value is not None:
                fields[name] = plain(value)
        nested = {name: given[f"deal_{name}"] for name in DEAL if f"deal_{name}" in given}
        own = {use: value for use, value in given.items() if use in PLAIN}
        return own | ({"deal": nested} if nested else {}) | ({"fields": fields} if fields else {})

    def _cell(self, use: str, name: str, place: int) -> Any:
        raw = use.endswith("_id") or use == "account"  # ids of digits stay text
        found = given_or_none(self._raw[name][place] if raw else self._typed[name][place])
        if found is None or use in _CHOICES:
            return as_choice(found) if found is not None else None
        if use == "deal_amount":
            return amount_of(found)
        return found if use == "started" else as_text(found)
