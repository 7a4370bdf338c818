"""Filters in bodies, replies and query parameters; the same as :class:`workbench.domain.filters.Filters`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, FiniteFloat, StringConstraints

from workbench.domain.conversations import Channel, DealOutcome, Direction, FieldValue, Kind
from workbench.domain.filters import Filters, MentionedBy, ScopeFilter, Unit, Where
from workbench.domain.plain_json import is_finite
from workbench.server.models.base import NO_NULL, GivenMoment, NameText, RequestModel, length

MOST = 100
MOST_GIVEN = 20  # in a query, because a server accepts request lines of at most 64 kB
MAX_GIVEN_NAME = 200
MAX_FIELD_TEXT = 1_000
NameList = Annotated[list[NameText], Field(max_length=MOST)]
GivenName = Annotated[str, length(MAX_GIVEN_NAME)]
GivenNames = Annotated[list[GivenName], Field(max_length=MOST_GIVEN)]
FieldText = Annotated[str, StringConstraints(pattern=NO_NULL, max_length=MAX_FIELD_TEXT)]
GivenField = FieldText | bool | int | FiniteFloat | None


class PartBody(RequestModel):
    """The first or last part of a call, in minutes or percent."""

    where: Where = "anywhere"
    amount: Annotated[float, Field(gt=0, le=100_000)] = 5.0
    unit: Unit = "minutes"


class FiltersBody(RequestModel):
    """All must match; an empty list matches everything. ``started_before`` is exclusive."""

    side: MentionedBy = "anyone"
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=2)] = [Kind.CALL]
    channels: Annotated[list[Channel], Field(max_length=MOST)] = []
    directions: Annotated[list[Direction], Field(max_length=MOST)] = []
    scope: ScopeFilter = "external"
    part: PartBody = PartBody()
    stages: NameList = []
    outcomes: Annotated[list[DealOutcome], Field(max_length=MOST)] = []
    teams: NameList = []
    accounts: NameList = []
    languages: NameList = []
    participants: NameList = []
    title: NameText = ""
    started_from: GivenMoment | None = None
    started_before: GivenMoment | None = None
    fields: Annotated[
        dict[NameText, GivenField | Annotated[list[GivenField], Field(min_length=1, max_length=MOST)]],
        Field(max_length=MOST, description="A value for each field, or a list of alternatives."),
    ] = {}

    def to_filters(self) -> Filters:
        """Return the filters; raises ``InvalidFilters``."""
        return Filters.from_dict(self.model_dump())


class FilterQuery(RequestModel):
    """Which conversations, and who speaks in them. Repeat a parameter to give several values."""

    side: Annotated[MentionedBy, Field(description="Who speaks.")] = "anyone"
    kind: Annotated[list[Kind], Field(max_length=2, description="call, email or both.")] = []
    channel: Annotated[list[Channel], Field(max_length=MOST_GIVEN)] = []
    direction: Annotated[list[Direction], Field(max_length=MOST_GIVEN)] = []
    scope: Annotated[ScopeFilter, Field(description="external excludes calls known to be internal.")] = "any"
    part: Annotated[Where, Field(description="The part of the call.")] = "anywhere"
    part_amount: Annotated[float, Field(gt=0, le=100_000)] = 5.0
    part_unit: Unit = "minutes"
    stage: GivenNames = []
    outcome: Annotated[list[DealOutcome], Field(max_length=MOST_GIVEN)] = []
    team: GivenNames = []
    account: GivenNames = []
    language: GivenNames = []
    participant: Annotated[
        list[GivenName], Field(max_length=MOST_GIVEN, description="Part of a name or e-mail address.")
    ] = []
    title: Annotated[GivenName, Field(description="Part of the title.")] = ""
    started_from: Annotated[GivenMoment | None, Field(description="Inclusive.")] = None
    started_before: Annotated[GivenMoment | None, Field(description="Exclusive.")] = None
    field: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[^:\x00]+:[^\x00]*$", max_length=MAX_GIVEN_NAME)]],
        Field(
            max_length=MOST_GIVEN,
            description='Another field as name:value, such as a number, true, false, null or "text"; may be repeated.',
        ),
    ] = []

    def to_filters(self, kinds: tuple[Kind, ...] = (Kind.CALL,)) -> Filters:
        """Return the filters, for ``kinds`` if the query gives none. Raises ``InvalidFilters``."""
        return Filters(
            side=self.side,
            kinds=tuple(self.kind) or kinds,
            channels=tuple(self.channel),
            directions=tuple(self.direction),
            scope=self.scope,
            part={"where": self.part, "amount": self.part_amount, "unit": self.part_unit},  # type: ignore[arg-type]  # Filters takes plain JSON
            stages=tuple(self.stage),
            outcomes=tuple(self.outcome),
            teams=tuple(self.team),
            accounts=tuple(self.account),
            languages=tuple(self.language),
            participants=tuple(self.participant),
            title=self.title,
            started_from=self.started_from,
            started_before=self.started_before,
            fields=_fields(self.field),
        )

    def narrowing(self) -> Filters | None:
        """Return the filters that narrow a tracker's own; None if the query gives none."""
        asked = self.model_fields_set & set(FilterQuery.model_fields)
        return self.to_filters(tuple(Kind)) if asked else None


_WHOLE = re.compile(r"-?\d{1,200}")
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


def _fields(given: Sequence[str]) -> dict[str, tuple[FieldValue, ...]]:
    """Return the values given for each field; they are alternatives."""
    found: dict[str, tuple[FieldValue, ...]] = {}
    for name, value in map(_field, given):
        found[name] = (*found.get(name, ()), value)
    return found


def _field(given: str) -> tuple[str, str | float | bool | None]:
    name, _, value = given.partition(":")
    if value in _CONSTANTS:
        return name, _CONSTANTS[value]
    if len(value) > 1 and value[0] == value[-1] == '"':
        return name, value[1:-1]
    try:
        number = int(value) if _WHOLE.fullmatch(value) else float(value)
    except ValueError:
        return name, value
    return name, number if is_finite(number) else value
