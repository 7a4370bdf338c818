"""One conversation for reading: its properties, and its sentences page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from workbench.corpus.context import moment
from workbench.corpus.views import Line, Outline
from workbench.domain.conversations import Party, Turn
from workbench.domain.time_zones import UTC_ZONE
from workbench.domain.words import finder

_ABOUT = """
SELECT id, kind, title, epoch_us(started), duration_s, account, media, parties, sentences, first_row
FROM conversations WHERE id = ?
"""
_PLACES = "SELECT start_s, side, turn FROM sentences WHERE row >= $first AND row < $last ORDER BY row"
_LINES = """
SELECT row - $first, id, turn, text, speaker, side, start_s
FROM sentences WHERE row >= $first + $low AND row < $first + $high ORDER BY row
"""
_TEXTS = "SELECT text FROM sentences WHERE row >= $first AND row < $last ORDER BY row"
# `start` and `end` count characters of the turn's text from 0; slices count them from 1 and include their end.
_BREAKS = """
WITH own AS (SELECT row, turn, "start", lag("end") OVER (PARTITION BY turn ORDER BY row) AS "before"
             FROM sentences WHERE row >= $first AND row < $last),
said AS (SELECT turn, text FROM read_parquet($parts)
         WHERE conversation_id = $id AND number = (SELECT number FROM conversations WHERE id = $id))
SELECT o.row - $first FROM own o JOIN said t ON t.turn = o.turn
WHERE contains(t.text[o."before" + 1 : o."start"], chr(10)) ORDER BY o.row
"""

_TURNS = """
SELECT text, party, start_s, end_s FROM read_parquet($parts)
WHERE conversation_id = $id AND number = (SELECT number FROM conversations WHERE id = $id) ORDER BY turn
"""


def outline_of(db: duckdb.DuckDBPyConnection, conversation_id: str, zone: ZoneInfo = UTC_ZONE) -> Outline | None:
    """Return what is known about a conversation besides its text; None if there is none with this id."""
    found = db.execute(_ABOUT, [conversation_id]).fetchone()
    if found is None:
        return None
    id_, kind, title, started, duration_s, account, media, parties, sentences, first = found
    places = db.execute(_PLACES, {"first": first, "last": first + sentences}).fetchall()
    return Outline(
        id=id_,
        kind=kind,
        title=title,
        started=moment(started, zone),
        duration_s=duration_s,
        account=account,
        media=media,
        parties=tuple(Party(**party) for party in parties or ()),
        first_row=first,
        starts=tuple(start for start, _, _ in places),
        sides=tuple(side for _, side, _ in places),
        turns=tuple(turn for _, _, turn in places),
    )


def lines_of(db: duckdb.DuckDBPyConnection, outline: Outline, start: int, count: int) -> list[Line]:
    """Return up to ``count`` sentences of the conversation, from index ``start`` on."""
    places = {"first": outline.first_row, "low": start, "high": min(start + count, outline.sentences)}
    return [_line(row) for row in db.execute(_LINES, places).fetchall()]


def matches_in(db: duckdb.DuckDBPyConnection, outline: Outline, words: str) -> list[int]:
    """Return the indices of sentences with ``words``, in order: as written, folded, or all of them as in search."""
    if not words.split():
        return []
    finds = finder(words)
    texts = db.execute(_TEXTS, _rows(outline)).fetchall()
    return [at for at, (text,) in enumerate(texts) if finds(text)]


def breaks_in(db: duckdb.DuckDBPyConnection, outline: Outline, turns: Sequence[str]) -> list[int]:
    """Return the indices of sentences that begin a new line of their turn; ``turns`` are the Parquet files of turns."""
    if not turns:
        return []
    values = {**_rows(outline), "id": outline.id, "parts": list(turns)}
    return [at for (at,) in db.execute(_BREAKS, values).fetchall()]


def turns_of(db: duckdb.DuckDBPyConnection, conversation_id: str, parts: Sequence[str]) -> list[Turn]:
    """Return a conversation's turns without their labels; ``parts`` are the Parquet files of turns."""
    values = {"parts": list(parts), "id": conversation_id}
    rows = db.execute(_TURNS, values).fetchall() if parts else []
    return [Turn(text=text, party=party, start_s=start, end_s=end) for text, party, start, end in rows]


def _rows(outline: Outline) -> dict[str, int]:
    return {"first": outline.first_row, "last": outline.first_row + outline.sentences}


def _line(row: tuple[Any, ...]) -> Line:
    at, id_, turn, text, speaker, side, start_s = row
    return Line(at=at, sentence_id=id_, turn=turn, text=text, speaker=speaker, side=side, start_s=start_s)
