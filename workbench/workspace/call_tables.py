"""The table of a workspace's calls: what is known about each call, what trackers found in it, and its metrics."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.corpus.views import Card
from workbench.metrics.all_metrics import Metrics
from workbench.resources import Resources
from workbench.results.call_tables import call_table
from workbench.workspace.queries import published


def calls_table(
    resources: Resources, metrics: Metrics, cards: Sequence[Card], trackers: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return these conversations as :meth:`workbench.workspace.workspace.Workspace.calls_table` does.

    Raises:
        TrackerNotFound: no tracker has this id or name.
    """
    known = metrics.of_numbers({card.number: card.id for card in sorted(cards, key=lambda card: card.number)})
    values = {
        metric.name: {name: found[metric.name].value for name, found in known.items()} for metric in metrics.list()
    }
    return call_table(cards, published(resources, trackers), values)
