"""What becomes of a tracker once it is published: how far it is with past calls, and what it has found."""

from __future__ import annotations

from typing import Any

from workbench.domain.publications import Run
from workbench.results.standing import standing
from workbench.widgets import views
from workbench.widgets.protocol import CardView, PublishedRunView

SHOWN = 20
_STOPPED = {
    Run.CANCELLED: "You stopped it.",
    Run.INTERRUPTED: "It was interrupted. Resume it in the table of trackers.",
}


def run(tracker: Any) -> PublishedRunView | None:
    """Return how far a tracker's version is with past calls; None if it was never published."""
    current = tracker.current_version()
    if current is None:
        return None
    progress = current.progress()
    return {
        "running": progress.state is Run.RUNNING,
        "done": progress.done,
        "total": progress.total,
        "found": sum(tracker.found_by_version().values()),
        "stopped": progress.message if progress.state is Run.FAILED else _STOPPED.get(progress.state, ""),
    }


def found(workspace: Any, tracker: Any) -> list[CardView]:
    """Return some of the sentences that stand as a tracker's results, of the newest calls first."""
    rows = standing(workspace.database, workspace.lake).page(tracker.id, SHOWN, newest=True)
    scores = {row.sentence_id: row.score for row in rows}
    said = workspace.lake.sentences(list(scores), 1)
    return [
        {**views.sight(said[name], name), "reason": "likely", "score": float(score), "outside": False}
        for name, score in scores.items()
        if name in said
    ]
