"""Periods that readers choose by name. They end with the newest call, so that a corpus of last year shows something."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from workbench.widgets.views import day

NAMES = ("30d", "quarter", "12m")


def named(last: date) -> dict[str, str]:
    """Return the labels of the periods that end with the newest call's day."""
    first, newest = days_of("quarter", last)
    until = day(newest)
    return {"30d": f"30 days to {until}", "quarter": f"Quarter since {day(first)}", "12m": f"12 months to {until}"}


def days_of(name: str, last: date) -> tuple[datetime, datetime]:
    """Return the first and the last day of a period, each at its beginning."""
    until = datetime.combine(last, time())
    if name == "30d":
        return until - timedelta(days=29), until
    if name == "quarter":
        return until.replace(month=1 + 3 * ((until.month - 1) // 3), day=1), until
    leap_day = (until.month, until.day) == (2, 29)
    return (until - timedelta(days=leap_day)).replace(year=until.year - 1) + timedelta(days=1), until
