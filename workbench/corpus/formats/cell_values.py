"""The values of cells: texts, ids, numbers including the European notation, and dates."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from workbench.corpus.formats.times import clock, moment, number, seconds

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,'  ])\d{3})+(?:[.,]\d+)?")
_DAMAGED = re.compile(r"\d[.,]\d+[eE]\+\d+")
_DAY = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)\s*([AaPp]\.?[Mm]\.?)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T](.+))?")
_MISSING = frozenset(("", "nan", "nat", "null", "none", "n/a", "#n/a", "<na>"))


def cell_text(value: Any) -> str:
    """Return a cell as text; "" for an empty cell."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip()
    text = str(value).strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def is_missing(value: Any) -> bool:
    """Return whether a cell is empty, or marked as missing."""
    return cell_text(value).lower() in _MISSING


def is_damaged_id(text: str) -> bool:
    """Return whether a spreadsheet wrote a long id in the form ``1.23E+18``."""
    return bool(_DAMAGED.fullmatch(text))


def cell_number(value: Any) -> float | None:
    """Return a number, including ``1.234,5``; None for anything else."""
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if not isinstance(value, str):
        return number(value)
    text = value.strip()
    if len(text) <= 40 and "," in text and "." in text and _THOUSANDS.fullmatch(text):
        mark = max(text.rfind(","), text.rfind("."))
        return number(re.sub(r"[.,]", "", text[:mark]) + "." + text[mark + 1 :])
    return number(text)


def cell_moment(value: Any, day_first: bool | None) -> datetime | None:
    """Return a moment, with or without a zone; None if there is none.

    Args:
        value: the cell's value.
        day_first: the order of ``02/03/2026``; None if unknown; then such dates give None.
    """
    if isinstance(value, datetime):
        return moment(value.to_pydatetime() if hasattr(value, "to_pydatetime") else value)
    if isinstance(value, date):
        return moment(datetime.combine(value, time()))
    if not isinstance(value, str) or not 8 <= len(text := value.strip()) <= 40:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        text = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" + (f"T{found[4]}" if found[4] else "")
    if not (found := _DAY.fullmatch(text)):
        return moment(text) if not text.replace(".", "").isdigit() else None
    if day_first is None and found[2] != ".":
        return None
    day, month = (found[1], found[3]) if day_first or found[2] == "." else (found[3], found[1])
    return _day_moment(int(found[4]), int(month), int(day), found[5], (found[6] or "").lower()[:1])


def day_first(values: list[Any]) -> bool | None:
    """Return the order of dates such as ``13/03/2026``; None if no value shows it."""
    for value in values:
        if isinstance(value, str) and len(value) <= 40 and (found := _DAY.fullmatch(value.strip())):
            if found[2] == "." or int(found[1]) > 12:
                return True
            if int(found[3]) > 12:
                return False
    return None


def is_numeric_date(value: Any) -> bool:
    """Return whether a text is a date that needs a known order."""
    return isinstance(value, str) and len(value) <= 40 and bool(_DAY.fullmatch(value.strip()))


def cell_seconds(value: Any) -> float | None:
    """Return the seconds of a cell with a unit: a clock time, a duration; None for anything else."""
    if isinstance(value, timedelta):
        return seconds(value.to_pytimedelta() if hasattr(value, "to_pytimedelta") else value)
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    if not isinstance(value, str):
        return None
    text = value.strip().strip("[]()")
    if ":" in text:
        return clock(text.lstrip("-+ ")) if not text.startswith("-") else None
    return seconds(text) if number(text) is None else None


def _day_moment(year: int, month: int, day: int, clock_text: str | None, half: str) -> datetime | None:
    try:
        found = datetime(year, month, day)  # noqa: DTZ001, the file states no zone
        if clock_text:
            parts = clock_text.replace(",", ".").split(":")
            hour = int(parts[0]) % 12 + (12 if half == "p" else 0) if half else int(parts[0])
            found += timedelta(hours=hour, minutes=int(parts[1]), seconds=float(parts[2]) if len(parts) > 2 else 0)
    except (ValueError, OverflowError):  # not a day of the calendar, or after its last
        return None
    return moment(found)
