"""Names of time zones, and local times in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.conventions import DEFAULT, Conventions
from workbench.domain.errors import InvalidArgument
from workbench.domain.time_zones import UTC_ZONE, day_after, in_utc, in_zone, time_zone

BERLIN = ZoneInfo("Europe/Berlin")
local = datetime.fromisoformat
zones = st.sampled_from(sorted(available_timezones() - {"localtime", "posixrules", "Factory"})).map(ZoneInfo)
moments = st.datetimes(local("1900-01-02"), local("2199-12-30"))


def test_zones_have_the_names_of_the_iana():
    assert time_zone("Europe/Berlin") is BERLIN
    assert time_zone("UTC") is UTC_ZONE
    assert time_zone("Asia/Kolkata").utcoffset(local("2026-01-01")) == timedelta(hours=5, minutes=30)
    assert (DEFAULT, DEFAULT.zone) == (Conventions(), UTC_ZONE)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Berlin/Europe",
        "localtime",
        "posix/Europe/Berlin",
        "../etc/passwd",
        "/etc/passwd",
        "Europe",
        "Europe/\0",
        "x",
        *("a" * 5000, None, 5, ["Europe/Berlin"], b"UTC", "Europe/Berlin\n", "Ünited/Kingdom"),
    ],
)
def test_others_are_refused(name):
    with pytest.raises(InvalidArgument, match=r"time_zone: .* is not the name of a time zone") as raised:
        time_zone(name)
    assert len(str(raised.value)) < 250


def test_names_that_are_spelt_alike_are_told():
    with pytest.raises(InvalidArgument, match=r"did you mean .*Europe/Berlin"):
        time_zone("europe/berlin")


def test_clocks_that_go_forward_and_back():
    skipped, twice = local("2026-03-29T02:30"), local("2026-10-25T02:30")
    assert in_utc(skipped, BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert in_utc(twice, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert in_zone(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN).isoformat() == "2026-10-25T02:30:00+02:00"
    assert in_zone(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN).isoformat() == "2026-10-25T02:30:00+01:00"


def test_a_day_that_begins_at_one_o_clock_begins_there():
    santiago = ZoneInfo("America/Santiago")
    midnight = in_utc(local("2026-09-06"), santiago)
    assert in_zone(midnight, santiago) == datetime(2026, 9, 6, 1, tzinfo=santiago)
    assert in_zone(midnight - timedelta(seconds=1), santiago).day == 5


def test_an_offset_is_kept_and_none_is_utc_where_a_moment_is_shown():
    five = timezone(timedelta(hours=5))
    assert in_utc(datetime(2026, 1, 1, 5, tzinfo=five), BERLIN) == datetime(2026, 1, 1, tzinfo=UTC)
    assert in_zone(local("2026-01-01"), BERLIN).hour == 1
    assert in_zone(datetime.max.replace(tzinfo=UTC), BERLIN) == datetime.max.replace(tzinfo=UTC)


def test_days_follow_each_other_by_the_calendar():
    day = local("2026-03-29")
    assert in_utc(day_after(day), BERLIN) - in_utc(day, BERLIN) == timedelta(hours=23)
    assert in_utc(local("2026-10-26"), BERLIN) - in_utc(local("2026-10-25"), BERLIN) == timedelta(hours=25)


@given(moments, zones)
def test_a_moment_is_the_same_in_every_zone(moment, zone):
    aware = moment.replace(tzinfo=UTC)
    assert in_zone(aware, zone) == aware
    assert in_utc(in_zone(aware, zone), UTC_ZONE) == aware
