"""Calls as a table: what is known about each, how often each tracker found something in it, and its metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.corpus.views import Card
from workbench.results.finds import Finds

MAX_CALLS = 1_000_000
KNOWN = (
    *("conversation_id", "kind", "title", "started", "duration_s", "direction", "channel", "scope", "language"),
    *("account", "team", "thread", "deal_id", "deal_stage", "deal_amount", "deal_outcome", "turns", "sentences"),
)


def call_table(cards: Sequence[Card], found: Sequence[Finds], metrics: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row per conversation: what is known about it, then one column per tracker and metric.

    A tracker's column counts the sentences found, and is missing if none of its versions has read the call. Names
    that a column has already are followed by "(tracker)" or "(metric)". ``team`` names all teams.

    Args:
        cards: the conversations.
        found: what each tracker has found.
        metrics: each metric's value by conversation id, by the metric's name.
    """
    columns: dict[str, Any] = {name: [_value(card, name) for card in cards] for name in KNOWN}
    columns["started"] = pd.to_datetime(pd.Series(columns["started"], dtype=object), utc=True)
    for name in ("duration_s", "deal_amount"):
        columns[name] = pd.Series(columns[name], dtype="float64")
    for one in found:
        count = Counter(str(name).rsplit(":", 2)[0] for name in one.ids.to_pylist())
        cells = [
            count[card.id]
            if count[card.id] or any(part.reach.holds(card.number, card.started) for part in one.parts)
            else None
            for card in cards
        ]
        columns[_free(one.name, "tracker", columns)] = pd.array(cells, dtype="Int64")
    for metric, values in metrics.items():
        cells = [values.get(card.id) for card in cards]
        columns[_free(metric, "metric", columns)] = pd.Series(cells, dtype=object)
    return pd.DataFrame(columns)


def _value(card: Card, name: str) -> Any:
    if name == "team":
        return ", ".join(card.teams) or None
    return getattr(card, "id" if name == "conversation_id" else name)


def _free(name: str, kind: str, taken: Collection[str]) -> str:
    """Return a column's name that no other column has."""
    found, again = name, 1
    while found in taken:
        found = f"{name} ({kind})" if again == 1 else f"{name} ({kind} {again})"
        again += 1
    return found
