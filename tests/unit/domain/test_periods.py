"""Periods as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.domain.errors import InvalidArgument
from workbench.domain.periods import KeepingPeriod, before, period_of


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("1 day", (2026, 3, 30)),
        ("2 weeks", (2026, 3, 17)),
        ("1 month", (2026, 2, 28)),
        ("25 Months", (2024, 2, 29)),
        ("1year", (2025, 3, 31)),
    ],
)
def test_how_long_ago(text, then):
    moment = datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert before(moment, period_of(text)) == datetime(*then, 9, tzinfo=UTC)
    assert period_of(str(period_of(text))) == period_of(text)


def test_it_is_written_as_people_do():
    assert (str(KeepingPeriod(1, "year")), str(KeepingPeriod(24, "month"))) == ("1 year", "24 months")


@pytest.mark.parametrize("text", ["", "months", "0 days", "-1 day", "1.5 years", "99999 years", "2 fortnights"])
def test_what_is_no_period(text):
    with pytest.raises(InvalidArgument, match="period"):
        period_of(text)
