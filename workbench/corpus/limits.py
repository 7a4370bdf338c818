"""Whether there are enough calls for an example-based tracker (C4). It warns; it never refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from workbench.corpus.views import Counts
from workbench.domain.language_tags import primary_language
from workbench.domain.plurals import plural

LEAST_CALLS = 500
GOOD_CALLS = 1_500
FOREIGN = 0.2  # of the calls that state their language
RARE = 15  # sentences near the examples: rounds of 25 would contain hardly any that match


@dataclass(frozen=True, slots=True)
class LanguageAdvice:
    """A warning; ``offer`` names the kind of tracker to use instead, or is None."""

    level: Literal["note", "warning"]
    message: str
    offer: Literal["keyword"] | None = None


def corpus_advice(counts: Counts) -> list[LanguageAdvice]:
    """Return the warning for a person whose filters let ``counts`` pass; empty if there is enough."""
    if counts.calls >= GOOD_CALLS:
        return []
    if counts.calls >= LEAST_CALLS:
        message = f"{counts.calls:,} calls match; the estimates become more stable towards {GOOD_CALLS:,}."
        return [LanguageAdvice("note", message)]
    message = (
        f"{plural(counts.calls, 'call matches', 'calls match')}, and a tracker that learns from examples should have "
        f"at least {LEAST_CALLS:,}. "
        "You can go on; widen the filters, import more calls, or use a keyword tracker, which needs no minimum."
    )
    return [LanguageAdvice("warning", message, offer="keyword")]


def language_advice(calls: Mapping[str, int]) -> LanguageAdvice | None:
    """Return the warning if the encoder supports only English and many ``calls``, by language, are in others."""
    other = {name: count for name, count in calls.items() if primary_language(name) != "en"}
    share = sum(other.values()) / max(sum(calls.values()), 1)
    if share <= FOREIGN:
        return None
    names = ", ".join(sorted(other, key=lambda name: -other[name])[:5])
    message = (
        f"{share:.0%} of the calls are not in English ({names}), and the encoder was made for English: it finds "
        "less in them. Open the workspace with a multilingual one (docs/languages.md), or use keyword trackers."
    )
    return LanguageAdvice("warning", message)


def rarity_advice(close: int | None) -> LanguageAdvice | None:
    """Return the warning if only ``close`` sentences are near the examples.

    None if those are enough, or the number is unknown.
    """
    if close is None or close >= RARE:
        return None
    count = "No sentence comes" if not close else f"Only {plural(close, 'sentence comes', 'sentences come')}"
    message = (
        f"{count} close to the examples: the concept may be rare in these calls. Examples in other words may find it; "
        "where it is rare indeed, a keyword tracker finds it with less work."
    )
    return LanguageAdvice("warning", message, offer="keyword")
