"""Publishing a tracker: what is frozen, how far its backfill is, what publishing again would change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from workbench.domain import plain_json
from workbench.domain.errors import InvalidArgument
from workbench.domain.estimates import Estimate
from workbench.domain.periods import period_start
from workbench.domain.trackers import TrackerKind, TrackerSpec

MONTHS = {"1 month": 1, "3 months": 3, "6 months": 6, "12 months": 12}
ALL = "all"  # past calls, whenever they began
PAST = (*MONTHS, ALL)
WORDING = ("name", "description")  # what of a definition says nothing of how it reads


class Run(StrEnum):
    """How a backfill stands. An interrupted one goes on when it is resumed."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``done`` of ``total`` past conversations of its period are read; ``found`` counts sentences, upcoming too.

    ``kept`` of those done were read before, by a version that reads alike, and not again. ``waiting`` says why calls
    that arrived are not read now, empty if they are; ``unjudged`` counts calls that a judge could not answer for.
    """

    state: Run
    done: int
    total: int
    found: int
    message: str
    last_run: datetime | None
    waiting: str = ""
    unjudged: int = 0
    kept: int = 0

    @property
    def fraction(self) -> float:
        return self.done / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One publication of a tracker, as frozen.

    Attributes:
        past: how far back it looked, one of ``PAST``; None for upcoming calls only.
        since: past conversations from then on were read; those of unknown date too.
        definition: name, description, filters, examples and threshold rule; kind and settings of other kinds.
        threshold: the score from which it says yes.
        model_hash: of the model's file (SHA-256).
        encoder: the encoder and its revision, as in the vector store's name.
        labels_hash: of the answers that it learnt from.
        answers: how many those are.
        first_upcoming: number of the first conversation that was not there when it was published.
        expected_cost: the credits that reading the past was expected to take; None if its kind takes none.
        reading: the same for versions that read alike: what one has read, the others need not read again.
    """

    id: str
    tracker_id: str
    version: int
    published: datetime
    past: str | None
    since: datetime | None
    definition: dict[str, Any]
    threshold: float
    estimate: Estimate | None
    model_hash: str
    encoder: str
    labels_hash: str
    answers: int
    first_upcoming: int
    expected_cost: float | None = None
    reading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What publishing would change in the conversations that the tracker's versions have read (L5).

    ``gained`` and ``lost`` are pairs of conversation id and sentence id, in the corpus's order.
    """

    gained: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    kept: int


def checked_past(past: str | None) -> str | None:
    """Return the period itself, where it is one; raises ``InvalidArgument``."""
    if past is not None and past not in PAST:
        raise InvalidArgument(f"past: {past!r} must be one of {', '.join(PAST)}; leave it out for upcoming calls only")
    return past


def since_of(past: str | None, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """From when on calls are past calls of this period at that moment; None for all of them, and for none.

    It is where a day begins in ``zone``.
    """
    return period_start(moment, zone, months=MONTHS[past]) if past in MONTHS else None


def reading_hash(definition: Mapping[str, Any], encoder: str, labels_hash: str) -> str:
    """Return what two versions share that find the same in the same calls.

    It stands for all that they read by, whatever they are called.

    That is the definition without its wording, the answers that were learnt from, and the encoder where one is used.
    """
    read_by = {name: value for name, value in definition.items() if name not in WORDING}
    uses_encoder = definition.get("kind") != str(TrackerKind.KEYWORD)
    whole = [read_by, encoder if uses_encoder else "", labels_hash]
    return hashlib.sha256(plain_json.dumps(whole, sort_keys=True).encode()).hexdigest()


def definition_of(spec: TrackerSpec) -> dict[str, Any]:
    """Return what a version freezes of a tracker, as plain JSON."""
    frozen = {
        "name": spec.name,
        "description": spec.description,
        "filters": spec.filters.to_dict(),
        "examples": list(spec.examples),
        "threshold": spec.threshold,
    }
    if spec.kind is TrackerKind.EXAMPLE:
        return frozen
    return frozen | {"kind": str(spec.kind), "settings": spec.settings}
