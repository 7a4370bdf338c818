"""Whether there are calls enough for an example-based tracker (C4). It warns; it never refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.corpus.views import Counts

LEAST_CALLS = 500
GOOD_CALLS = 1_500


@dataclass(frozen=True, slots=True)
class Advice:
    """``offer`` names the kind of tracker that would do instead, or is None."""

    level: Literal["note", "warning"]
    message: str
    offer: Literal["keyword"] | None = None


def corpus_advice(counts: Counts) -> list[Advice]:
    """What to tell a person whose filters let ``counts`` through; empty where there is enough."""
    if counts.calls >= GOOD_CALLS:
        return []
    if counts.calls >= LEAST_CALLS:
        message = f"{counts.calls:,} calls match; the estimates grow steadier towards {GOOD_CALLS:,}."
        return [Advice("note", message)]
    message = (
        f"{counts.calls:,} calls match, and a tracker that learns from examples wants at least {LEAST_CALLS:,}. "
        "You can go on; widen the filters, import more calls, or use a keyword tracker, which needs no minimum."
    )
    return [Advice("warning", message, offer="keyword")]
