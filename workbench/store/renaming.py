"""Gives sentences that have another id now that id in every table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Text, bindparam, cast, or_, select, true, update

from workbench.store.metric_tables import metric_values
from workbench.store.tables import answers, asked, detections, messages, openings, wrong_hits

AT_ONCE = 400  # values of one statement
_FEW = 50  # conversations whose messages are looked for by their ids


def rename(connection: Connection, column: Column[Any], new: Mapping[str, str], aside: str, mine: Any = None) -> None:
    """Give the sentences that a column names their new ids; ``mine`` is a condition on the rows.

    Two may change places. Rows that name a sentence under one of the new ids, and are not renamed themselves, are left
    from an earlier time; they make room, with ``aside`` behind their ids.
    """
    where = true() if mine is None else mine
    known = among(connection, column, [*new, *new.values()], where)
    strays = {name: f"{name}{aside}" for name in known if name not in new}
    ways = {name: other for name, other in {**new, **strays}.items() if name in known}
    between = {name: f"\x02{place}" for place, name in enumerate(ways)}
    for pairs in (between.items(), [(between[name], other) for name, other in ways.items()]):
        rows = [{"which": name, "becomes": other} for name, other in pairs]
        if rows:
            statement = update(column.table).where(column == bindparam("which"), where)
            connection.execute(statement.values({column.name: bindparam("becomes")}), rows)


def rename_everywhere(connection: Connection, number: int, new: Mapping[str, str], aside: str) -> None:
    """Rename the sentences of the conversation of this number wherever they are asked about, answered or found."""
    for column in (asked.c.sentence_id, answers.c.sentence_id, wrong_hits.c.sentence_id):
        rename(connection, column, new, aside)
    rename(connection, detections.c.sentence_id, new, aside, detections.c.number == number)


def rename_in_json(connection: Connection, conversation_ids: Sequence[str], new: Mapping[str, str]) -> None:
    """Rename sentences where JSON names them: in logs of rounds, in messages, in what metrics rest on."""
    logs = or_(*(cast(openings.c.about, Text).contains(f'"{name}"') for name in ("withdrawn", "replaced")))
    _rewrite(connection, openings.c.about, (openings.c.tracker_id, openings.c.round), logs, new)
    _rewrite(connection, messages.c.about, (messages.c.id,), naming(messages.c.about, conversation_ids), new)
    for start in range(0, len(conversation_ids), AT_ONCE):
        mine = metric_values.c.conversation_id.in_(list(conversation_ids[start : start + AT_ONCE]))
        key = (metric_values.c.metric_id, metric_values.c.conversation_id)
        _rewrite(connection, metric_values.c.evidence, key, mine, new)


def naming(column: Column[Any], conversation_ids: Sequence[str]) -> ColumnElement[bool]:
    """Return a condition for JSON that may name one of these conversations, or one of their sentences."""
    plain = [one for one in conversation_ids if one.isascii() and one.isprintable() and not set(one) & set('"\\')]
    if len(plain) < len(conversation_ids) or len(plain) > _FEW:
        return true()
    return or_(*(cast(column, Text).contains(one, autoescape=True) for one in plain))


def among(connection: Connection, column: Column[Any], names: Iterable[str], where: Any) -> set[str]:
    """Return which of these names a column has."""
    wanted, found = list(names), set[str]()
    for start in range(0, len(wanted), AT_ONCE):
        query = select(column).where(where, column.in_(wanted[start : start + AT_ONCE])).distinct()
        found.update(connection.execute(query).scalars())
    return found


def _rewrite(
    connection: Connection, column: Column[Any], key: Sequence[Column[Any]], where: Any, new: Mapping[str, str]
) -> None:
    rows = connection.execute(select(*key, column).where(where)).all()
    for *own, data in rows:
        told = renamed(data, new)
        if told != data:
            mine = [one == value for one, value in zip(key, own, strict=True)]
            connection.execute(update(column.table).where(*mine).values({column.name: told}))


def renamed(data: Any, new: Mapping[str, str]) -> Any:
    """Return JSON with the new names in place of texts that are old ones."""
    if isinstance(data, str):
        return new.get(data, data)
    if isinstance(data, list):
        return [renamed(one, new) for one in data]
    return {name: renamed(one, new) for name, one in data.items()} if isinstance(data, dict) else data
