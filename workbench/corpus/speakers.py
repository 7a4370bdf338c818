"""Who speaks in the corpus: one person per row, however their names are spelt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from workbench.corpus.people import is_label
from workbench.domain.aliases import AliasTable, key_of

COLUMNS = ("name", "spellings", "side", "team", "addresses", "calls", "conversations")
# A speaker is identified by the name of a participant; if two in a call have one name, the first address counts.
_SPOKEN = """
WITH said AS (SELECT DISTINCT number, speaker, side FROM sentences WHERE speaker IS NOT NULL),
party AS (
    SELECT number, coalesce(p.name, p.id) AS speaker, p.side AS side, min(p.email) AS email,
        coalesce(min(p.team), any_value(CASE WHEN p.side = 'company' THEN team END)) AS team
    FROM (SELECT number, team, unnest(parties) AS p FROM conversations) GROUP BY ALL
)
SELECT s.number, s.speaker, s.side, p.email, p.team, c.kind
FROM said s JOIN conversations c ON c.number = s.number
LEFT JOIN party p ON p.number = s.number AND p.speaker = s.speaker AND p.side IS NOT DISTINCT FROM s.side
"""
_PEOPLE = f"""
SELECT w.person, any_value(w.main) AS main, mode(s.side) AS side,
    histogram(s.speaker) AS spellings, histogram(s.team) AS teams, histogram(s.email) AS addresses,
    count(DISTINCT s.number) FILTER (s.kind = 'call') AS calls, count(DISTINCT s.number) AS conversations
FROM ({_SPOKEN}) s JOIN who w ON w.speaker = s.speaker AND w.email IS NOT DISTINCT FROM s.email
GROUP BY w.person, CASE WHEN w.main IS NULL THEN s.side END ORDER BY conversations DESC, w.person, side
"""


def speakers_of(db: duckdb.DuckDBPyConnection, aliases: AliasTable) -> pd.DataFrame:
    """Return who speaks, ``COLUMNS``, those in the most conversations first; labels are not people.

    Each address is one person, and so is each name without an address on one side, or each main name. ``name`` is the
    main one, else the most frequent spelling; ``spellings`` and ``addresses`` are all, the most frequent first.
    """
    written = db.execute(f"SELECT DISTINCT speaker, email FROM ({_SPOKEN})").fetchall()
    db.register("who", _who(written, aliases))
    rows = db.execute(_PEOPLE).fetchall()
    found = pd.DataFrame([_row(aliases, *row) for row in rows], columns=list(COLUMNS), dtype=object)
    found = found.astype({"calls": "int64", "conversations": "int64"})
    return found.sort_values(["conversations", "name"], ascending=[False, True], kind="stable", ignore_index=True)


def _who(written: list[tuple[str, str | None]], aliases: AliasTable) -> pa.Table:
    """Return the person for each name and address as written, and the main name, if there is one."""
    mains = aliases.mains("person")
    rows = []
    for speaker, email in written:
        main = (email and mains.get(key_of(email))) or mains.get(key_of(speaker))
        if main or email or not is_label(speaker):
            rows.append({"speaker": speaker, "email": email, "person": key_of(main or email or speaker), "main": main})
    return pa.Table.from_pylist(
        rows, pa.schema([(name, pa.string()) for name in ("speaker", "email", "person", "main")])
    )


def _row(
    aliases: AliasTable,
    person: str,
    main: str | None,
    side: str | None,
    spellings: Mapping[str, int],
    teams: Mapping[str, int] | None,
    written: Mapping[str, int] | None,
    calls: int,
    conversations: int,
) -> tuple[Any, ...]:
    names, of = _ordered(spellings), _ordered(teams)
    addresses: dict[str, str] = {}
    for one in _ordered(written):
        addresses.setdefault(key_of(one), one)
    name = main or next((one for one in names if not is_label(one)), None) or next(iter(addresses.values()), person)
    team = aliases.main("team", of[0]) if of else None
    return name, tuple(names), side, team, tuple(addresses.values()), calls, conversations


def _ordered(counts: Mapping[str, int] | None) -> list[str]:
    """Return the spellings, the most frequent first."""
    return [one for one, _ in sorted((counts or {}).items(), key=lambda one: (-one[1], one[0]))]
