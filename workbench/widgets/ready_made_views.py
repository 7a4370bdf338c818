"""Ready-made trackers, and the result of an import, as plain JSON for the table. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.domain.estimates import Interval
from workbench.domain.rules import MIN_EXAMPLES
from workbench.ready_made import Quality, ReadyMade
from workbench.ready_made.assessing import of_quality
from workbench.widgets import views
from workbench.widgets.protocol import BroughtView, IntervalView, QualityView, ReadyMadeView

if TYPE_CHECKING:
    from workbench.workspace.trackers import Brought

MADE, REFUSED = 1_000, 200  # the most of each that are listed; the others are counted
_SAID = ("vocabulary", "words")


def ready_made(one: ReadyMade) -> ReadyMadeView:
    said: Sequence[str] = next((one.settings[name] for name in _SAID if one.settings.get(name)), ())
    return {
        "key": one.key,
        "name": one.name,
        "description": one.description,
        "kind": str(one.kind),
        "filters": one.filters.to_dict(),  # type: ignore[typeddict-item]  # what Filters write
        "said": [*said, *([one.settings["question"]] if one.settings.get("question") else [])],
        "can_train": len(one.as_examples()["examples"]) >= MIN_EXAMPLES,
        "quality": None if one.quality is None else quality(one.quality),
    }


def quality(measured: Quality) -> QualityView:
    return {
        "precision": _interval(measured.precision),
        "hit_rate": _interval(measured.hit_rate),
        "f1": _interval(measured.f1),
        "quality": views.assessment(of_quality(measured)),
        "calls": measured.calls,
        "hits": measured.hits,
        "measured": measured.measured,
    }


def brought(found: Brought) -> BroughtView:
    made = found.trackers[:MADE]
    refused = found.refused[:REFUSED]
    return {
        "made": [{"id": one.id, "name": one.name} for one in made],
        "made_count": len(found.trackers),
        "refused": [{"line": one.line, "reason": views.clip(one.reason, views.LONGEST_CONTEXT)} for one in refused],
        "refused_count": len(found.refused),
    }


def _interval(measured: Interval) -> IntervalView:
    """Return it regardless of its width: it is shown with its interval, not as a number alone."""
    return {"low": measured.low, "point": measured.point, "high": measured.high, "tells": True}
