"""What was written in UTC is read in UTC: SQLite forgets the zone, PostgreSQL gives that of the connection."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """Return the moment in UTC, which it is in where it has no zone."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
