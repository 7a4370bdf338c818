"""The neutral form's rules as pydantic models, and conversion from JSON text to conversations and back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, ValidationError

from workbench.corpus.formats import bounds
from workbench.corpus.formats.reasons import place, reason_of, shown, summed_up
from workbench.corpus.formats.repairs import repaired_duration, repaired_parties, repaired_times
from workbench.corpus.formats.surrogates import mended
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
    Side,
    Turn,
)
from workbench.domain.plain_json import MAX_WHOLE

_LARGE = 64_000  # bytes: in a larger text only the first invalid turn is reported


class NeutralFormError(ValueError):
    """A JSON text breaks the neutral form's rules; the message names the field."""


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"must be a date and time such as 2026-03-31T09:00:00Z, not {shown(value)}") from None
    if not bounds.FIRST_YEAR <= moment.year <= bounds.LAST_YEAR:
        raise ValueError(f"must be between {bounds.FIRST_YEAR} and {bounds.LAST_YEAR}, not {shown(value)}")
    return moment


def _field(value: str | bool | float | None) -> str | bool | float | None:
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        raise ValueError(f"must be a whole number of at most 64 bits, not {shown(value)}; give a longer one as text")
    if isinstance(value, str) and len(value) > bounds.MAX_VALUE:
        raise ValueError(f"must have at most {bounds.MAX_VALUE:,} characters; shorten {shown(value)}")
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise ValueError(f"must not contain control characters; remove them from {shown(value)}")
    return value


_PLAIN = re.compile(bounds.PLAIN)
Identifier = Annotated[str, Field(max_length=bounds.MAX_ID, pattern=bounds.ID)]
Name = Annotated[str, Field(max_length=bounds.MAX_NAME)]  # cleaned before it is stored
ShortText = Annotated[str, Field(max_length=bounds.MAX_NAME, pattern=bounds.PLAIN)]
Path = Annotated[str, Field(max_length=bounds.MAX_PATH, pattern=bounds.ID)]
Seconds = Annotated[FiniteFloat, Field(ge=-bounds.MAX_SECONDS, le=bounds.MAX_SECONDS)]  # repaired if negative
Offset = Annotated[int, Field(ge=0, le=bounds.MAX_TURN)]
FieldJson = Annotated[str | bool | int | FiniteFloat | None, AfterValidator(_field)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Span(_Strict):
    label: ShortText
    start: Offset
    end: Offset


def _of_few_labels(spans: tuple[_Span, ...]) -> tuple[_Span, ...]:
    if len({span.label for span in spans}) > bounds.MAX_LABELS:
        raise ValueError(f"must have at most {bounds.MAX_LABELS} labels")
    return spans


class _Turn(_Strict):
    text: Annotated[str, Field(max_length=bounds.MAX_TURN)]
    party: Identifier | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    labels: Annotated[tuple[ShortText, ...], Field(max_length=bounds.MAX_LABELS, fail_fast=True)] | None = None
    spans: (
        Annotated[tuple[_Span, ...], Field(max_length=bounds.MAX_SPANS, fail_fast=True), AfterValidator(_of_few_labels)]
        | None
    ) = None


class _Party(_Strict):
    id: Identifier
    name: Name | None = None
    side: Side | None = None
    team: Name | None = None
    email: ShortText | None = None


class _Deal(_Strict):
    id: Identifier
    stage: Name | None = None
    amount: Annotated[FiniteFloat, Field(ge=-bounds.MAX_AMOUNT, le=bounds.MAX_AMOUNT)] | None = None
    outcome: DealOutcome | None = None


class _Conversation(_Strict):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[Identifier, Field(min_length=1)]
    turns: Annotated[tuple[_Turn, ...], Field(max_length=bounds.MAX_TURNS)]
    kind: Kind | None = None
    title: Name | None = None
    started: Annotated[datetime | None, BeforeValidator(_moment)] = None
    duration_s: Seconds | None = None
    direction: Direction | None = None
    channel: Channel | None = None
    scope: Scope | None = None
    language: ShortText | None = None
    account: Name | None = None
    deal: _Deal | None = None
    team: Name | None = None
    thread: ShortText | None = None
    media: Path | None = None
    fields: Annotated[dict[ShortText, FieldJson], Field(max_length=bounds.MAX_FIELDS)] | None = None
    parties: Annotated[tuple[_Party, ...], Field(max_length=bounds.MAX_PARTIES, fail_fast=True)] | None = None


class _LargeConversation(_Conversation):
    """Report only the first invalid turn and unknown field: a list of all would take many times the text's memory."""

    model_config = ConfigDict(extra="allow")

    turns: Annotated[tuple[_Turn, ...], Field(max_length=bounds.MAX_TURNS, fail_fast=True)]


@dataclass(frozen=True, slots=True)
class ReadConversation:
    """A conversation that was read.

    Attributes:
        conversation: as it is stored.
        repaired: the repairs that made it valid; empty if none.
        former: as earlier versions stored it, if that differs: with ends before starts.
    """

    conversation: Conversation
    repaired: str = ""
    former: Conversation | None = None


def from_json(line: bytes) -> Conversation:
    """Return the conversation that :func:`read_json` reads."""
    return read_json(line).conversation


def read_json(line: bytes) -> ReadConversation:
    """Read the conversation in one JSON text.

    A date-time without an offset stays as it is: a local time in the import's zone. A turn may name a party that
    ``parties`` lacks: then it is a speaker whose side is unknown. Half a surrogate pair becomes U+FFFD. Null counts as
    not given. A negative start becomes 0, an end before the start and a negative duration are left out, and a
    participant who is listed twice counts once.

    Raises:
        NeutralFormError: a field breaks a rule or exceeds a limit (:mod:`~workbench.corpus.formats.bounds`); names
            each, and what to do.
    """
    large = len(line) > _LARGE
    try:
        bounds.check_size(line)
        read = (_LargeConversation if large else _Conversation).model_validate_json(mended(line))
    except ValidationError as error:
        raise NeutralFormError(reason_of(error)) from None
    except bounds.TooLarge as error:
        raise NeutralFormError(str(error)) from None
    except RecursionError:
        raise NeutralFormError("nested too deeply; flatten it") from None
    if read.model_extra:
        where = place((next(iter(read.model_extra)),))
        raise NeutralFormError(f"{where}: not a field of a conversation; put further fields into `fields`")
    if sum(len(turn.text) for turn in read.turns) > bounds.MAX_CHARACTERS:
        raise NeutralFormError(
            f"turns: must have at most {bounds.MAX_CHARACTERS:,} characters in all; split the conversation into several"
        )
    return _conversation(read)


def problem_of_turn(line: bytes) -> str:
    """Return which rules the turn in a JSON text breaks; empty if none."""
    try:
        _Turn.model_validate_json(mended(line))
    except ValidationError as error:
        return reason_of(error)
    return ""


def to_json(conversation: Conversation) -> str:
    """Write the neutral form, without empty values; equal conversations give equal texts."""
    return dumps(_plain(conversation))


def dumps(data: Any) -> str:
    """Return JSON with sorted keys; date-times in ISO form, tuples and other sequences as lists."""
    return json.dumps(data, sort_keys=True, default=_default)


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a JSON type")


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        pairs = ((name, _plain(getattr(value, name))) for name in value.__dataclass_fields__)
        return {name: plain for name, plain in pairs if plain not in (None, [], {})}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return dict(value) if hasattr(value, "keys") else value


def _conversation(read: _Conversation) -> ReadConversation:
    repairs: list[str] = []
    values = {name: getattr(read, name) for name in _Conversation.model_fields}
    values |= {
        "kind": read.kind or Kind.CALL,
        "duration_s": repaired_duration(read.duration_s, repairs),
        "deal": Deal(**dict(read.deal)) if read.deal else None,
        "fields": read.fields or {},
        "parties": repaired_parties((Party(**dict(party)) for party in read.parties or ()), repairs),
        "turns": tuple(_turn(at, turn, repairs) for at, turn in enumerate(read.turns)),
    }
    found = Conversation(**values)
    return ReadConversation(found, summed_up(repairs), _former(read, found) if repairs else None)


def _former(read: _Conversation, found: Conversation) -> Conversation | None:
    turns = tuple(replace(turn, end_s=one.end_s) for turn, one in zip(found.turns, read.turns, strict=True))
    times = (time for one in read.turns for time in (one.start_s, one.end_s))
    if turns == found.turns or any(time is not None and time < 0 for time in times):
        return None
    return replace(found, turns=turns)


def _turn(at: int, read: _Turn, repairs: list[str]) -> Turn:
    start_s, end_s = repaired_times(f"turns.{at}", read.start_s, read.end_s, repairs)
    spans = tuple(LabelSpan(**dict(span)) for span in read.spans or ())
    return Turn(text=read.text, party=read.party, start_s=start_s, end_s=end_s, labels=read.labels or (), spans=spans)
