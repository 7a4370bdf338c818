"""Exports the corpus in the neutral form, as an import reads it: JSON Lines, one conversation per line."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

import duckdb

from workbench.corpus.context import moment
from workbench.corpus.fields import fields_of
from workbench.corpus.formats.neutral_model import to_json
from workbench.domain.access import private_opener
from workbench.domain.conversations import (
    Channel,
    Conversation,
    Deal,
    DealOutcome,
    Direction,
    Kind,
    LabelSpan,
    Party,
    Scope,
    Turn,
)
from workbench.domain.errors import InvalidArgument
from workbench.domain.paths import absolute

_HEADS = """
SELECT number, id, kind, title, epoch_us(started) AS started, duration_s, direction, channel, scope, language, account,
    team, thread, media, deal_id, deal_stage, deal_amount, deal_outcome, fields, parties
FROM conversations WHERE number IN (SELECT unnest(?::BIGINT[])) ORDER BY number
"""
_TURNS = """
SELECT number, text, party, start_s, end_s, labels, spans FROM read_parquet($parts)
WHERE number IN (SELECT unnest($numbers::BIGINT[])) ORDER BY number, turn
"""


def whole_of(db: duckdb.DuckDBPyConnection, parts: Sequence[str], numbers: Sequence[int]) -> list[Conversation]:
    """Return the conversations with these numbers in order, with their turns; unknown ones are left out.

    ``parts`` are the Parquet files of turns.
    """
    values = {"parts": list(parts), "numbers": list(numbers)}
    rows = db.execute(_TURNS, values).fetchall() if parts else []
    turns = {number: [_turn(row[1:]) for row in own] for number, own in groupby(rows, key=lambda row: row[0])}
    done = db.execute(_HEADS, [list(numbers)])
    names = [column[0] for column in done.description or ()]
    heads = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
    return [_conversation(head, turns.get(head["number"], [])) for head in heads]


def write_corpus(path: str | os.PathLike[str], conversations: Iterable[Conversation]) -> Path:
    """Write conversations as JSON Lines, compressed if the name ends with .gz; return the file.

    Raises:
        InvalidArgument: ``path`` ends with neither .jsonl nor .jsonl.gz.
    """
    file = absolute(path)
    if not file.name.lower().endswith((".jsonl", ".jsonl.gz")):
        raise InvalidArgument(f"path: {file.name!r} must end with .jsonl or .jsonl.gz")
    with _writing(file) as out:
        for one in conversations:
            text = to_json(one)
            out.write((text if one.turns else f'{text[:-1]},"turns":[]}}') + "\n")  # which an import expects
    return file


@contextmanager
def _writing(file: Path) -> Iterator[TextIO]:
    with open(file, "wb", opener=private_opener) as raw:
        if file.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed, io.TextIOWrapper(packed, "utf-8") as out:
                yield out
        else:
            with io.TextIOWrapper(raw, "utf-8", newline="") as out:
                yield out


def _conversation(head: dict[str, Any], turns: Sequence[Turn]) -> Conversation:
    plain = ("id", "title", "duration_s", "language", "account", "team", "thread", "media")
    deal = None
    if head["deal_id"] is not None:
        outcome = head["deal_outcome"]
        deal = Deal(
            id=head["deal_id"],
            stage=head["deal_stage"],
            amount=head["deal_amount"],
            outcome=None if outcome is None else DealOutcome(outcome),
        )
    return Conversation(
        **{name: head[name] for name in plain},
        direction=None if head["direction"] is None else Direction(head["direction"]),
        channel=None if head["channel"] is None else Channel(head["channel"]),
        scope=None if head["scope"] is None else Scope(head["scope"]),
        kind=Kind(head["kind"]),
        started=moment(head["started"]),
        deal=deal,
        fields=fields_of(head["fields"]),
        parties=tuple(Party(**party) for party in head["parties"] or ()),
        turns=tuple(turns),
    )


def _turn(row: Sequence[Any]) -> Turn:
    text, party, start_s, end_s, labels, spans = row
    return Turn(
        text=text,
        party=party,
        start_s=start_s,
        end_s=end_s,
        labels=tuple(labels or ()),
        spans=tuple(LabelSpan(**span) for span in spans or ()),
    )
