"""The texts of answered sentences that are gone since their conversation was corrected."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, select

from workbench.store.tables import past_texts

_AT_ONCE = 400

PastText = tuple[str, str]
"""A sentence's text, and what was said before it."""


def past_texts_of(engine: Engine, sentence_ids: Sequence[str]) -> dict[str, PastText]:
    """Return the texts of those of these sentences that are gone."""
    out: dict[str, PastText] = {}
    with engine.connect() as connection:
        for start in range(0, len(sentence_ids), _AT_ONCE):
            some = past_texts.c.sentence_id.in_(list(sentence_ids[start : start + _AT_ONCE]))
            for row in connection.execute(select(past_texts).where(some)):
                out[row.sentence_id] = (row.before, row.text)
    return out
