"""Times as tools write them: clocks, durations, numbers in many units, moments with and without a zone."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from workbench.corpus.formats.bounds import FIRST_YEAR, LAST_YEAR, MAX_SECONDS

TICKS = 1e-7
"""Seconds of Azure's time unit, 100 ns."""

_CLOCK = re.compile(
    r"(?:(?:(?P<days>\d{1,3})[.:])?(?P<hours>\d{1,4}):)?(?P<minutes>\d{1,4}):(?P<seconds>\d{1,2})(?:[.,](?P<part>\d{1,9}))?"
)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_SUFFIXED = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>ms|millis|s|secs?|seconds?|m|mins?|minutes?|h|hours?)")
_ISO_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
_LONGEST = 40  # the most characters of a time
_FRACTION = re.compile(r"([.,]\d{6})\d+")
_UTC = re.compile(r" ?(?:UTC|GMT)$")
_SINCE_1970 = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3), (0.0, 1.0))  # least value, seconds of the unit
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: Any) -> float | None:
    """Return a finite number, including from text such as ``"0.50"`` or ``"0,5"``; None for anything else."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        if len(value) <= _LONGEST and value.replace(".", "", 1).isdecimal():  # the most frequent case, and the fastest
            return float(value)
        value = value.strip()
        if len(value) > _LONGEST or not _NUMBER.fullmatch(value):
            return None
        value = value.replace(",", ".")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except (OverflowError, ValueError):
        return None
    return found if math.isfinite(found) else None


def scaled(value: Any, unit_s: float) -> float | None:
    """Return the seconds of a number in a unit of ``unit_s`` seconds, such as 0.001; None if it is not a number."""
    found = number(value)
    return None if found is None else tidy(found * unit_s)


def millis(value: Any) -> float | None:
    """Return the seconds of a number of milliseconds; None if it is not a number."""
    found = number(value)
    return None if found is None else tidy(found / 1_000)


def tidy(value: float) -> float:
    """Return seconds without floating-point noise: rounded to a microsecond."""
    return round(value, 6)


def seconds(value: Any) -> float | None:
    """Return the seconds of any form that has a unit, or is in seconds.

    Examples of forms are 2.9, "2.9s", "1:02:03,5", "PT1M2.5S" and {"seconds": "2", "nanos": 5}; None for anything else.
    """
    if type(value) is str and value[-1:] == "s" and (plain := _plain(value[:-1])) is not None:
        return plain
    if isinstance(value, dict):
        return _of_parts(value)
    if isinstance(value, timedelta):
        return tidy(value.total_seconds())
    found = number(value)
    if found is not None:
        return tidy(found) if abs(found) <= MAX_SECONDS else None
    if not isinstance(value, str):
        return None
    return clock(value) if ":" in value else _with_unit(value)


def clock(text: str) -> float | None:
    """Return the seconds of ``h:mm:ss.mmm``, ``m:ss`` and similar, with a dot or a comma; None for anything else.

    One to nine decimals are a fraction: ``.32`` is 320 ms. Minutes alone may exceed 59, as in ``75:10``.
    """
    if len(text) > _LONGEST or not (found := _CLOCK.fullmatch(text.strip())):
        return None
    parts = found.groupdict()
    if int(parts["seconds"]) > 59 or (parts["hours"] is not None and int(parts["minutes"]) > 59):
        return None
    whole = (int(parts["days"] or 0) * 24 + int(parts["hours"] or 0)) * 3600
    whole += int(parts["minutes"]) * 60 + int(parts["seconds"])
    return tidy(whole + float(f"0.{parts['part'] or 0}"))


def iso_duration(text: str) -> float | None:
    """Return the seconds of ``PT1M2.5S``; None for anything else."""
    if len(text) > _LONGEST or not (found := _ISO_DURATION.fullmatch(text.strip())) or text.strip()[-1] in "PpTt":
        return None
    parts = {name: float(one or 0) for name, one in found.groupdict().items() if name != "sign"}
    total = ((parts["days"] * 24 + parts["hours"]) * 60 + parts["minutes"]) * 60 + parts["seconds"]
    return tidy(-total if found["sign"] else total)


def moment(value: Any) -> datetime | None:
    """Return a moment from ISO text or from a number since 1970 (in s, ms, µs or ns, by its size).

    It has no zone if the file has none: see :func:`zoned`. None if it cannot be a recording's moment.
    """
    if isinstance(value, datetime):
        return _possible(value)
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()[:_LONGEST]):
        return _of_text(value.strip())
    found = number(value)
    return None if found is None or found < 1e8 else since_1970(found)


def since_1970(value: Any) -> datetime | None:
    """Return the moment this number of seconds, or by its size milli-, micro- or nanoseconds, after 1970 began."""
    found = number(value)
    if found is None or found < 0:
        return None
    unit_s = next(unit for least, unit in _SINCE_1970 if found >= least)
    try:
        return _possible(_EPOCH + timedelta(microseconds=round(found * unit_s * 1e6)))
    except OverflowError:
        return None


def zoned(value: Any) -> datetime | None:
    """Return a moment with a zone, or a number since 1970, in UTC; None if it has none."""
    found = moment(value)
    return found.astimezone(UTC) if found and found.tzinfo else None


def taken_as_utc(value: Any) -> datetime | None:
    """Return a moment in UTC, even without a zone, for makers whose documentation specifies UTC."""
    found = moment(value)
    if not found:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def earlier(moment: datetime, by_s: float | None) -> datetime | None:
    """Return the moment ``by_s`` seconds earlier; None if it is out of range, or for None."""
    try:
        return moment - timedelta(seconds=by_s or 0.0)
    except OverflowError:
        return None


def between(start: datetime | None, end: datetime | None) -> float | None:
    """Return the seconds from one moment to another; None if one is unknown, or only one has a zone."""
    if start is None or end is None or (start.tzinfo is None) != (end.tzinfo is None):
        return None
    return tidy((end - start).total_seconds())


def _of_text(text: str) -> datetime | None:
    if len(text) > _LONGEST or len(text) < 8:
        return None
    try:
        return _possible(datetime.fromisoformat(_FRACTION.sub(r"\1", _UTC.sub("+00:00", text))))
    except ValueError:
        return None


def _possible(found: datetime) -> datetime | None:
    try:
        year = (found.astimezone(UTC) if found.tzinfo else found).year
    except OverflowError:
        return None
    return found if FIRST_YEAR <= year <= LAST_YEAR else None


def _plain(text: str) -> float | None:
    """Return a number as digits with at most one dot between them; None for anything else."""
    whole, dot, part = text.partition(".")
    if len(text) >= _LONGEST or not whole.isdecimal() or (dot and not part.isdecimal()):
        return None
    return tidy(float(text))


def _with_unit(text: str) -> float | None:
    stripped = text.strip().lower()
    if stripped.startswith(("p", "-p")):
        return iso_duration(stripped)
    if len(stripped) > _LONGEST or not (found := _SUFFIXED.fullmatch(stripped)):
        return None
    unit_s = {"ms": 0.001, "mi": 60, "m": 60, "s": 1, "h": 3600}
    name = "ms" if found["unit"] in ("ms", "millis") else found["unit"][0]
    return tidy(float(found["number"].replace(",", ".")) * unit_s[name])


def _of_parts(value: dict[str, Any]) -> float | None:
    """Return the seconds of a protobuf duration; missing parts are 0."""
    names = {"seconds": 1.0, "nanos": 1e-9, "milliseconds": 1e-3, "millis": 1e-3, "ms": 1e-3}
    found = [(number(value[name]), unit) for name, unit in names.items() if name in value]
    if any(one is None for one, _ in found) or (value and not found):
        return None
    return tidy(sum(one * unit for one, unit in found if one is not None))
