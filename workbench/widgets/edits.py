"""Changes to a tracker by someone else while a form for it was open, in this kernel or another."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from workbench.domain.edits import EditedElsewhere
from workbench.widgets.advice import hint
from workbench.widgets.protocol import Hint


def edited_elsewhere(tracker: Any) -> list[Hint]:
    """Return hints on what has changed since the given state of the tracker; none for None."""
    since = getattr(tracker and tracker.spec, "revision", None)
    edits = tracker.edits(since) if since is not None else []
    return [hint("corpus", "warning", f"{one}. It is kept unless you change the same thing.") for one in edits]


def updated(tracker: Any, values: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Update a tracker with values that differ from ``before``; return in words what someone else changed meanwhile."""
    changed = {name: one for name, one in values.items() if name not in before or one != before[name]}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", EditedElsewhere)
        if changed:
            tracker.update(**changed)
    return " ".join(str(one.message) for one in told if issubclass(one.category, EditedElsewhere))
