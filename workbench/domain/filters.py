"""Which conversations, and which part of them, a tracker looks at (E2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from numbers import Integral, Real
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from workbench.domain.conversations import Channel, DealOutcome, Direction, FieldValue, Kind
from workbench.domain.errors import InvalidFilters
from workbench.domain.plain_json import is_finite
from workbench.domain.time_zones import in_utc

_WHOLE = re.compile(r"-?\d{1,19}")  # as pages hold what their numbers, which are doubles, do not

MentionedBy = Literal["company", "customer", "anyone"]
ScopeFilter = Literal["external", "internal", "any"]
Where = Literal["anywhere", "first", "last"]
Unit = Literal["minutes", "percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfCall:
    """The first or last ``amount`` minutes or percent of a call.

    Percent counts call time where it is known and turns where it is not. A call without times has no
    minutes, so a part in minutes leaves it out.
    """

    where: Where = "anywhere"
    amount: float = 5.0
    unit: Unit = "minutes"

    def __post_init__(self) -> None:
        _one_of("part.where", self.where, get_args(Where))
        _one_of("part.unit", self.unit, get_args(Unit))
        if not is_finite(self.amount) or not self.amount > 0 or (self.unit == "percent" and self.amount > 100):
            raise InvalidFilters(
                f"part.amount: {self.amount} {self.unit} is not a part of a call; give a number above 0"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """A conjunction: a sentence passes when every filter passes. Empty tuples let everything through.

    ``scope`` is "external" unless said otherwise; it leaves out conversations known to be internal, so that
    those whose scope nobody recorded stay. ``title`` and ``participants`` match parts of words, whatever
    the case; ``accounts``, ``teams`` and ``stages`` match whatever the case, the width of letters and outer spaces.
    ``started_from`` is inclusive, ``started_before`` exclusive; without an offset they are local times of the
    workspace (``ws.time_zone``). ``fields`` compares further fields for equality, with a
    value or with any of several. Part of call applies to calls; e-mails pass whole.

    Raises:
        InvalidFilters: names the field and the values that it takes, or the two that can never hold together.
    """

    side: MentionedBy = "anyone"
    kinds: tuple[Kind, ...] = (Kind.CALL,)
    channels: tuple[Channel, ...] = ()
    directions: tuple[Direction, ...] = ()
    scope: ScopeFilter = "external"
    part: PartOfCall = field(default_factory=PartOfCall)
    stages: tuple[str, ...] = ()
    outcomes: tuple[DealOutcome, ...] = ()
    teams: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    title: str = ""
    started_from: datetime | None = None
    started_before: datetime | None = None
    fields: Mapping[str, FieldValue | tuple[FieldValue, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _one_of("side", self.side, get_args(MentionedBy))
        _one_of("scope", self.scope, get_args(ScopeFilter))
        if isinstance(self.part, Mapping):
            object.__setattr__(self, "part", PartOfCall(**_known("part", PartOfCall, self.part)))
        for name, kind in (
            ("kinds", Kind),
            ("channels", Channel),
            ("directions", Direction),
            ("outcomes", DealOutcome),
        ):
            object.__setattr__(self, name, tuple(_enum(name, kind, v) for v in _items(name, getattr(self, name))))
        for name in ("stages", "teams", "accounts", "languages", "participants"):
            object.__setattr__(self, name, tuple(str(v) for v in _items(name, getattr(self, name))))
        for name in ("started_from", "started_before"):
            object.__setattr__(self, name, _moment(name, getattr(self, name)))
        found = {name: _values(name, one) for name, one in self.fields.items()}
        object.__setattr__(self, "fields", {name: one for name, one in found.items() if one != ()})
        if not self.kinds:
            raise InvalidFilters("kinds: give at least one of call, email")
        self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        if self.contradiction:
            raise InvalidFilters(self.contradiction)

    @property
    def contradiction(self) -> str:
        """Which two filters can never hold together, and what to do; empty if all can."""
        if self.scope == "internal" and self.side == "customer":
            return "scope and side: internal calls have no customers, so nothing can match; give another scope or side"
        if self.started_from is None or self.started_before is None:
            return ""
        first, end, margin = self.started_from, self.started_before, timedelta()
        if (first.tzinfo is None) != (end.tzinfo is None):  # in which zone the one is, is not known here
            first, end = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (first, end))
            margin = timedelta(days=1)
        if first < end + margin:
            return ""
        return (
            f"started_from and started_before: nothing starts from {first.isoformat()} on and before "
            f"{end.isoformat()}; give a later started_before"
        )

    def for_training(self) -> Filters:
        """Return them as rounds and estimates go by: trackers learn from calls only, even where they track e-mails.

        Filters that let e-mails alone through stay as they are.
        """
        return replace(self, kinds=(Kind.CALL,)) if Kind.CALL in self.kinds else self

    def ask_about(self, heads: Collection[str]) -> bool:
        """Return whether what passes may depend on these columns of a conversation, such as "deal_stage"."""
        asked = {column for name, columns in _COLUMNS.items() if getattr(self, name) for column in columns}
        asked |= {"kind"} | ({"scope"} if self.scope != "any" else set())
        asked |= {"parties"} if self.side != "anyone" else set()
        asked |= {"duration_s"} if self.part.where != "anywhere" else set()
        return not asked.isdisjoint(heads)

    def in_utc(self, zone: ZoneInfo) -> Filters:
        """Return the filters with both dates in UTC; without an offset they are local times of ``zone``."""
        given = {name: getattr(self, name) for name in ("started_from", "started_before")}
        try:
            found: dict[str, Any] = {name: in_utc(moment, zone) for name, moment in given.items() if moment is not None}
        except OverflowError:
            raise InvalidFilters("started_from, started_before: must lie within the calendar in UTC, too") from None
        return replace(self, **found)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; :meth:`from_dict` reads them back."""
        out: dict[str, Any] = {}
        for spec in fields(self):
            value = getattr(self, spec.name)
            if isinstance(value, PartOfCall):
                value = {"where": value.where, "amount": value.amount, "unit": value.unit}
            elif isinstance(value, tuple):
                value = [str(v) for v in value]
            elif isinstance(value, datetime):
                value = value.isoformat()
            elif isinstance(value, Mapping):
                value = {name: list(one) if isinstance(one, tuple) else one for name, one in value.items()}
            out[spec.name] = value
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Filters:
        """Read filters from plain JSON types; raises ``InvalidFilters`` for unknown names."""
        return cls(**_known("filters", cls, data))

    @classmethod
    def stored(cls, data: Mapping[str, Any]) -> Filters:
        """Read filters that a workspace keeps: earlier versions took some that contradict each other.

        Those are kept, say so in ``contradiction``, and let nothing through.
        """
        found = StoredFilters.from_dict(data)
        return found if found.contradiction else cls.from_dict(data)


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "channels": ("channel",),
    "directions": ("direction",),
    "stages": ("deal_stage",),
    "outcomes": ("deal_outcome",),
    "teams": ("team", "parties"),
    "accounts": ("account",),
    "languages": ("language",),
    "participants": ("parties",),
    "title": ("title",),
    "started_from": ("started",),
    "started_before": ("started",),
    "fields": ("fields",),
}
"""By the name of a filter what it looks at; the other filters always ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFilters(Filters):
    """Filters of an earlier version that contradict each other; nothing passes them."""

    def _refuse_contradictions(self) -> None:
        """Take them."""


def _known(what: str, kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    names = {spec.name for spec in fields(kind)}
    for name in data:
        if name not in names:
            raise InvalidFilters(f"{what}: unknown name {name!r}; known are {', '.join(sorted(names))}")
    return dict(data)


def _items(name: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        raise InvalidFilters(f"{name}: give a list, not the single text {value!r}")
    return tuple(value)


def _one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        raise InvalidFilters(f"{name}: must be one of {', '.join(map(str, allowed))}, not {value!r}")


def _enum(name: str, kind: Any, value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidFilters(f"{name}: must be one of {', '.join(kind)}, not {value!r}") from None


def _value(name: str, value: Any) -> FieldValue:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping) and set(value) == {"whole"} and _WHOLE.fullmatch(str(value["whole"])):
        value = int(value["whole"])
    number = int(value) if isinstance(value, Integral) else float(value) if isinstance(value, Real) else None
    if number is None or not is_finite(number):
        raise InvalidFilters(f"fields.{name}: give a text, a finite number of at most 64 bits, true, false or null")
    return number


def _values(name: str, value: Any) -> FieldValue | tuple[FieldValue, ...]:
    """Return a value, or several without repeats; one alone is not several, and none lets everything through."""
    if not isinstance(value, list | tuple | set | frozenset):
        return _value(name, value)
    found = {(isinstance(one, bool), one): one for one in (_value(name, one) for one in value)}
    several = tuple(found.values())
    return several[0] if len(several) == 1 else several


def _moment(name: str, value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise InvalidFilters(f"{name}: {value!r} is not a date; write it as 2026-03-31 or 2026-03-31T09:00") from None
