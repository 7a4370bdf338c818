"""Filters as a sentence for readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

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
    """Return text such as "Looks at what the customer says, stage: Proposal."; days are in ``zone``."""
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


def _either(values: Sequence[object]) -> str:
    *first, last = [str(value) for value in values]
    return f"{', '.join(first)} or {last}" if first else last
