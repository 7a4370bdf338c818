"""What publishing would store, read and cost, shown before publishing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbench.domain.errors import InvalidFilters, InvalidTracker
from workbench.domain.publications import ALL
from workbench.domain.publish_plans import PublishPlan
from workbench.publishing.plan import publish_plan
from workbench.trackers.definitions import new_definition
from workbench.training.records import hash_of
from workbench.widgets.protocol import PlanView

UNREADY = "Complete the form to see what publishing would do."


def plan(found: PublishPlan) -> PlanView:
    cost = found.cost
    return {
        "message": found.message,
        "warns": cost is not None and (cost.balance <= 0 or not cost.enough),
        "credits": 0.0 if cost is None else cost.credits,
        "balance": None if cost is None else cost.balance,
    }


def plan_of_form(
    workspace: Any, tracker: Any, kind: str, values: Callable[[], Mapping[str, Any]], past: str | None
) -> PlanView:
    """Return what publishing would do once a form is saved: for ``tracker``, or for a new one if that is None.

    ``values`` returns the form's values.
    """
    try:
        given = dict(values())
        if tracker is not None:
            return plan(tracker.publish_plan(past, given))
        spec = new_definition(given.pop("name"), kind, **given)
    except (InvalidTracker, InvalidFilters):
        return {"message": UNREADY, "warns": False, "credits": 0.0, "balance": None}
    return plan(publish_plan(workspace.resources, spec, hash_of([]), past))


def published(past: str | None) -> str:
    """Return what a tracker does from now on, for the person who has just published it."""
    if past is None:
        return "It runs automatically on new calls."
    which = "all past calls" if past == ALL else f"those of the past {past.removeprefix('1 ')}"
    return f"It runs automatically on new calls, and reads {which} in the background."


def stream_name(given: str | None) -> str | None:
    """Return the name of the stream to create with a version; None for none."""
    return (given or "").strip() or None
