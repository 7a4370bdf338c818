"""The lake's results."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workbench.corpus.sentences import parse_sentence_id
from workbench.domain.conversations import FieldValue, Party
from workbench.domain.tags import ContextSentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much passes the filters: sentences, and the conversations and calls with at least one of them."""

    conversations: int = 0
    calls: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a list of conversations shows about one; ``team`` lists all its teams."""

    id: str
    kind: str
    title: str | None
    started: datetime | None
    account: str | None
    team: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A conversation without its sentences; ``number`` is its position in the order of import.

    ``team`` is its own, ``teams`` are all: its own and those of the participants from the company.
    """

    number: int
    id: str
    kind: str
    title: str | None
    started: datetime | None
    duration_s: float | None
    direction: str | None
    channel: str | None
    scope: str | None
    language: str | None
    account: str | None
    deal_id: str | None
    deal_stage: str | None
    deal_amount: float | None
    deal_outcome: str | None
    team: str | None
    teams: tuple[str, ...]
    thread: str | None
    has_recording: bool
    fields: Mapping[str, FieldValue]
    parties: tuple[Party, ...]
    turns: int
    sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceInContext:
    """A sentence with its neighbours in the conversation, nearest last in ``before``, first in ``after``."""

    id: str
    row: int
    text: str
    speaker: str | None
    side: str | None
    start_s: float | None
    before: tuple[ContextSentence, ...]
    after: tuple[ContextSentence, ...]
    conversation_id: str
    title: str | None
    started: datetime | None
    media: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A conversation without its text. ``starts``, ``sides`` and ``turns`` have one entry per sentence, in order.

    They are the sentence's time in seconds, its side, and the number of its turn. ``first_row`` is the first sentence's
    row.
    """

    id: str
    kind: str
    title: str | None
    started: datetime | None
    duration_s: float | None
    account: str | None
    media: str | None
    parties: tuple[Party, ...]
    first_row: int
    starts: tuple[float | None, ...]
    sides: tuple[str | None, ...]
    turns: tuple[int, ...]

    @property
    def sentences(self) -> int:
        return len(self.turns)

    def place(self, sentence_id: str) -> int | None:
        """Return the index of the sentence with this id; None if it is not in the conversation."""
        conversation_id, turn, index = parse_sentence_id(sentence_id) or ("", -1, -1)
        first = bisect_left(self.turns, turn)
        known = conversation_id == self.id and self.turns[first + index : first + index + 1] == (turn,)
        return first + index if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of a conversation; ``at`` is its index there."""

    at: int
    sentence_id: str
    turn: int
    text: str
    speaker: str | None
    side: str | None
    start_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The values in the corpus for a person to filter by; each tuple is sorted.

    ``participants`` are names, or e-mail addresses of those without one. ``fields`` maps each further field
    to its values. Lists are cut at :data:`~workbench.corpus.facets.MAX_VALUES`, those of further fields at
    ``MAX_FIELD_VALUES``. ``usual_s`` is the median length of a call in seconds, None if none is known. ``counts`` maps
    the name of each list to how many conversations have each of its values.
    """

    stages: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    fields: Mapping[str, tuple[FieldValue, ...]] = field(default_factory=dict)
    conversations: int = 0
    calls: int = 0
    first: datetime | None = None
    last: datetime | None = None
    usual_s: float | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
