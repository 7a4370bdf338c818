"""Removes everything that the state stores about a conversation or its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Connection, delete, select, update

from workbench.domain.changes import Changed
from workbench.store.credit_tables import credit_entries, unjudged
from workbench.store.metric_tables import metric_events, metric_values
from workbench.store.renaming import AT_ONCE, naming
from workbench.store.tables import (
    answers,
    asked,
    deliveries,
    detections,
    messages,
    openings,
    past_texts,
    rereads,
    wrong_hits,
)


def forget(connection: Connection, one: Changed) -> Counter[str]:
    """Remove everything stored about a deleted conversation; return how many rows of each table were affected.

    Messages and logs are gone through once for all: :func:`forget_in_messages`, :func:`forget_in_logs`. What was spent
    on it was spent: the ledger keeps the amounts, without its id.
    """
    found: Counter[str] = Counter()
    for column in (answers.c.sentence_id, asked.c.sentence_id, wrong_hits.c.sentence_id, past_texts.c.sentence_id):
        found[column.table.name] = _drop_sentences(connection, column, one)
    for table in (detections, unjudged, rereads):
        found[table.name] = connection.execute(delete(table).where(table.c.number == one.number)).rowcount
    for table in (metric_values, metric_events):
        found[table.name] = connection.execute(delete(table).where(table.c.conversation_id == one.id)).rowcount
    spent = update(credit_entries).where(credit_entries.c.conversation_id == one.id).values(conversation_id=None)
    found[credit_entries.name] = connection.execute(spent).rowcount
    return found


def conversation_of(sentence_id: str) -> str | None:
    """Return the conversation of a sentence, also of one that was there before a change; None of another text."""
    name, *numbers = sentence_id.rsplit(":", 2)
    places = [one.partition("@")[0] for one in numbers]
    is_sentence = len(places) == 2 and all(one.isascii() and one.isdigit() for one in places)
    return name if is_sentence else None


def _drop_sentences(connection: Connection, column: Column[Any], one: Changed) -> int:
    mine = select(column).where(column.startswith(f"{one.id}:", autoescape=True)).distinct()
    names = [name for name in connection.execute(mine).scalars() if conversation_of(name) == one.id]
    count = 0
    for start in range(0, len(names), AT_ONCE):
        some = column.in_(names[start : start + AT_ONCE])
        count += connection.execute(delete(column.table).where(some)).rowcount
    return count


def forget_in_messages(connection: Connection, conversation_ids: Collection[str]) -> int:
    """Remove deleted conversations from messages; return how many were changed or removed.

    Messages about nothing else are removed, and are no longer sent.
    """
    count = 0
    about_them = naming(messages.c.about, list(conversation_ids))
    for name, about in connection.execute(select(messages.c.id, messages.c.about).where(about_them)).all():
        left = without(about, conversation_ids)
        if left == about:
            continue
        count += 1
        if left is None or left.get("calls") == []:
            connection.execute(delete(deliveries).where(deliveries.c.message_id == name))
            connection.execute(delete(messages).where(messages.c.id == name))
        else:
            connection.execute(update(messages).where(messages.c.id == name).values(about=left))
    return count


def forget_in_logs(connection: Connection, conversation_ids: Collection[str]) -> None:
    """Remove the sentences of deleted conversations from the logs of all rounds."""
    key = (openings.c.tracker_id, openings.c.round)
    for tracker_id, number, about in connection.execute(select(*key, openings.c.about)).all():
        left = _without_rows(about, conversation_ids)
        if left != about:
            mine = (openings.c.tracker_id == tracker_id) & (openings.c.round == number)
            connection.execute(update(openings).where(mine).values(about=left))


def without(data: Any, conversation_ids: Collection[str]) -> Any:
    """Return JSON without what is about these conversations; None if nothing remains."""
    if isinstance(data, dict):
        own = data.get("conversation_id")
        if isinstance(own, str) and own in conversation_ids:
            return None
        told = {name: without(one, conversation_ids) for name, one in data.items()}
        return None if any(told[name] is None and data[name] is not None for name in told) else told
    if isinstance(data, list):
        return [left for one in data if (left := without(one, conversation_ids)) is not None or one is None]
    return data


def _without_rows(data: Any, conversation_ids: Collection[str]) -> Any:
    """Return a round's log without rows and names of the conversations' sentences."""
    if isinstance(data, dict):
        return {name: _without_rows(one, conversation_ids) for name, one in data.items()}
    if isinstance(data, list):
        return [_without_rows(one, conversation_ids) for one in data if not _tells_of(one, conversation_ids)]
    return data


def _tells_of(one: Any, conversation_ids: Collection[str]) -> bool:
    name = one.get("sentence_id") if isinstance(one, dict) else one
    return isinstance(name, str) and conversation_of(name) in conversation_ids
