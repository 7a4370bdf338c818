"""Shared by all widgets: the forms of requests and replies, and types that several of them use."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Answer = Literal["yes", "no", "not_sure"]
Reason = Literal["likely", "unsure", "random", "audit", "review", "picked", "imported"]
Speaks = Literal["for", "against", ""]
Level = Literal["error", "warning", "tip"]
Step = Literal["concept", "where", "examples", "train", "words", "preview"]
KindName = Literal["example", "keyword", "phrase", "question"]
Match = Literal["inflected", "exact"]
Phase = Literal["nothing", "idle", "opening", "tagging", "training", "failed", "exhausted", "untrained"]
TrackerStage = Literal["draft", "active", "paused", "deactivated", "deleted", "unreadable"]
RunState = Literal["running", "done", "cancelled", "interrupted", "failed"]
Panel = Literal["", "actions", "publish", "versions", "deactivate", "ready_made", "import", "export", "publish_many"]
Tone = Literal["", "good", "warning", "bad"]
BadgeName = Literal["well supported", "fair", "weak", "not measured"]
Work = Literal["training", "tuning", "run", "import"]


class Failure(TypedDict):
    """``kind`` is the error's class; ``message`` can be shown."""

    kind: str
    message: str


class News(TypedDict):
    """Progress of background work, sent without a request; ``fraction`` is in [0, 1].

    Once it is ``done``, the page requests the outcome.
    """

    news: Work
    tracker_id: str
    fraction: float
    message: str
    done: bool


class Reply(TypedDict):
    """One of ``result`` and ``error`` is None. ``state_number`` is that of the last state that the kernel sent."""

    id: str
    result: Any
    error: Failure | None
    state_number: int
