"""Times of day in pasted transcripts, with and without a date, converted to offsets from the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from workbench.corpus.formats.cell_values import cell_moment, day_first
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.plain_text.line_kinds import TextLine
from workbench.corpus.formats.times import earlier, moment, tidy

_SHORT_YEAR = re.compile(r"(\d{1,2}[./-]\d{1,2}[./-])(\d{2})")
_WALL_CLOCK_S = 3_600
_HALF_DAY_S = 43_200


def count_from_first_day(draft: Draft, heads: Sequence[TextLine]) -> bool:
    """Convert times of lines that all have a date to offsets from the first, and set when the draft began.

    Returns:
        False if a date is missing, or its order of day and month isn't known; the lines then stay as they are.
    """
    timed = [line for line in heads if line.start_s is not None]
    if not timed or not all(line.date for line in timed):
        return False
    dates = [_with_long_year(line.date) for line in timed]
    order = day_first(list(dates))
    orders = (True, False) if order is None else (order,)
    found = [moments for one in orders if (moments := _moments(timed, dates, one))]
    if len(found) == 2 and found[0] != found[1]:
        draft.notes.append(f"{timed[0].date}: may begin with day or month, so the date was left out")
        return False
    if not found:
        return False
    first = found[0][0]
    for line, said in zip(timed, found[0], strict=True):
        length = None if line.end_s is None or line.start_s is None else line.end_s - line.start_s
        line.start_s = tidy((said - first).total_seconds())
        line.end_s = None if length is None or length < 0 else tidy(line.start_s + length)
    began = moment(f"{first.isoformat()}{timed[0].zone}")  # None for an invalid zone, such as +99:00
    if began and not draft.started and (began.tzinfo or not draft.started_local):
        draft.begin(began)
    return True


def _with_long_year(date: str) -> str:
    found = _SHORT_YEAR.fullmatch(date)
    return f"{found[1]}20{found[2]}" if found else date


def _moments(timed: Sequence[TextLine], dates: Sequence[str], order: bool) -> list[datetime] | None:
    """Return when the lines were said; None if a date is invalid, or one comes before the one above."""
    out: list[datetime] = []
    for line, date in zip(timed, dates, strict=True):
        day = cell_moment(date, order)
        said = None if day is None else earlier(day, -(line.start_s or 0.0))
        if said is None or (out and said < out[-1]):
            return None
        out.append(said)
    return out


def settle_times(draft: Draft) -> None:
    """Convert times of day to offsets from the first, also past midnight."""
    timed = [turn for turn in draft.turns if turn.start_s is not None]
    if not timed or timed[0].start_s is None or timed[0].start_s < _WALL_CLOCK_S:
        return
    first, day, last = timed[0].start_s, 0.0, timed[0].start_s
    for turn in timed:
        start_s = turn.start_s or 0.0
        if last - start_s > _HALF_DAY_S:
            day += 86_400
        last = start_s
        turn.start_s = tidy(start_s + day - first)
        turn.end_s = None if turn.end_s is None else tidy(turn.end_s + day - first)
    draft.notes.append("times are of the day; the first turn begins at 0")
