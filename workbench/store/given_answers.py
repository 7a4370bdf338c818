"""Answers imported with a round, rather than given to what it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, select

from workbench.store.asked_rows import AskedSentence
from workbench.store.past_texts import PastText
from workbench.store.tables import answers, past_texts

_AT_ONCE = 400


def keep_given(
    connection: Connection, tracker_id: str, items: Sequence[AskedSentence], said: Mapping[str, PastText]
) -> None:
    """Write the answers that these sentences were ``given``, and what those say that are not in the corpus."""
    rows = [
        {
            "tracker_id": tracker_id,
            "sentence_id": item.sentence_id,
            "round": item.round,
            "answer": str(one.answer),
            "at": one.at,
            "by": one.by,
            "settles": one.settles,
        }
        for item in items
        for one in item.given
    ]
    if rows:
        connection.execute(insert(answers), rows)
    names = list(said)
    known: set[str] = set()
    for start in range(0, len(names), _AT_ONCE):
        some = past_texts.c.sentence_id.in_(names[start : start + _AT_ONCE])
        known |= set(connection.execute(select(past_texts.c.sentence_id).where(some)).scalars())
    new = [
        {"sentence_id": name, "before": before, "text": text}
        for name, (before, text) in said.items()
        if name not in known
    ]
    if new:
        connection.execute(insert(past_texts), new)
