"""SQLite forgets the time zone; what was written in UTC is read in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """The moment with its zone, UTC where it has none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
