"""What published trackers have found, as it stands: the one place from which all results are taken.

Each conversation is answered for by one version: the one in use, or, where that has not read it, the one that was in
use last before (:mod:`workbench.store.standing`). Pausing, deactivating or publishing again empties nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.filters import Filters
from workbench.domain.publications import Version
from workbench.domain.trackers import TrackerSpec
from workbench.results.finds import Finds, FindsPart
from workbench.store.publications import PublicationRepository
from workbench.store.standing import FoundSentence, StandingRepository


class Mark(NamedTuple):
    """That a tracker found a sentence: with which score, and by which version, None for a draft."""

    score: float
    version: int | None


def standing(database: Engine, lake: Lake) -> StandingRepository:
    """Return the results that stand in a workspace."""
    return StandingRepository(database, lake.started)


def finds_of(database: Engine, lake: Lake, spec: TrackerSpec) -> Finds | None:
    """Return what a tracker has found, whatever its state; None if it was never published."""
    versions = {one.version: one for one in PublicationRepository(database).versions(spec.id)}
    if not versions:
        return None
    order, found = standing(database, lake).of(spec.id)
    by_version: dict[int, list[FoundSentence]] = {}
    for row in found:
        by_version.setdefault(row.version, []).append(row)
    known = [one for one in order if one.version in versions]
    parts = []
    for place, one in enumerate(known):
        if one.reach.is_empty and place:
            continue
        frozen, own = versions[one.version], by_version.get(one.version, [])
        parts.append(
            FindsPart(
                filters=Filters.stored(frozen.definition["filters"]),
                reach=one.reach,
                ids=pa.array([row.sentence_id for row in own], pa.string()),
                scores=pa.array([row.score for row in own], pa.float64()),
                estimate=None if frozen.estimate is None else frozen.estimate.corpus,
                version=one.version,
                reading=frozen.reading,
            )
        )
    return Finds(tracker_id=spec.id, name=spec.name, parts=tuple(parts))


def answering(database: Engine, lake: Lake, tracker_id: str) -> list[Version]:
    """Return the versions whose results stand somewhere, in order of precedence.

    There are none where it was never published.
    """
    versions = {one.version: one for one in PublicationRepository(database).versions(tracker_id)}
    order = standing(database, lake).versions(tracker_id)
    kept = [one for one in order if not one.reach.is_empty] or order[:1]
    return [versions[one.version] for one in kept if one.version in versions]


def marks(found: Sequence[FoundSentence]) -> dict[str, dict[str, Mark]]:
    """By sentence and tracker's name, in this order."""
    out: dict[str, dict[str, Mark]] = {}
    for one in found:
        out.setdefault(one.sentence_id, {})[one.tracker] = Mark(one.score, one.version)
    return out
