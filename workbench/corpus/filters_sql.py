"""Filters as SQL conditions with bound parameters; no value ever becomes part of the SQL text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workbench.corpus.fields import kept_form
from workbench.corpus.spelling import spelt
from workbench.domain.aliases import AliasTable
from workbench.domain.call_sample import CallSample
from workbench.domain.conventions import DEFAULT, Conventions
from workbench.domain.conversations import FieldValue
from workbench.domain.filters import Filters, PartOfCall
from workbench.domain.language_tags import language_tag
from workbench.domain.names import clean_name, name_key

_OF_SENTENCES = re.compile(r"\bs\.")


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over ``c`` (conversations) and ``s`` (sentences), and the values of its ``?`` in order."""

    sql: str
    values: tuple[Any, ...] = ()

    @property
    def is_named(self) -> bool:
        """Return whether it uses the tables ``fields`` or ``spelling``."""
        return any(f"FROM {table} WHERE" in self.sql for table in ("fields", "spelling"))

    @property
    def is_of_conversations(self) -> bool:
        """Return whether a conversation's sentences pass all together or not at all."""
        return not _OF_SENTENCES.search(self.sql)


def condition_of(filters: Filters | None, conventions: Conventions = DEFAULT) -> Condition:
    """Return the conjunction of all filters, read with ``conventions``; None lets everything pass."""
    if filters is not None and filters.contradiction:
        return Condition("false")
    parts = list(_conditions(filters, conventions)) if filters is not None else []
    sql = " AND ".join(f"({part.sql})" for part in parts) or "true"
    return Condition(sql, tuple(value for part in parts for value in part.values))


def within(
    where: Condition,
    numbers: range | None = None,
    since: datetime | None = None,
    calls: Sequence[int] | None = None,
    sample: CallSample | None = None,
) -> Condition:
    """Narrow the condition to conversations with these numbers that began at ``since`` or later, or at an unknown time.

    ``calls`` are numbers, too, which need not be consecutive; with a ``sample`` only its conversations pass.
    """
    sql, values = where.sql, where.values
    if numbers is not None:
        sql += " AND s.number >= ? AND s.number < ?"
        values += (numbers.start, numbers.stop)
    if since is not None:
        sql += " AND (c.started IS NULL OR c.started >= ?)"
        values += (since,)
    if calls is not None:
        sql += " AND s.number IN (SELECT unnest(?::BIGINT[]))"
        values += (list(calls),)
    if sample is not None:
        sql += f" AND {_SAMPLED}"
        values += (f"{sample.seed}:", sample.least_hash_outside)
    return Condition(sql, values)


def _conditions(filters: Filters, conventions: Conventions) -> Iterator[Condition]:
    for column, allowed in (
        ("c.kind", filters.kinds),
        ("c.channel", filters.channels),
        ("c.direction", filters.directions),
        ("c.deal_outcome", filters.outcomes),
    ):
        if allowed:
            yield Condition(f"{column} IN ({_marks(allowed)})", tuple(map(str, allowed)))
    aliases = conventions.aliases
    accounts = tuple(one for name in filters.accounts for one in aliases.spellings("account", name))
    for column, names in (("stage", filters.stages), ("account", accounts)):
        if names:
            yield Condition(_SPELLING.format(f"{column} IN ({_marks(names)})"), tuple(map(name_key, names)))
    if filters.teams:
        wanted = tuple(one for name in filters.teams for one in aliases.spellings("team", name))
        teams = f"list_has_any(teams, [{_marks(wanted)}]::VARCHAR[])"
        yield Condition(_SPELLING.format(teams), tuple(map(name_key, wanted)))
    if filters.side != "anyone":
        yield Condition("s.side = ?", (filters.side,))
    if filters.scope != "any":
        yield Condition(_SCOPE[filters.scope])
    if title := clean_name(filters.title):
        yield Condition(_SPELT.format("title"), (spelt(title),))
    if filters.languages:
        yield _languages(filters.languages)
    if filters.participants:
        yield _participants([spelt(one) for one in _names(filters.participants) if one], aliases)
    if filters.started_from is not None:
        yield Condition("epoch_us(c.started) >= ?", (_microseconds(filters.started_from, conventions.zone),))
    if filters.started_before is not None:
        yield Condition("epoch_us(c.started) < ?", (_microseconds(filters.started_before, conventions.zone),))
    yield from _part(filters.part)
    yield from _fields(filters.fields)


_SCOPE = {"external": "c.scope IS DISTINCT FROM 'internal'", "internal": "c.scope = 'internal'"}
# The tables contain tags: en matches en-GB, and zh-CN matches zh-Hans-CN.
_LANGUAGE = "starts_with(c.language || '-', ?) AND list_has_all(string_split(c.language, '-'), string_split(?, '-'))"
_SPELLING = "c.number IN (SELECT number FROM spelling WHERE {})"  # once per query, not once per sentence
_SPELT = _SPELLING.format("contains({}, ?)")
_PART = {
    ("first", "minutes"): "s.position_s <= ?",
    ("last", "minutes"): "s.seconds_left <= ?",
    ("first", "percent"): "s.position <= ?",
    ("last", "percent"): "s.position >= ?",
}
_SAMPLED = "s.number IN (SELECT number FROM conversations WHERE md5_number_lower(?::VARCHAR || id) < ?::UBIGINT)"
_FIELD = "c.number IN (SELECT number FROM fields WHERE name = ? AND ({}))"
_AMONG = "type = '{}' AND list_contains(?::VARCHAR[], text)"  # one condition, as DuckDB takes minutes to plan 50


def _part(part: PartOfCall) -> Iterator[Condition]:
    if part.where == "anywhere":
        return
    share = part.amount / 100
    edge = part.amount * 60 if part.unit == "minutes" else share if part.where == "first" else 1 - share
    yield Condition(f"c.kind <> 'call' OR {_PART[part.where, part.unit]}", (edge,))


def _fields(wanted: Mapping[str, FieldValue | tuple[FieldValue, ...]]) -> Iterator[Condition]:
    for name, given in wanted.items():
        texts: dict[str, list[str | None]] = {}
        parts: list[str] = []
        values: list[Any] = []
        for value in given if isinstance(given, tuple) else (given,):
            if value is not None:
                kind, text, _ = kept_form(value)
                texts.setdefault(kind, []).append(text)
            elif not parts:
                parts, values = ["NOT " + _FIELD.format("type <> 'NULL'")], [name]
        if texts:
            parts.append(_FIELD.format(" OR ".join(map(_AMONG.format, texts))))
            values += [name, *texts.values()]
        yield Condition(" OR ".join(parts), tuple(values))


def _participants(wanted: Sequence[str], aliases: AliasTable) -> Condition:
    """Return a condition: a participant's name, or another spelling of it, contains one of these texts."""
    part = _any_of(_SPELT.format("people"), wanted)
    groups = [list(map(spelt, aliases.spellings("person", main))) for main in aliases.groups.get("person", ())]
    found = [own for own in groups if any(one in spelling for one in wanted for spelling in own)]
    whole = list(dict.fromkeys(spelling for own in found for spelling in own))
    if not whole:
        return part
    lines = "list_has_any(string_split(people, chr(10)), ?::VARCHAR[])"
    return Condition(f"{part.sql} OR {_SPELLING.format(lines)}", (*part.values, whole))


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names as they are stored.

    So saved filters with spaces around a name match; a blank name matches nothing.
    """
    return tuple(map(clean_name, given))


def _languages(given: tuple[str, ...]) -> Condition:
    tags = [tag for one in given if (tag := language_tag(one))]
    sql = " OR ".join([f"({_LANGUAGE})"] * len(tags)) or "false"
    return Condition(sql, tuple(value for tag in tags for value in (f"{tag.split('-')[0]}-", tag)))


def _any_of(sql: str, values: Iterable[str]) -> Condition:
    wanted = tuple(values)
    return Condition(" OR ".join([sql] * len(wanted)) or "false", wanted)


def _marks(values: tuple[Any, ...]) -> str:
    return ", ".join("?" * len(values))


def _microseconds(moment: datetime, zone: ZoneInfo) -> int:
    """Return microseconds since 1970; a date without an offset is local."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return round(aware.timestamp() * 1_000_000)
