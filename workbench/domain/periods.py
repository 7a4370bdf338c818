"""Periods of time as people name them: "24 months", "90 days"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural
from workbench.domain.time_zones import in_utc, in_zone

_WRITTEN = re.compile(r"\s*(\d{1,5})\s*(day|week|month|year)s?\s*", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_MOST_MONTHS = 1_200


@dataclass(frozen=True, slots=True)
class KeepingPeriod:
    """So many days, weeks, months or years."""

    count: int
    unit: str

    def __str__(self) -> str:
        return plural(self.count, self.unit)


def period_of(text: str) -> KeepingPeriod:
    """Read a period such as "24 months".

    Raises:
        InvalidArgument: it is not a number of days, weeks, months or years, or longer than a hundred years.
    """
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None or not int(found[1]):
        raise InvalidArgument(
            f"period: give a number of days, weeks, months or years such as '24 months', not {text!r}"
        )
    one = KeepingPeriod(int(found[1]), found[2].lower())
    if one.count * _MONTHS.get(one.unit, _DAYS.get(one.unit, 0) / 30) > _MOST_MONTHS:
        raise InvalidArgument(f"period: must be at most 100 years, not {one}")
    return one


def before(moment: datetime, period: KeepingPeriod) -> datetime:
    """Return the moment so long before another one; of months and years the same day, or the month's last."""
    if period.unit in _DAYS:
        return moment - timedelta(days=period.count * _DAYS[period.unit])
    return months_before(moment, period.count * _MONTHS[period.unit])


def period_start(moment: datetime, zone: ZoneInfo, *, days: int = 0, months: int = 0) -> datetime:
    """Return when the past so many days or months began, as they are counted at a moment.

    Days are whole ones of ``zone``, as long as its clocks make them, and the current day so far counts besides: the
    past 7 days began with the day a week ago. Months go back to the same day of a month, or to its last.
    The result is in UTC.
    """
    today = in_zone(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
    return in_utc(months_before(today, months) - timedelta(days=days), zone)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day so many months earlier, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)
