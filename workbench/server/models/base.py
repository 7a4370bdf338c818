"""What all models share: they refuse unknown fields, give times in UTC and allow no null characters in text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from workbench.domain import rules

_DATE = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)
NO_NULL = r"^[^\x00]*$"


class RequestModel(BaseModel):
    """A request. Types are not guessed: a number in quotes is not a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class View(BaseModel):
    """A reply or a part of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _in_utc(value: Any) -> Any:
    """Read a date as its midnight; a time without an offset is UTC."""
    found = _given(value)
    return found.replace(tzinfo=UTC) if isinstance(found, datetime) and found.tzinfo is None else found


def _given(value: Any) -> Any:
    """Read a date as its midnight; a time without an offset stays so, as the workspace's zone is unknown here."""
    if isinstance(value, str):
        if not _DATE.fullmatch(value):
            raise ValueError("not a date; write it as 2026-03-31 or 2026-03-31T09:00:00Z")
        value = datetime.fromisoformat(value.upper())
    if not isinstance(value, datetime) or value.tzinfo is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the supported date range") from None


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


_DATES: dict[str, Any] = {"anyOf": [{"type": "string", "format": one} for one in ("date-time", "date")]}
_Utc = Annotated[datetime, BeforeValidator(_in_utc), PlainSerializer(_written, return_type=str)]
UtcTime = Annotated[_Utc, WithJsonSchema({"type": "string", "format": "date-time"})]
GivenMoment = Annotated[
    datetime, BeforeValidator(_given), PlainSerializer(_written, return_type=str), WithJsonSchema(_DATES)
]


def held_to(rule: Callable[[str], str]) -> AfterValidator:
    """Check a text against one of :mod:`workbench.domain.rules`, with that rule's own error message."""

    def held(text: str) -> str:
        try:
            return rule(text)
        except ValueError as refused:
            raise PydanticCustomError("rule", "{message}", {"message": str(refused)}) from None

    return AfterValidator(held)


def length(most: int, least: int = 0) -> StringConstraints:
    """Constrain a string to ``least`` to ``most`` characters, none of them null."""
    return StringConstraints(min_length=least, max_length=most, pattern=NO_NULL)


MAX_REFS = 50
"""The most ids or names in one request."""
MAX_AT_ONCE = 100
"""The most things that one request creates or changes."""
NameText = Annotated[str, length(400)]
NameGiven = Annotated[str, StringConstraints(min_length=1, pattern=NO_NULL), held_to(rules.name_rule)]
PersonGiven = Annotated[str, StringConstraints(min_length=1, pattern=NO_NULL), held_to(rules.person_rule)]
NoteGiven = Annotated[str, StringConstraints(pattern=NO_NULL), held_to(rules.note_rule)]
PlainText = Annotated[str, StringConstraints(pattern=NO_NULL)]
IdText = Annotated[str, length(400, 1)]
Count = Annotated[int, Field(ge=0)]


class ListPage(View):
    """``next_cursor`` gets the next page; null on the last one."""

    next_cursor: str | None


class UsedTrackerView(View):
    """A tracker that something uses, with its present or last name; empty if the name was not stored.

    ``status``: active, never published, paused, deactivated, deleted or deleted forever. ``note``: what that means.
    """

    id: str
    name: str
    status: str
    deleted: UtcTime | None
    note: str


class Description(RootModel[dict[str, Any]]):
    """An OpenAPI document."""
