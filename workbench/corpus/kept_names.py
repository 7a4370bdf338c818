"""Names in the tables: cleaned, whichever version imported them; Parquet parts stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from workbench.corpus.schema import PARTY
from workbench.domain.language_tags import language_tag
from workbench.domain.names import INVISIBLE, clean_name

# The teams of a conversation are its own and those of its participants from the company.
TEAMS = """list_sort(list_distinct(list_append(list_transform(list_filter(parties, lambda one: one.side = 'company'),
    lambda one: one.team), team)))"""
# All teams in one text, for lists; NULL if there are none.
TEAM = "nullif(array_to_string({table}.teams, ', '), '')"

_NAMES = ("title", "account", "deal_stage", "team", "language")
_OF_PARTIES = ("name", "team", "email")
_CHANGED = pa.schema([("number", pa.int64()), ("parties", pa.list_(PARTY))])
# Cheaper than cleaning, with no false negatives: looks for white space that is not a single space
# between words, and for invisible characters. MATERIALIZED: each name is tested once.
_INVISIBLE = "[" + "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in INVISIBLE) + "]"
UNCLEAN = rf"[^\pL\pM\pN\pP\pS ]|  |^ | $|^$|{_INVISIBLE}"
_SPEAKER, _PARTY = "speaker", "party"
_NEW = "number >= $first"
_NAMED = " UNION ALL ".join(
    [f"SELECT '{one}' AS place, {one} AS name FROM conversations WHERE {_NEW}" for one in _NAMES]
    + [f"SELECT '{_SPEAKER}', speaker FROM loaded WHERE {_NEW}"]
    + [f"SELECT '{_PARTY}', unnest([{', '.join(f'party.{one}' for one in _OF_PARTIES)}]) "
       f"FROM (SELECT unnest(parties) AS party FROM conversations WHERE {_NEW})"]
)  # fmt: skip
# One statement for all: compiling the expression takes longer than running it on the names of a small corpus.
_DOUBTFUL = f"""WITH found AS MATERIALIZED (SELECT DISTINCT place, name FROM ({_NAMED}) WHERE name IS NOT NULL)
    SELECT place, name FROM found WHERE regexp_matches(name, $unclean)"""

Cleaned = dict[str, str | None]


def clean_up(db: duckdb.DuckDBPyConnection, turns: Sequence[str], first: int) -> None:
    """Clean the names in ``conversations`` and ``loaded`` numbered from ``first`` on; a blank one counts as missing.

    ``loaded`` are the sentences that are not read in place.

    ``turns`` are the Parquet files of their turns: a speaker with a blank name is identified by the id, like one
    without a name.
    """
    doubtful = _doubtful(db, first)
    for name in _NAMES:
        _clean_column(db, "conversations", name, doubtful[name], first)
    _clean_parties(db, doubtful[_PARTY], first)
    if any(doubtful[name] for name in (*_NAMES, _PARTY)):
        db.execute(f"UPDATE conversations SET teams = {TEAMS} WHERE {_NEW}", {"first": first})
    _clean_speakers(db, turns, doubtful[_SPEAKER], first)


def are_clean(db: duckdb.DuckDBPyConnection, names: str) -> bool:
    """Return whether all names selected by this SQL are clean."""
    sql = f"SELECT name FROM ({names}) AS found(name) WHERE regexp_matches(name, ?)"
    return all(name and clean_name(name) == name for (name,) in db.execute(sql, [UNCLEAN]).fetchall())


def _clean_column(db: duckdb.DuckDBPyConnection, table: str, column: str, cleaned: Cleaned, first: int) -> None:
    if cleaned:
        _register(db, cleaned)
        new = f"{table}.{_NEW} AND {table}.{column} = c.name"
        db.execute(f"UPDATE {table} SET {column} = c.cleaned FROM cleaned c WHERE {new}", {"first": first})
        db.unregister("cleaned")


def _clean_parties(db: duckdb.DuckDBPyConnection, cleaned: Cleaned, first: int) -> None:
    if not cleaned:
        return
    rows = db.execute(f"SELECT number, parties FROM conversations WHERE {_NEW}", {"first": first}).fetchall()
    changed = [
        {"number": number, "parties": [_party(one, cleaned) for one in parties]}
        for number, parties in rows
        if any(one[name] in cleaned for one in parties or () for name in _OF_PARTIES)
    ]
    db.register("changed", pa.Table.from_pylist(changed, _CHANGED))
    db.execute("UPDATE conversations SET parties = c.parties FROM changed c WHERE conversations.number = c.number")
    db.unregister("changed")


def _party(party: dict[str, str | None], cleaned: Cleaned) -> dict[str, str | None]:
    return party | {name: cleaned.get(value, value) for name in _OF_PARTIES if (value := party[name]) is not None}


def _clean_speakers(db: duckdb.DuckDBPyConnection, turns: Sequence[str], cleaned: Cleaned, first: int) -> None:
    blank = [name for name, left in cleaned.items() if left is None]
    if blank:
        said = "SELECT number, turn, party FROM read_parquet($turns) WHERE speaker IN (SELECT unnest($blank))"
        db.execute(
            f"UPDATE loaded SET speaker = t.party FROM ({said}) t WHERE loaded.number = t.number "
            "AND loaded.turn = t.turn AND loaded.speaker IN (SELECT unnest($blank))",
            {"turns": list(turns), "blank": blank},
        )
    _clean_column(db, "loaded", "speaker", cleaned, first)


def _doubtful(db: duckdb.DuckDBPyConnection, first: int) -> dict[str, Cleaned]:
    """Return the names that are not clean, and their cleaned form, for each column with names."""
    found: dict[str, Cleaned] = {place: {} for place in (*_NAMES, _SPEAKER, _PARTY)}
    for place, name in db.execute(_DOUBTFUL, {"first": first, "unclean": UNCLEAN}).fetchall():
        cleaned = clean_name(name)
        if cleaned != name or not name:
            found[place][name] = cleaned or None
    found["language"] = _languages(db)
    return found


def _languages(db: duckdb.DuckDBPyConnection) -> Cleaned:
    """Return the languages that earlier versions stored as given, and the tag for each."""
    given = db.execute("SELECT DISTINCT language FROM conversations WHERE language IS NOT NULL").fetchall()
    return {name: tag for (name,) in given if (tag := language_tag(name)) != name}


def _register(db: duckdb.DuckDBPyConnection, cleaned: Cleaned) -> None:
    names = {"name": list(cleaned), "cleaned": list(cleaned.values())}
    db.register("cleaned", pa.table(names, pa.schema([("name", pa.string()), ("cleaned", pa.string())])))
