"""Periods as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import InvalidArgument
from workbench.domain.periods import KeepingPeriod, before, months_before, period_of, period_start
from workbench.domain.publications import PAST, since_of
from workbench.domain.time_zones import in_utc


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


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [((2026, 3, 31), 1, (2026, 2, 28)), ((2026, 1, 15), 3, (2025, 10, 15)), ((2024, 2, 29), 12, (2023, 2, 28))],
)
def test_months_go_back_to_a_day_that_exists(day, months, earlier):
    assert months_before(datetime(*day, tzinfo=UTC), months) == datetime(*earlier, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "period", "begins"),
    [
        ("UTC", "2026-11-30T13:08:00Z", {"days": 7}, "2026-11-23T00:00:00Z"),
        ("Europe/Berlin", "2026-11-30T13:08:00Z", {"days": 7}, "2026-11-22T23:00:00Z"),
        ("Europe/Berlin", "2026-11-30T23:30:00Z", {"days": 7}, "2026-11-23T23:00:00Z"),  # the next day in Berlin
        ("Europe/Berlin", "2026-03-31T08:00:00Z", {"days": 7}, "2026-03-23T23:00:00Z"),  # a day has 23 hours
        ("Europe/Berlin", "2026-10-28T08:00:00Z", {"days": 7}, "2026-10-20T22:00:00Z"),  # a day has 25 hours
        ("Europe/Berlin", "2026-11-30T13:08:00Z", {"months": 3}, "2026-08-29T22:00:00Z"),
        ("Europe/Berlin", "2026-03-31T08:00:00Z", {"months": 1}, "2026-02-27T23:00:00Z"),  # the month's last day
        ("Europe/Berlin", "2026-10-25T01:30:00Z", {"days": 0}, "2026-10-24T22:00:00Z"),  # half past two again
        ("Pacific/Kiritimati", "2026-11-30T13:08:00Z", {"days": 1}, "2026-11-29T10:00:00Z"),  # the 1st of December
        ("Pacific/Pago_Pago", "2026-11-30T10:00:00Z", {"days": 1}, "2026-11-28T11:00:00Z"),  # the 29th of November
        ("America/Santiago", "2026-09-07T12:00:00Z", {"days": 1}, "2026-09-06T04:00:00Z"),  # no midnight: one o'clock
    ],
)
def test_a_period_begins_with_a_day_of_the_zone(zone, moment, period, begins):
    found = period_start(datetime.fromisoformat(moment), ZoneInfo(zone), **period)
    assert (found, found.tzinfo) == (datetime.fromisoformat(begins), UTC)


ZONES = st.sampled_from(
    ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe")
)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), ZONES, st.integers(0, 400))  # noqa: DTZ001, made local below
def test_all_moments_of_a_day_have_the_same_period(local, zone, days):
    zone = ZoneInfo(zone)
    at = [in_utc(one, zone) for one in (local, local.replace(hour=0, minute=0), local.replace(hour=23, minute=59))]
    found = {period_start(one, zone, days=days) for one in at}
    assert len(found) == 1
    (start,) = found
    assert timedelta(days=days) - timedelta(hours=26) < at[0] - start < timedelta(days=days + 1, hours=26)


@pytest.mark.parametrize("past", [None, *PAST])
def test_past_calls_are_those_since_a_day_of_the_zone(past):
    moment, zone = datetime(2026, 11, 30, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")  # the 1st of December there
    wanted = {"1 month": (10, 31, 23), "3 months": (8, 31, 22), "6 months": (5, 31, 22)}  # the 1st of those months
    if past in wanted:
        assert since_of(past, moment, zone) == datetime(2026, *wanted[past], tzinfo=UTC)
    elif past == "12 months":
        assert since_of(past, moment, zone) == datetime(2025, 11, 30, 23, tzinfo=UTC)
    else:
        assert since_of(past, moment, zone) is None
