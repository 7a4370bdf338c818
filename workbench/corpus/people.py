"""The participants of calls, recognised across calls; and names that differ only in spelling.

People are distinguished by their e-mail address, or else by their name. A label from speech recognition ("SPEAKER_00",
"Speaker 1") or a role ("Agent") is not a name: two calls with it have two people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb
import pandas as pd

from workbench.domain.aliases import AliasKind, AliasTable, key_of
from workbench.domain.names import name_key

_PEOPLE = """
SELECT c.number, c.id AS conversation, party.email AS email, coalesce(party.name, party.id) AS name,
    coalesce(min(party.team), any_value(c.team)) AS team
FROM (SELECT number, id, team, unnest(parties) AS party FROM conversations) c
WHERE party.side = 'company' GROUP BY ALL ORDER BY c.number, email, name
"""
_SPEAKERS = (
    "speaker|spkr?|sprecher(?:in)?|locuteur|intervenant|hablante|orador|parlante|spreker|talare|話者|说话人|发言人"
)
_PARTS = "agent|customer|client|caller|callee|rep|operator|guest|host|participant|channel|ch|user|unknown(?: speaker)?"
# Without punctuation in between, a part with a letter may be a name, such as Cho.
_LABEL = re.compile(
    rf"(?:{_SPEAKERS})[\W_]*(?:\d{{1,4}}|[a-z])?|(?:{_PARTS})(?:[\W_]*\d{{1,4}}|[\W_]+[a-z]|[\W_]*)|s\d{{1,3}}",
    re.IGNORECASE,
)


def is_label(name: str) -> bool:
    """Return whether a name is only a label from speech recognition, or a role."""
    return _LABEL.fullmatch(name.strip()) is not None


def people_of(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the participants from the company: number, person, name, team, is_label, email.

    ``person`` is the same in all calls, ``name`` as in this one; ``is_label`` says that only a label is known.
    """
    table: pd.DataFrame = db.sql(_PEOPLE).to_arrow_table().to_pandas()
    addresses = {one: name_key(one) for one in table["email"].dropna().unique()}
    labels = {one: is_label(one) for one in table["name"].unique()}
    unknown = table["email"].isna() & table["name"].map(labels).astype(bool)
    own = one_spelling(table["name"]).mask(unknown, table["name"] + " in " + table["conversation"])
    person = own.where(table["email"].isna(), table["email"].map(addresses))
    found = table.assign(person=person, is_label=unknown)[["number", "person", "name", "team", "is_label", "email"]]
    return found.sort_values(["number", "person", "name"], ignore_index=True)


def merged(people: pd.DataFrame, aliases: AliasTable) -> pd.DataFrame:
    """Return the people, with those who share a main name as one ``person``; ``main`` is that name, else None.

    Someone's address counts before their name, so that people with the same name can be distinguished.
    """
    mains = aliases.mains("person")
    if not mains:
        return people.assign(main=None)
    by_email, by_name = (_mains(people[name], mains) for name in ("email", "name"))
    main = by_email.where(by_email.notna(), by_name)
    return people.assign(main=main, person=main.where(main.notna(), people["person"]))


def person_of(email: str | None, name: str | None, aliases: AliasTable) -> str | None:
    """Return the main name of someone with this address and name, None without an alias.

    As in :func:`merged`, the address counts before the name.
    """
    mains = aliases.mains("person")
    known = (mains.get(key_of(one)) for one in (email, name) if one is not None)
    return next((one for one in known if one is not None), None)


def main_names(names: pd.Series[str], kind: AliasKind, aliases: AliasTable) -> pd.Series[str]:
    """Return the main name for each name."""
    if not aliases.mains(kind):
        return names
    mains: pd.Series[str] = names.map({one: aliases.main(kind, one) for one in names.dropna().unique()})
    return mains


def _mains(names: pd.Series[str], mains: Mapping[str, str]) -> pd.Series[str]:
    known = {one: mains.get(key_of(one)) for one in names.dropna().unique()}
    found: pd.Series[str] = names.map(known).astype(object)
    return found.where(found.notna(), None)


def one_spelling(names: pd.Series[str], like: pd.Series[str] | None = None) -> pd.Series[str]:
    """Return each name in the most frequent of its spellings, which differ only in case, spaces, width or form.

    With ``like``, frequencies are taken from there.
    """
    counts = (names if like is None else like).value_counts()
    best: dict[str, str] = {}
    for one in sorted(counts.index, key=lambda one: (-counts[one], one)):
        best.setdefault(name_key(one), one)
    chosen: pd.Series[str] = names.map({one: best.get(name_key(one), one) for one in names.dropna().unique()})
    return chosen
