"""Periods of time as people name them: "24 months", "90 days"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural
from workbench.domain.publications import months_before

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
