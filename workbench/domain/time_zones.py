"""Time zones by their IANA names, and local times in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from workbench.domain.errors import InvalidArgument

UTC_ZONE = ZoneInfo("UTC")
_NOT_ZONES = frozenset(("localtime", "posixrules", "Factory"))  # files that some systems keep beside the zones
_SHOWN = 60


def time_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, such as Europe/Berlin.

    Raises:
        InvalidArgument: the name is unknown; says which are spelt alike.
    """
    found = _zone(name)
    if found is not None:
        return found
    known = available_timezones()
    by_fold = {one.casefold(): one for one in known}
    alike = get_close_matches(str(name).casefold()[:_SHOWN], by_fold, n=3)
    hint = f"; did you mean {' or '.join(by_fold[one] for one in alike)}?" if alike else ", such as Europe/Berlin"
    raise InvalidArgument(f"time_zone: {str(name)[:_SHOWN]!r} is not the name of a time zone of the IANA{hint}")


def in_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment in UTC; one without an offset is a local time in ``zone``.

    When clocks go back, a local time that comes twice is its first. One that clocks skip is read as if they had not
    gone forward yet (PEP 495), so that midnight is where a day begins even where it begins at one o'clock.

    Raises:
        OverflowError: the calendar ends before it.
    """
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment as the clocks of ``zone`` show it; one without an offset is UTC."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
    except OverflowError:  # the first and the last day of the calendar
        return moment


def day_after(day: datetime) -> datetime:
    """Return the next day at the same local time; ``day`` has no offset, for days are not all of 24 hours."""
    return day + timedelta(days=1)


def _zone(name: Any) -> ZoneInfo | None:
    if not isinstance(name, str) or not name or name in _NOT_ZONES or name.startswith(("posix/", "right/")):
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # a path, a folder, or nothing
        return None
