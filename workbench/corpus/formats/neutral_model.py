"""The neutral form's rules as pydantic models, and the way from a JSON text to a conversation and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, ValidationError

from workbench.corpus.formats.reasons import reason_of
from workbench.corpus.formats.surrogates import mended
from workbench.domain.conversations import (
    Channel,
    Conversation,
    Deal,
    Direction,
    Kind,
    LabelSpan,
    Outcome,
    Party,
    Scope,
    Side,
    Turn,
)


class NeutralFormError(ValueError):
    """A JSON text breaks the neutral form's rules; the message names the field."""


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"must be a date and time such as 2026-03-31T09:00:00Z, is {value!r}") from None


Seconds = Annotated[FiniteFloat, Field(ge=0)]
FieldJson = str | bool | int | FiniteFloat | None


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Span(_Strict):
    label: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class _Turn(_Strict):
    text: str
    party: str | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    labels: tuple[str, ...] = ()
    spans: tuple[_Span, ...] = ()


class _Party(_Strict):
    id: str
    name: str | None = None
    side: Side | None = None
    team: str | None = None
    email: str | None = None


class _Deal(_Strict):
    id: str
    stage: str | None = None
    amount: FiniteFloat | None = None
    outcome: Outcome | None = None


class _Conversation(_Strict):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    turns: tuple[_Turn, ...]
    kind: Kind = Kind.CALL
    title: str | None = None
    started: Annotated[datetime | None, BeforeValidator(_moment)] = None
    duration_s: Seconds | None = None
    direction: Direction | None = None
    channel: Channel | None = None
    scope: Scope | None = None
    language: str | None = None
    account: str | None = None
    deal: _Deal | None = None
    team: str | None = None
    thread: str | None = None
    media: str | None = None
    fields: dict[str, FieldJson] = Field(default_factory=dict)
    parties: tuple[_Party, ...] = ()


def from_json(line: bytes) -> Conversation:
    """The conversation in one JSON text.

    A date-time without a zone is UTC. A turn may name a party that ``parties`` lacks: it is a speaker whose
    side is unknown. Half a surrogate pair becomes U+FFFD.

    Raises:
        NeutralFormError: names each field that breaks a rule, and the rule.
    """
    try:
        read = _Conversation.model_validate_json(mended(line))
    except ValidationError as error:
        raise NeutralFormError(reason_of(error)) from None
    except RecursionError:
        raise NeutralFormError("is nested too deeply") from None
    return _conversation(read)


def to_json(conversation: Conversation) -> str:
    """The neutral form, without what is empty; equal conversations give equal texts."""
    return dumps(_plain(conversation))


def dumps(data: Any) -> str:
    """JSON with sorted keys; date-times in ISO form, tuples and other sequences as lists."""
    return json.dumps(data, sort_keys=True, default=_default)


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON type")


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        pairs = ((name, _plain(getattr(value, name))) for name in value.__dataclass_fields__)
        return {name: plain for name, plain in pairs if plain not in (None, [], {})}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return dict(value) if hasattr(value, "keys") else value


def _conversation(read: _Conversation) -> Conversation:
    values = {name: getattr(read, name) for name in type(read).model_fields}
    return Conversation(
        **values
        | {
            "deal": Deal(**dict(read.deal)) if read.deal else None,
            "parties": _parties(read.parties),
            "turns": tuple(map(_turn, read.turns)),
        }
    )


def _turn(read: _Turn) -> Turn:
    return Turn(**dict(read) | {"spans": tuple(LabelSpan(**dict(span)) for span in read.spans)})


def _parties(read: tuple[_Party, ...]) -> tuple[Party, ...]:
    """Repeats of the same entry count once; two different entries with one id are refused."""
    parties = tuple(dict.fromkeys(Party(**dict(party)) for party in read))
    seen: set[str] = set()
    for party in parties:
        if party.id in seen:
            raise NeutralFormError(f"parties: two entries differ but share the id {party.id!r}")
        seen.add(party.id)
    return parties
