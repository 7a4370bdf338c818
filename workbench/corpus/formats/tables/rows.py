"""Makes conversations from the rows of a table, of any kind of file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.cell_values import (
    cell_moment,
    cell_number,
    cell_seconds,
    cell_text,
    day_first,
    is_damaged_id,
    is_missing,
    is_numeric_date,
)
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.runs import channel_speaker
from workbench.corpus.formats.tables.choosing import Chosen, Table, TableRow, cell_of, chosen, refusal
from workbench.corpus.formats.tables.columns import Column, Use
from workbench.corpus.formats.tables.time_columns import times_of
from workbench.corpus.formats.times import between, earlier, tidy
from workbench.domain.conversations import Direction

_CELL_END = 32_767  # characters, where Excel cuts a text
_WALL_CLOCK_S = 3_600  # a recording whose first words come later than this has times of day
_MAX_TABLE_FIELDS = 100
_DIRECTIONS = {
    "in": Direction.INBOUND, "inbound": Direction.INBOUND, "incoming": Direction.INBOUND,
    "eingehend": Direction.INBOUND,
    "out": Direction.OUTBOUND, "outbound": Direction.OUTBOUND, "outgoing": Direction.OUTBOUND,
    "ausgehend": Direction.OUTBOUND, "conference": Direction.CONFERENCE, "internal": Direction.CONFERENCE,
}  # fmt: skip


def drafts_of(table: Table) -> Iterator[Draft | FormatProblem]:
    """Make a conversation of the rows with each id, one turn per row; in the order in which the ids first occur."""
    columns = chosen(table)
    if columns is None:
        yield FormatProblem(None, refusal(table.header))
        return
    rows = [one for one in table.rows if any(not is_missing(cell) for cell in one.cells)]
    keys, notes = _keys(rows, columns.first(Use.CONVERSATION))
    numbers: dict[str, int] = {}
    groups = [numbers.setdefault(key, len(numbers)) for key in keys]
    texts = [cell_text(cell_of(one, columns.text)) for one in rows]
    whole = _TurnTimes(rows, groups, texts, columns)
    members: list[list[int]] = [[] for _ in numbers]
    for place, group in enumerate(groups):
        members[group].append(place)
    for key, places in zip(numbers, members, strict=True):
        draft = _draft(rows, places, texts, columns, whole)
        draft.id = key or table.name
        draft.notes += [*table.notes, *notes, *whole.notes]
        yield draft


class _TurnTimes:
    """The start and end of each row's turn, and the moments if the table has them."""

    def __init__(self, rows: Sequence[TableRow], groups: Sequence[int], texts: Sequence[str], columns: Chosen):
        self._rows, self._groups = rows, groups
        self._words = [len(one.split()) for one in texts]
        self.notes: list[str] = []
        self.starts: list[float | None] = [None] * len(rows)
        self.ends: list[float | None] = [None] * len(rows)
        self.moments: list[datetime | None] = [None] * len(rows)
        self.constant: set[int] = set()
        unit_s = self._find_starts(columns)
        self._find_ends(columns, unit_s)

    def _find_starts(self, columns: Chosen) -> float | None:
        unit_s: float | None = None
        told_start = told_moment = False
        for column in (*columns.by_use.get(Use.START, ()), *columns.by_use.get(Use.STARTED, ())):
            values = [cell_of(one, column) for one in self._rows]
            if self._is_constant(values):
                self.constant.add(column.place)
                continue
            times = times_of(values, self._groups, self._words, column.unit_s, column.name)
            if times.is_absolute and not told_moment and any(times.moments):
                self.moments, told_moment = times.moments, True
                self.notes += times.notes
            elif not times.is_absolute and not told_start and column.use is Use.START:
                told = any(one is not None for one in times.offsets)
                self.notes += times.notes
                if told:
                    self.starts, told_start, unit_s = times.offsets, True, times.unit_s
            else:
                self.notes += times.notes if not told_start and not told_moment else []
        if told_start:
            self._from_wall_clock()
        elif told_moment:
            self.starts = self._since_first(self.moments)
        return unit_s

    def _find_ends(self, columns: Chosen, unit_s: float | None) -> None:
        if column := columns.first(Use.END):
            values = [cell_of(one, column) for one in self._rows]
            times = times_of(values, self._groups, self._words, column.unit_s or unit_s, column.name)
            if times.is_absolute:
                self.ends = self._since_first(times.moments, self.moments)
            elif any(one is not None for one in self.starts):
                self.ends = [_less(one, off) for one, off in zip(times.offsets, self._day_offsets(), strict=True)]
        elif (column := columns.first(Use.DURATION)) and any(one is not None for one in self.starts):
            values = [cell_of(one, column) for one in self._rows]
            if self._is_constant(values) or len(set(self._groups)) == len(self._groups):
                return  # of whole calls
            lengths = self._lengths(values, column, unit_s)
            pairs = zip(self.starts, lengths, strict=True)
            self.ends = [None if start is None or own is None else tidy(start + own) for start, own in pairs]
            self.constant.discard(column.place)
            columns.by_use.pop(Use.DURATION)

    def _lengths(self, values: Sequence[Any], column: Column, unit_s: float | None) -> list[float | None]:
        scale = column.unit_s or unit_s or 1.0
        out = []
        for value in values:
            own = cell_seconds(value)
            own = own if own is not None else None if (told := cell_number(value)) is None else told * scale
            out.append(own if own is None or own >= 0 else None)
        return out

    def _from_wall_clock(self) -> None:
        """Subtract the time of day: each conversation's first, if all begin later than a recording does."""
        firsts = self._firsts(self.starts)
        self._offsets = dict.fromkeys(firsts, 0.0)
        if firsts and min(firsts.values()) >= _WALL_CLOCK_S and len(self._rows) > len(firsts):
            self._offsets = firsts
            self.notes.append("times are of the day; each conversation begins at 0")
        self.starts = [_less(one, off) for one, off in zip(self.starts, self._day_offsets(), strict=True)]

    def _day_offsets(self) -> list[float]:
        offsets = getattr(self, "_offsets", {})
        return [offsets.get(group, 0.0) for group in self._groups]

    def _firsts(self, values: Sequence[float | None]) -> dict[int, float]:
        firsts: dict[int, float] = {}
        for value, group in zip(values, self._groups, strict=True):
            if value is not None:
                firsts[group] = min(firsts.get(group, value), value)
        return firsts

    def _since_first(
        self, moments: Sequence[datetime | None], starts: Sequence[datetime | None] | None = None
    ) -> list[float | None]:
        firsts: dict[int, datetime] = {}
        for value, group in zip(starts or moments, self._groups, strict=True):
            if value is not None and (group not in firsts or value < firsts[group]):
                firsts[group] = value
        return [between(firsts.get(group), one) for one, group in zip(moments, self._groups, strict=True)]

    def _is_constant(self, values: Sequence[Any]) -> bool:
        """Return whether each conversation has one value, and at least one of them several rows."""
        return _constant(values, self._groups)


def _constant(values: Sequence[Any], groups: Sequence[int]) -> bool:
    seen: dict[int, str] = {}
    several = False
    for value, group in zip(values, groups, strict=True):
        if is_missing(value):
            continue
        text = str(value)
        several |= group in seen
        if seen.setdefault(group, text) != text:
            return False
    return several


def _draft(rows: Sequence[TableRow], places: list[int], texts: list[str], columns: Chosen, times: _TurnTimes) -> Draft:
    draft = Draft([], line=rows[places[0]].line)
    for place in _ordered(rows, places, columns, times):
        row = rows[place]
        speaker = _speaker(row, columns)
        text = texts[place]
        if is_missing(text):
            draft.left_out["row without text"] += 1
            continue
        if len(text) >= _CELL_END and len(text) <= _CELL_END + 1:
            draft.notes.append(f"row {row.line}: a text ends at {_CELL_END:,} characters, where Excel cuts it")
        draft.turns.append(DraftTurn(text, speaker, times.starts[place], times.ends[place]))
        _add_person(draft, speaker, row, columns)
    _add_call(draft, [rows[place] for place in places], columns, times, places)
    return draft


def _ordered(rows: Sequence[TableRow], places: list[int], columns: Chosen, times: _TurnTimes) -> list[int]:
    """Return the rows in the order of their numbers if no time gives the order."""
    column = columns.first(Use.ORDER)
    if not column or any(times.starts[place] is not None for place in places):
        return places
    numbers = [cell_number(cell_of(rows[place], column)) for place in places]
    if any(one is None for one in numbers):
        return places
    return [place for _, place in sorted(zip(numbers, places, strict=True), key=lambda pair: pair[0] or 0.0)]


def _speaker(row: TableRow, columns: Chosen) -> str | None:
    column = columns.first(Use.SPEAKER) or columns.first(Use.ROLE)
    channel = columns.first(Use.CHANNEL)
    if column is None:
        return channel_speaker(cell_text(cell_of(row, channel)), None) if channel else None
    cell = cell_of(row, column)
    return None if is_missing(cell) else known_speaker(cell_text(cell))


def _add_person(draft: Draft, speaker: str | None, row: TableRow, columns: Chosen) -> None:
    if speaker is None:
        return
    role = columns.first(Use.ROLE)
    side = (side_of(cell_text(cell_of(row, role))) if role else None) or side_of(speaker)
    if side:
        draft.sides.setdefault(speaker, side)
    if (email := columns.first(Use.EMAIL)) and "@" in (address := cell_text(cell_of(row, email))):
        draft.addresses.setdefault(speaker, address.lower())


def _add_call(draft: Draft, rows: list[TableRow], columns: Chosen, times: _TurnTimes, places: list[int]) -> None:
    for use, name in (
        (Use.TITLE, "title"),
        (Use.LANGUAGE, "language"),
        (Use.ACCOUNT, "account"),
        (Use.THREAD, "thread"),
    ):
        if (column := columns.first(use)) and (value := _only(rows, column)):
            setattr(draft, name, value)
    if column := columns.first(Use.DIRECTION):
        draft.direction = _DIRECTIONS.get((_only(rows, column) or "").lower())
    if column := columns.first(Use.DURATION):
        value = next((cell_of(row, column) for row in rows if not is_missing(cell_of(row, column))), None)
        told = cell_seconds(value)
        number = cell_number(value)
        draft.duration_s = (
            told if told is not None else None if number is None else tidy(number * (column.unit_s or 1.0))
        )
    _add_start(draft, rows, columns, times, places)
    for column in columns.others[:_MAX_TABLE_FIELDS]:
        if value := _only(rows, column):
            draft.fields[column.name] = value


def _add_start(draft: Draft, rows: list[TableRow], columns: Chosen, times: _TurnTimes, places: list[int]) -> None:
    found = [(times.moments[place], times.starts[place]) for place in places if times.moments[place] is not None]
    started = min((one for one, _ in found if one), default=None)
    if started is not None:
        offset = next((offset for one, offset in found if one == started), None)
        started = earlier(started, offset)
    else:
        started = _told_start(draft, rows, columns, times)
    if started is not None:
        draft.begin(started)


def _told_start(draft: Draft, rows: list[TableRow], columns: Chosen, times: _TurnTimes) -> datetime | None:
    single = len(rows) == 1
    for column in (*columns.by_use.get(Use.STARTED, ()), *columns.by_use.get(Use.START, ())):
        if not single and column.place not in times.constant:
            continue
        values = [one for row in rows if not is_missing(one := cell_of(row, column))]
        order = day_first(values)
        if values and (started := cell_moment(values[0], order)) is not None:
            return started
        if values and order is None and is_numeric_date(values[0]):
            draft.notes.append(f"{column.name}: {cell_text(values[0])[:20]} may begin with day or month; left out")
    return None


def _only(rows: list[TableRow], column: Column) -> str | None:
    """Return a column's only value, or the first if a few rows differ; None if rows differ freely."""
    found = dict.fromkeys(text for row in rows if not is_missing(text := cell_text(cell_of(row, column))))
    return next(iter(found)) if len(found) == 1 else None


def _keys(rows: Sequence[TableRow], column: Column | None) -> tuple[list[str], list[str]]:
    """Return each row's conversation; an empty cell continues the row above, as merged cells do."""
    if column is None:
        return [""] * len(rows), []
    keys: list[str] = []
    filled = damaged = False
    for row in rows:
        key = cell_text(cell_of(row, column))
        damaged = damaged or is_damaged_id(key)
        if not key and keys:
            key, filled = keys[-1], True
        keys.append(key)
    notes = [f"{column.name}: empty cells were taken as the row above"] if filled else []
    if damaged:
        notes.append(f"{column.name}: ids such as 1.23E+18 were cut by a spreadsheet, so that calls may be mixed up")
    return keys, notes


def _less(value: float | None, offset: float) -> float | None:
    return None if value is None else tidy(value - offset)
