"""Reads times in UTC as they were written: SQLite loses the zone, PostgreSQL returns the connection's."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """Return the time in UTC, which is assumed if it has no zone."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
