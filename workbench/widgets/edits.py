"""What someone else changed of a tracker while a form for it was open, in this kernel or another."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from workbench.domain.edits import EditedElsewhere
from workbench.widgets.advice import hint
from workbench.widgets.protocol import Hint


def edited_elsewhere(tracker: Any) -> list[Hint]:
    """Return hints on what was changed since the tracker was as it is given; none where it is None."""
    since = getattr(tracker and tracker.spec, "revision", None)
    edits = tracker.edits(since) if since is not None else []
    return [hint("corpus", "warning", f"{one}. It is kept unless you change the same thing.") for one in edits]


def updated(tracker: Any, values: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Change a tracker in what differs from ``before``; what someone else changed meanwhile, in words."""
    changed = {name: one for name, one in values.items() if name not in before or one != before[name]}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", EditedElsewhere)
        if changed:
            tracker.update(**changed)
    return " ".join(str(one.message) for one in told if issubclass(one.category, EditedElsewhere))
