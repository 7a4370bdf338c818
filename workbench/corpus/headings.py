"""Conversations by number, without their sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from workbench.corpus.context import moment
from workbench.corpus.filters_sql import Condition
from workbench.corpus.kept_names import TEAM
from workbench.corpus.views import Heading
from workbench.domain.time_zones import UTC_ZONE

_COLUMNS = f"c.number, c.id, c.kind, c.title, epoch_us(c.started), c.account, {TEAM.format(table='c')}"


def headings_of(db: duckdb.DuckDBPyConnection, numbers: Iterable[int], zone: ZoneInfo = UTC_ZONE) -> dict[int, Heading]:
    """Return the conversations with these numbers; unknown ones are left out."""
    sql = f"SELECT {_COLUMNS} FROM conversations c WHERE c.number IN (SELECT unnest(?::BIGINT[]))"
    return _headings(db.execute(sql, [list(numbers)]).fetchall(), zone)


def started_of(db: duckdb.DuckDBPyConnection, numbers: Iterable[int]) -> dict[int, datetime | None]:
    """Return when the conversations with these numbers began; unknown ones are left out."""
    sql = "SELECT number, epoch_us(started) FROM conversations WHERE number IN (SELECT unnest(?::BIGINT[]))"
    return {number: moment(started) for number, started in db.execute(sql, [list(numbers)]).fetchall()}


def begun_between(
    db: duckdb.DuckDBPyConnection, where: Condition, since: datetime, until: datetime, zone: ZoneInfo = UTC_ZONE
) -> dict[int, Heading]:
    """Return the conversations that began in this period, ``until`` included, and have a sentence that matches."""
    sql = (
        f"SELECT {_COLUMNS} FROM conversations c WHERE c.started >= ? AND c.started <= ? AND "
        f"EXISTS (SELECT 1 FROM sentences s WHERE s.number = c.number AND {where.sql})"
    )
    return _headings(db.execute(sql, [since, until, *where.values]).fetchall(), zone)


def _headings(
    rows: Iterable[tuple[int, str, str, str | None, int | None, str | None, str | None]], zone: ZoneInfo
) -> dict[int, Heading]:
    return {
        number: Heading(id=id_, kind=kind, title=title, started=moment(started, zone), account=account, team=team)
        for number, id_, kind, title, started, account, team in rows
    }
