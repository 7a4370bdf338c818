"""Sentences with their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from workbench.corpus.views import SentenceInContext
from workbench.domain.tags import ContextSentence
from workbench.domain.time_zones import UTC_ZONE, in_zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Without MATERIALIZED some lists of ids end in an internal error of DuckDB 2.0 (issue #24807) that closes the database.
_AROUND = """
WITH wanted AS MATERIALIZED (
    SELECT s.id AS wanted, s.row AS place, c.id AS conversation_id,
           c.title, epoch_us(c.started) AS started, c.media, c.kind,
           greatest(c.first_row, s.row - $width) AS low,
           least(c.first_row + c.sentences - 1, s.row + $width) AS high
    FROM sentences s JOIN conversations c ON c.number = s.number
    WHERE s.row IN (SELECT row FROM sentences WHERE id IN (SELECT unnest($ids)))
), nearby AS (SELECT *, unnest(range(low, high + 1)) AS near FROM wanted)
SELECT n.wanted, n.place, n.conversation_id, n.title, n.started, n.media, n.kind,
       s.row, s.id, s.text, s.speaker, s.side, s.start_s
FROM nearby n JOIN sentences s ON s.row = n.near ORDER BY n.wanted, s.row
"""


def context_of(
    db: duckdb.DuckDBPyConnection, ids: Sequence[str], width: int, zone: ZoneInfo = UTC_ZONE
) -> dict[str, SentenceInContext]:
    """Return the sentence for each known id, with up to ``width`` before and after it in its conversation."""
    rows = db.execute(_AROUND, {"ids": list(ids), "width": width}).fetchall()
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(str(row[0]), []).append(row)
    found = {wanted: _in_context(group, zone) for wanted, group in groups.items()}
    return {wanted: found[wanted] for wanted in ids if wanted in found}


def moment(microseconds: int | None, zone: ZoneInfo = UTC_ZONE) -> datetime | None:
    """Return a datetime, in the local time of ``zone``, from microseconds since 1970."""
    if microseconds is None:
        return None
    found = _EPOCH + timedelta(microseconds=microseconds)
    return found if zone is UTC_ZONE else in_zone(found, zone)


def _in_context(group: Sequence[tuple[Any, ...]], zone: ZoneInfo) -> SentenceInContext:
    _, place, conversation_id, title, started, media, kind, *_ = group[0]
    around = {
        row: ContextSentence(sentence_id=id_, text=text, speaker=speaker, side=side, start_s=start_s)
        for *_, row, id_, text, speaker, side, start_s in group
    }
    own = around[place]
    return SentenceInContext(
        id=own.sentence_id,
        row=place,
        text=own.text,
        speaker=own.speaker,
        side=own.side,
        start_s=own.start_s,
        before=tuple(s for row, s in around.items() if row < place),
        after=tuple(s for row, s in around.items() if row > place),
        conversation_id=conversation_id,
        title=title,
        started=moment(started, zone),
        media=media,
        kind=kind,
    )
