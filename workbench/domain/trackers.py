"""What a tracker is, apart from what it has learnt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from workbench.domain.filters import Filters


class TrackerKind(StrEnum):
    EXAMPLE = "example"
    KEYWORD = "keyword"
    PHRASE = "phrase"
    QUESTION = "question"


class TrackerState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    DEACTIVATED = "deactivated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSpec:
    """A tracker's definition. ``seed`` makes its rounds repeatable.

    ``threshold`` is the rule by which it says yes: ``balanced``, or a least ``precision>=0.9`` or ``hit_rate>=0.9``.
    ``active_version`` is the publication in use, None if none is. Only trackers of examples have ``examples``;
    what any other kind is made of stands in ``settings``, as plain JSON that ``workbench.trackers`` has checked.
    ``pause_reason`` says why the workbench paused it, None if a person did. ``revision`` counts the changes of the
    definition; it tells what a caller has seen. ``deleted`` says when it was, None if it
    was not, or where an earlier version did not keep it.
    """

    id: str
    name: str
    kind: TrackerKind
    description: str
    filters: Filters
    examples: tuple[str, ...]
    state: TrackerState
    seed: int
    created: datetime
    threshold: str = "balanced"
    active_version: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    pause_reason: str | None = None
    revision: int = 0
    deleted: datetime | None = None
