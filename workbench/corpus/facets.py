"""The values in the corpus that a person may filter by."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from workbench.corpus.context import moment
from workbench.corpus.fields import value_of
from workbench.corpus.views import Facets
from workbench.domain.time_zones import UTC_ZONE

MAX_VALUES = 5_000
MAX_FIELD_VALUES = 500

_COLUMNS = {
    "stages": "deal_stage",
    "outcomes": "deal_outcome",
    "teams": "unnest(teams)",
    "accounts": "account",
    "languages": "language",
    "channels": "channel",
    "directions": "direction",
    "scopes": "scope",
}


def facets_of(db: duckdb.DuckDBPyConnection, zone: ZoneInfo = UTC_ZONE) -> Facets:
    """Return the values of every column and further field, and how many calls there are between which days."""
    counts = {
        name: _counted(db, f"SELECT number, {column} AS v FROM conversations") for name, column in _COLUMNS.items()
    }
    counts["participants"] = _counted(
        db,
        "SELECT number, coalesce(p.name, p.email) AS v FROM (SELECT number, unnest(parties) AS p FROM conversations)",
    )
    total = db.execute(
        "SELECT count(*), count(*) FILTER (kind = 'call'), epoch_us(min(started)), epoch_us(max(started)), "
        "median(duration_s) FILTER (kind = 'call') FROM conversations"
    ).fetchone() or (0, 0, None, None, None)
    return Facets(
        **{name: tuple(found) for name, found in counts.items()},
        counts={name: found for name, found in counts.items() if found},
        fields=_fields(db),
        conversations=total[0],
        calls=total[1],
        first=moment(total[2], zone),
        last=moment(total[3], zone),
        usual_s=total[4],
    )


def _counted(db: duckdb.DuckDBPyConnection, values: str) -> dict[str, int]:
    """Return the values in order, each with the number of conversations that have it."""
    sql = (
        f"SELECT v, count(DISTINCT number) FROM ({values}) WHERE v IS NOT NULL GROUP BY v ORDER BY v LIMIT {MAX_VALUES}"
    )
    return dict(db.execute(sql).fetchall())


def _fields(db: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    sql = "SELECT DISTINCT name, type, text, amount FROM fields WHERE type <> 'NULL' ORDER BY name, amount, text"
    for name, kind, text, amount in db.execute(sql).fetchall():
        values = found.setdefault(name, [])
        if len(values) < MAX_FIELD_VALUES:
            values.append(value_of(kind, text, amount))
    return {name: tuple(values) for name, values in found.items()}
