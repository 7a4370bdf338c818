"""Converts conversations to rows of the three tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from workbench.corpus.content_hashes import HASH_DIGITS, ContentHash
from workbench.corpus.formats.bounds import MAX_SENTENCES, TooLarge
from workbench.corpus.formats.neutral_model import dumps, to_json
from workbench.corpus.labels import labels_along
from workbench.corpus.schema import SCHEMAS, Tables
from workbench.corpus.sentences import SplitUnit, sentences_of
from workbench.domain.conversations import Conversation, Party, Sentence, Turn
from workbench.domain.texts import normalise, text_key

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation to be added, with the hash of its content and its source.

    ``written`` is the conversation as in its file, if what is added differs. ``former`` are hashes that earlier
    versions gave the same content. ``redacted`` is how much of each kind was redacted in it; None without redaction.
    ``named_by_file`` says that the id is a file's name, and ``former_id`` is what earlier versions made of it. ``set``
    lists what was set besides the content, see :mod:`workbench.corpus.side_tags`, and ``conflicts`` are rules that give
    other sides than those that count.
    """

    conversation: Conversation
    content_hash: str
    source: str | None = None
    written: Conversation | None = None
    former: tuple[str, ...] = ()
    redacted: Mapping[str, int] | None = None
    named_by_file: bool = False
    former_id: str = ""
    set: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def content_hash(text: str) -> str:
    """Return a key of a conversation's content; ``text`` is its canonical JSON."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def hash_of(conversation: Conversation) -> str:
    """Return a key of a conversation's content."""
    return content_hash(to_json(conversation))


def said_key(conversation: Conversation) -> str:
    """Return a key of what is said, when, in which kind of conversation, regardless of id; empty if nothing is said."""
    texts = [normalise(turn.text) for turn in conversation.turns]
    if not any(texts):
        return ""
    said = dumps([conversation.kind, conversation.started, texts])
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def tables_of(items: Iterable[Item], unit: SplitUnit) -> Tables:
    """Return the items' rows, numbered from 0.

    Raises:
        TooLarge: a conversation has more than ``MAX_SENTENCES`` sentences.
    """
    batch = Batch(unit)
    for item in items:
        batch.add(item)
    return batch.tables()


class Batch:
    """Makes rows of one conversation after the other; one that fails leaves the others unchanged."""

    def __init__(self, unit: SplitUnit):
        self._unit = unit
        self._parts: list[Tables] = []
        self._sentences = 0

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, item: Item) -> None:
        """Add a conversation's rows, or raise and add none.

        Raises:
            TooLarge: it has more than ``MAX_SENTENCES`` sentences.
        """
        number, first_row, conversation = len(self._parts), self._sentences, item.conversation
        parties = {party.id: party for party in conversation.parties}
        sentences = list(_sentence_rows(number, first_row, conversation, parties, self._unit))
        rows = {
            "conversations": [_conversation_row(number, first_row, len(sentences), item)],
            "turns": list(_turn_rows(number, conversation, parties)),
            "sentences": sentences,
        }
        part = Tables(**{name: pa.Table.from_pylist(rows[name], schema) for name, schema in SCHEMAS.items()})
        self._parts.append(part)
        self._sentences += len(sentences)

    def tables(self) -> Tables:
        """Return all rows, numbered from 0."""
        empty = Tables(**{name: schema.empty_table() for name, schema in SCHEMAS.items()})
        return Tables(*(pa.concat_tables(own).combine_chunks() for own in zip(empty, *self._parts, strict=True)))


def _conversation_row(number: int, first_row: int, sentences: int, item: Item) -> Row:
    conversation, deal = item.conversation, item.conversation.deal
    same = "id kind title started duration_s direction channel scope language account team thread media"
    parties = [
        {"id": p.id, "name": p.name, "side": p.side, "team": p.team, "email": p.email} for p in conversation.parties
    ]
    known = ContentHash(item.content_hash[:HASH_DIGITS], said_key(conversation))
    return {name: getattr(conversation, name) for name in same.split()} | {
        "number": number,
        "deal_id": deal and deal.id,
        "deal_stage": deal and deal.stage,
        "deal_amount": deal and deal.amount,
        "deal_outcome": deal and deal.outcome,
        "fields": dumps(dict(conversation.fields)),
        "parties": parties,
        "turns": len(conversation.turns),
        "sentences": sentences,
        "first_row": first_row,
        "content_hash": known.with_set(item.set, {"parties": parties, "scope": conversation.scope}),
        "source": item.source,
    }


def _turn_rows(number: int, conversation: Conversation, parties: Mapping[str, Party]) -> Iterable[Row]:
    for index, turn in enumerate(conversation.turns):
        yield _speaker(turn, parties) | {
            "number": number,
            "conversation_id": conversation.id,
            "turn": index,
            "party": turn.party,
            "team": parties[turn.party].team if turn.party and turn.party in parties else None,
            "start_s": turn.start_s,
            "end_s": turn.end_s,
            "text": turn.text,
            "labels": turn.labels,
            "spans": [{"label": span.label, "start": span.start, "end": span.end} for span in turn.spans],
        }


def _sentence_rows(
    number: int, first_row: int, conversation: Conversation, parties: Mapping[str, Party], unit: SplitUnit
) -> Iterable[Row]:
    duration = duration_of(conversation)
    row, last_key = first_row, None
    for place, group in groupby(sentences_of(conversation, unit), key=lambda sentence: sentence.turn):
        turn, before_key = conversation.turns[place], last_key
        said = list(group)
        speaker = _speaker(turn, parties)
        labels = labels_along(turn, [(sentence.start, sentence.end) for sentence in said])
        for sentence, own_labels in zip(said, labels, strict=True):
            if row - first_row >= MAX_SENTENCES:
                raise TooLarge(f"has more than {MAX_SENTENCES:,} sentences; split the conversation into several")
            last_key = text_key(sentence.text)
            yield (
                speaker
                | _place(sentence, len(conversation.turns), duration)
                | {
                    "row": row,
                    "number": number,
                    "id": sentence.id,
                    "conversation_id": conversation.id,
                    "turn": sentence.turn,
                    "index": sentence.index,
                    "start": sentence.start,
                    "end": sentence.end,
                    "start_s": sentence.start_s,
                    "text": sentence.text,
                    "text_key": last_key,
                    "before_key": before_key,
                    "labels": own_labels,
                }
            )
            row += 1


def _speaker(turn: Turn, parties: Mapping[str, Party]) -> Row:
    party = parties.get(turn.party) if turn.party is not None else None
    return {"side": party and party.side, "speaker": (party and party.name) or turn.party}


def _place(sentence: Sentence, turns: int, duration: float | None) -> Row:
    """Return a position by turn: the first turn is 0 and the last 1, so that even a short call has both ends."""
    if sentence.start_s is None or duration is None:
        position = sentence.turn / (turns - 1) if turns > 1 else 0.0
        return {"position": position, "position_s": None, "seconds_left": None}
    left = duration - sentence.start_s
    return {"position": sentence.start_s / duration, "position_s": sentence.start_s, "seconds_left": left}


def duration_of(conversation: Conversation) -> float | None:
    """Return seconds, at least up to the last time of a turn; None if nothing is known or all is 0."""
    times = [time for turn in conversation.turns for time in (turn.start_s, turn.end_s) if time is not None]
    return max([conversation.duration_s or 0.0, *times]) or None
