"""Calls and e-mails, as every other part of the workbench sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FieldValue = str | int | float | bool | None  # int by name, so that whole numbers are not taken for doubles


class Kind(StrEnum):
    CALL = "call"
    EMAIL = "email"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    CONFERENCE = "conference"


class Channel(StrEnum):
    WEB_CONFERENCE = "web_conference"
    TELEPHONY = "telephony"


class Scope(StrEnum):
    INTERNAL = "internal"
    EXTERNAL = "external"


class Side(StrEnum):
    COMPANY = "company"
    CUSTOMER = "customer"


class DealOutcome(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Someone who speaks in a call, or sends or receives an e-mail."""

    id: str
    name: str | None = None
    side: Side | None = None
    team: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """The sale that a conversation belongs to; ``amount`` is in the account's currency."""

    id: str
    stage: str | None = None
    amount: float | None = None
    outcome: DealOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSpan:
    """Ground truth narrowed to characters ``start`` to ``end`` (exclusive) of a turn's text."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one party says without a break. Times are seconds from the start of the call.

    ``labels`` and ``spans`` are ground truth for simulation; training never sees them.
    """

    text: str
    party: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    labels: tuple[str, ...] = ()
    spans: tuple[LabelSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A call or an e-mail. ``started`` carries a time zone; ``duration_s`` is in seconds."""

    id: str
    turns: tuple[Turn, ...]
    kind: Kind = Kind.CALL
    title: str | None = None
    started: datetime | None = None
    duration_s: float | None = None
    direction: Direction | None = None
    channel: Channel | None = None
    scope: Scope | None = None
    language: str | None = None
    account: str | None = None
    deal: Deal | None = None
    team: str | None = None
    thread: str | None = None
    media: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence with its place: ``id`` is ``conversation:turn:sentence``, counted from 0.

    ``start`` and ``end`` are character offsets in the turn's text; ``start_s`` is the time at which it is
    said, in seconds, interpolated over the turn's characters, or None if the turn has no times.
    """

    id: str
    conversation_id: str
    turn: int
    index: int
    start: int
    end: int
    start_s: float | None
    text: str
