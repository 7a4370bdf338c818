"""Converts the cells of a table: numbers and truth values of whole columns, amounts, moments, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from workbench.corpus.formats.cell_values import cell_moment, cell_number, cell_text, is_missing, is_numeric_date
from workbench.domain.names import name_key

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
_MONEY = re.compile(r"[^\d.,'+\-]+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'|]{1,64}@[^\s<>()\[\],;:\"'|@]{1,190}\.[^\s<>()\[\],;:\"'|@.]{2,40}")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_CELL = 20_000  # characters in which to look for addresses


class CellTime(NamedTuple):
    """A moment in UTC; ``is_day`` if the cell contains only a day."""

    moment: datetime
    is_day: bool


def typed(cells: Sequence[Any]) -> list[Any]:
    """Return a column's texts as numbers or truth values if all of them are; empty cells are None."""
    out = [None if isinstance(one, str) and is_missing(one) else one for one in cells]
    texts = [one.strip() for one in out if isinstance(one, str)]
    if not texts or len(texts) < sum(1 for one in out if one is not None):
        return out
    if all(map(_NUMBER.fullmatch, texts)):
        return [None if one is None else float(one) if "." in one else int(one) for one in out]
    if all(one.lower() in ("true", "false") for one in texts):
        return [None if one is None else one.strip().lower() == "true" for one in out]
    return out


def amount_of(cell: Any) -> Any:
    """Return an amount such as ``$1,200.00`` or ``1.200,50 EUR`` as a number; anything else is returned unchanged."""
    if not isinstance(cell, str) or len(cell) > 60:
        return cell
    found = cell_number(_MONEY.sub("", cell).strip())
    if found is None or ("," in cell and "." not in cell and re.search(r",\d{3}(?:\D|$)", cell)):
        found = cell_number(re.sub(r"[,']", "", _MONEY.sub("", cell)))
    return cell if found is None else found


def addresses_in(cell: Any) -> set[str]:
    """Return the e-mail addresses in a cell, folded for comparison."""
    text = cell_text(cell)[:_MAX_CELL]
    return {name_key(one) for one in _ADDRESS.findall(text)} if "@" in text else set()


def time_in(cell: Any, day_first: bool | None, zone: tzinfo, days_only: bool) -> CellTime | None:
    """Return the moment in a cell, in ``zone`` if it has no offset; None if there is none or it is ambiguous.

    Args:
        cell: the table's cell.
        day_first: the order of ``02/03/2026``; None if unknown.
        zone: for moments without an offset.
        days_only: whether all moments of the column are at midnight, so that they are days.
    """
    if is_missing(cell):
        return None
    is_day = ":" not in cell if isinstance(cell, str) else days_only
    if isinstance(cell, str) and (is_day and _ISO_DAY.fullmatch(cell.strip())):
        cell = f"{cell.strip()}T00:00:00"
    found = cell_moment(cell, day_first)
    if found is None:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        return CellTime(found.astimezone(UTC), is_day)
    except OverflowError:
        return None


def are_days(cells: Sequence[Any]) -> bool:
    """Return whether the moments of a column in a workbook or a frame are all days."""
    moments = [one for one in cells if hasattr(one, "year") and not is_missing(one)]
    return all(not hasattr(one, "hour") or (one.hour, one.minute, one.second) == (0, 0, 0) for one in moments)


def why_no_time(cell: Any, day_first: bool | None) -> str:
    """Return why a cell has no time."""
    if is_missing(cell):
        return "has no time"
    text = cell_text(cell)[:40]
    if day_first is None and is_numeric_date(cell):
        return f"{text!r} may begin with day or month; say which with day_first"
    return f"{text!r} is not a date and time"
