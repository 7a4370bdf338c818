"""How well a tracker of any kind does: by its own estimate, or as the ready-made one was measured that it equals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.domain.assessments import NOT_JUDGED, Assessment, Basis, assess, of_estimate
from workbench.domain.estimates import Estimate
from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerKind
from workbench.ready_made import Quality, same_as


def assessed(definition: Mapping[str, Any], estimate: Estimate | None) -> Assessment:
    """Return how well a tracker with this definition, as a version freezes it, does."""
    if kind_of(definition) is TrackerKind.EXAMPLE:
        return of_estimate(estimate)
    measured = measured_of(definition)
    return NOT_JUDGED if measured is None else of_quality(measured)


def measured_of(definition: Mapping[str, Any]) -> Quality | None:
    """Return what was measured of the ready-made tracker that finds by this definition; None if there is none."""
    kind = kind_of(definition)
    if kind is TrackerKind.EXAMPLE:
        return None
    known = same_as(kind, definition["settings"], Filters.stored(definition["filters"]))
    return None if known is None else known.quality


def of_quality(measured: Quality) -> Assessment:
    """Return what was measured on the sample corpus."""
    return assess(measured.precision, measured.hit_rate, Basis.SAMPLE)


def kind_of(definition: Mapping[str, Any]) -> TrackerKind:
    """Return the kind of a definition as a version freezes it."""
    return TrackerKind(definition.get("kind", TrackerKind.EXAMPLE))
