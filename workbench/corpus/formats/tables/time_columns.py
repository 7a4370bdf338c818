"""The times in a column: moments, or offsets in a unit known from its name or its values."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from workbench.corpus.formats.cell_values import (
    cell_moment,
    cell_number,
    cell_seconds,
    day_first,
    is_missing,
    is_numeric_date,
)
from workbench.corpus.formats.times import since_1970, tidy

MIN_WORDS_PER_S, MAX_WORDS_PER_S = 0.3, 12
"""The range of speaking rates over a whole call; outside of it the unit is wrong."""

_MIN_EPOCH = 1e8
_DAY_S = 86_400.0
_STEP = 60  # whole numbers with larger steps from turn to turn are milliseconds
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # days since 1900 in spreadsheets: 1954 to 2119


@dataclass(slots=True)
class Times:
    """The values of a column, one for each row.

    Attributes:
        offsets: seconds from the start of the recording, or of the day; None if the row has none.
        moments: likewise, with or without a zone.
        unit_s: the detected unit of its numbers; None if it contains other times.
        notes: what was assumed.
    """

    offsets: list[float | None] = field(default_factory=list)
    moments: list[datetime | None] = field(default_factory=list)
    unit_s: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_absolute(self) -> bool:
        return sum(one is not None for one in self.moments) > sum(one is not None for one in self.offsets)


def times_of(
    values: Sequence[Any], groups: Sequence[int], words: Sequence[int], unit_s: float | None, name: str
) -> Times:
    """Read the times in a column.

    Args:
        values: of its cells.
        groups: for each row, which conversation it belongs to.
        words: for each row, how many words are said.
        unit_s: seconds of the unit, if it is known.
        name: of the column, for notes.
    """
    order = day_first(list(values))
    moments = [cell_moment(one, order) for one in values]
    if any(one is not None for one in moments):
        return Times([None] * len(values), _of_one_kind(moments))
    if order is None and any(map(is_numeric_date, values)):
        note = (
            f"{name}: dates such as {next(str(one) for one in values if is_numeric_date(one))[:20]} may begin with day"
        )
        note += " or month; the times were left out. Write the year first"
        return Times([None] * len(values), [None] * len(values), notes=[note])
    numbers = [None if is_missing(one) else cell_number(one) for one in values]
    if sum(one is not None for one in numbers) * 2 < sum(not is_missing(one) for one in values):
        return _clocks(values, groups, words, name)
    found = [one for one in numbers if one is not None]
    if unit_s is None and found and min(found) >= 0:
        if min(one for one in found) >= _MIN_EPOCH:
            return Times([None] * len(values), [since_1970(one) for one in numbers], notes=[f"{name}: since 1970"])
        if _are_serial(found):
            return Times([None] * len(values), [_of_serial(one) for one in numbers])
    note = ""
    if unit_s is None:
        unit_s = _unit(numbers, groups, words)
        note = f"{name}: times are {_unit_name(unit_s)}, by their size"
    elif unit_s <= 1 and found and min(found) * unit_s >= _MIN_EPOCH:
        return Times([None] * len(values), [since_1970(one) for one in numbers])
    offsets = [None if one is None else tidy(one * unit_s) for one in numbers]
    return Times(offsets, [None] * len(values), unit_s, [note] if note else [])


def words_per_second(offsets: Sequence[float | None], groups: Sequence[int], words: Sequence[int]) -> float | None:
    """Return the words per second; None if the times are not sufficient."""
    spans = [(min(own), max(own)) for own in _by_group(offsets, groups) if len(own) > 1]
    total = sum(last - first for first, last in spans)
    several = {group for group, number in _sizes(groups).items() if number > 1}
    said = sum(number for number, group in zip(words, groups, strict=True) if group in several)
    return said / total if total > 0 and said else None


def _clocks(values: Sequence[Any], groups: Sequence[int], words: Sequence[int], name: str) -> Times:
    offsets = [cell_seconds(one) for one in values]
    found = [one for one in offsets if one is not None]
    notes = []
    rate = words_per_second(offsets, groups, words)
    if _may_be_minutes(values, found) and rate is not None and rate < MIN_WORDS_PER_S <= rate * 60:
        offsets = [None if one is None else one / 60 for one in offsets]  # m:ss, which the spreadsheet read as h:mm
        notes = [f"{name}: hours and minutes were taken as minutes and seconds"]
    return Times(offsets, [None] * len(values), None, notes)


def _may_be_minutes(values: Sequence[Any], found: Sequence[float]) -> bool:
    """Return whether a spreadsheet's times are all whole minutes."""
    return len(found) > 2 and not any(isinstance(one, str) for one in values) and all(one % 60 == 0 for one in found)


def _of_one_kind(moments: list[datetime | None]) -> list[datetime | None]:
    """Leave out moments without a zone if others have one, as they cannot be compared."""
    zoned = sum(1 for one in moments if one and one.tzinfo)
    plain = sum(1 for one in moments if one and not one.tzinfo)
    keep = zoned >= plain
    return [one if one and (one.tzinfo is not None) == keep else None for one in moments]


def _unit(numbers: Sequence[float | None], groups: Sequence[int], words: Sequence[int]) -> float:
    found = [one for one in numbers if one is not None]
    rate = words_per_second(numbers, groups, words)
    whole = bool(found) and all(one.is_integer() for one in map(float, found))
    steps = [abs(later - one) for own in _by_group(numbers, groups) for one, later in pairwise(sorted(own))]
    steps = [one for one in steps if one > 0]
    if whole and steps and statistics.median(steps) > _STEP:
        return 1.0 if rate is not None and MIN_WORDS_PER_S <= rate <= MAX_WORDS_PER_S else 0.001
    if whole and rate is not None and rate < MIN_WORDS_PER_S / 10 and rate * 1_000 <= MAX_WORDS_PER_S:
        return 0.001
    fractions = bool(found) and max(found) < 2 and not whole
    if fractions and rate is not None and rate > 10 * MAX_WORDS_PER_S and rate / _DAY_S <= MAX_WORDS_PER_S:
        return _DAY_S
    return 1.0


def _are_serial(found: Sequence[float]) -> bool:
    return (
        min(found) >= _FIRST_SERIAL
        and max(found) <= _LAST_SERIAL
        and any(not float(one).is_integer() for one in found)
        and all(abs(one * _DAY_S - round(one * _DAY_S)) < 1e-2 for one in found)
        and max(found) - min(found) < 366
    )


def _of_serial(value: float | None) -> datetime | None:
    if value is None:
        return None
    return datetime(1899, 12, 30) + timedelta(milliseconds=round(value * _DAY_S * 1e3))  # noqa: DTZ001, no zone given


def _unit_name(unit_s: float) -> str:
    return {0.001: "milliseconds", _DAY_S: "fractions of a day"}.get(unit_s, "seconds")


def _by_group(values: Sequence[float | None], groups: Sequence[int]) -> list[list[float]]:
    out: dict[int, list[float]] = {}
    for value, group in zip(values, groups, strict=True):
        if value is not None:
            out.setdefault(group, []).append(float(value))
    return list(out.values())


def _sizes(groups: Sequence[int]) -> dict[int, int]:
    out: dict[int, int] = {}
    for group in groups:
        out[group] = out.get(group, 0) + 1
    return out
