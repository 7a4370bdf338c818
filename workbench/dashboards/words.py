"""Filters as a sentence that a reader understands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from workbench.domain.estimates import CorpusEstimate, Estimate, HeldOutEstimate, Interval
from workbench.domain.filters import Filters
from workbench.domain.time_zones import UTC_ZONE, in_zone

_WHO = {"company": "the company", "customer": "the customer", "anyone": "anyone"}
_LISTS = {
    "channels": "channel",
    "directions": "direction",
    "stages": "stage",
    "outcomes": "outcome",
    "teams": "team",
    "accounts": "account",
    "languages": "language",
    "participants": "with",
}


def filters_in_words(filters: Filters, zone: ZoneInfo = UTC_ZONE) -> str:
    """Such as "Looks at what the customer says in external calls, stage: Proposal."; days are those of ``zone``."""
    kinds = _either([f"{kind}s" for kind in filters.kinds])
    scope = "" if filters.scope == "any" else f"{filters.scope} "
    text = f"Looks at what {_WHO[filters.side]} says in {scope}{kinds}"
    if filters.part.where != "anywhere":
        unit = "%" if filters.part.unit == "percent" else f" {filters.part.unit}"
        text += f", in the {filters.part.where} {filters.part.amount:g}{unit}"
    for name, word in _LISTS.items():
        if values := getattr(filters, name):
            text += f", {word}: {_either(values)}"
    if filters.title:
        text += f", title with {filters.title!r}"
    if filters.started_from:
        text += f", from {_day(filters.started_from, zone)}"
    if filters.started_before:
        text += f", before {_day(filters.started_before, zone)}"
    for name, value in filters.fields.items():
        text += f", {name}: {_either(value) if isinstance(value, tuple) else value}"
    return f"{text}. Nothing can match: {filters.contradiction}." if filters.contradiction else f"{text}."


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{in_zone(moment, zone) if moment.tzinfo else moment:%Y-%m-%d}"


def quality_in_words(estimate: Estimate | None) -> list[str]:
    """Return how well a tracker does in the corpus, then on the tagged sentences; the two are never mixed up."""
    if estimate is None:
        return ["How well it does is not known: it was never judged."]
    return [f"In all calls: {corpus_in_words(estimate.corpus)}", f"On tagged sentences: {_tagged(estimate.heldout)}"]


def corpus_in_words(corpus: CorpusEstimate | None) -> str:
    """Such as "of 10 that it finds, about 8 are right (7 to 9); of 10 that are there, it finds about 6 (5 to 8)."."""
    precision, hit_rate = (None, None) if corpus is None else (corpus.precision, corpus.hit_rate)
    if not _tells(precision) and not _tells(hit_rate):
        return "how well it does is not known yet."
    right = f"of 10 that it finds, about {_tenths(precision)} are right"
    found = f"of 10 that are there, it finds about {_tenths(hit_rate)}"
    right = right if _tells(precision) else "how many of those it finds are right is not known yet"
    found = found if _tells(hit_rate) else "how many it misses is not known yet"
    return f"{right}; {found}."


def _tagged(held: HeldOutEstimate) -> str:
    if held.precision is None or held.hit_rate is None:
        return f"{held.tags} answers are too few to tell."
    right, found = round(10 * held.precision), round(10 * held.hit_rate)
    return (
        f"of 10 that it finds, {right} {'is' if right == 1 else 'are'} right; of 10 that are there, it finds {found}. "
        f"These {held.tags} were chosen to be hard, and held out in turn; they do not represent all calls."
    )


def _tells(interval: Interval | None) -> bool:
    return interval is not None and interval.tells


def _tenths(interval: Interval | None) -> str:
    if interval is None:
        return ""
    low, point, high = (round(10 * value) for value in (interval.low, interval.point, interval.high))
    return f"{point}" if low == high else f"{point} ({low} to {high})"


def _either(values: Sequence[object]) -> str:
    *first, last = [str(value) for value in values]
    return f"{', '.join(first)} or {last}" if first else last
