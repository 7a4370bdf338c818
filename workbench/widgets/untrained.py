"""The messages of the training widgets for trackers that are not trained."""

from __future__ import annotations

from typing import Any

_FINDS = {
    "keyword": "It finds words, so there is nothing to tag.",
    "phrase": "It finds sentences that mean the same as its phrases, so there is nothing to tag.",
    "question": "It asks its question of each call, so there is nothing to tag.",
}


def untrained(tracker: Any) -> str:
    """Return why there is nothing to tag; empty for a tracker that is trained."""
    kind = str(tracker.kind)
    if tracker.is_trained:
        return ""
    return f"{tracker.name} is a {kind} tracker. {_FINDS.get(kind, 'There is nothing to tag.')}"
