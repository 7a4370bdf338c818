"""The conversations of a workspace: listed when it is called, and completed from a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from workbench.corpus.enriching import Enrichment, EnrichReport, enrich
from workbench.domain.filters import Filters
from workbench.resources import Resources
from workbench.resources.changes import follow_changes


class Conversations:
    """Call it to list conversations; ``update`` sets what was learnt of them later."""

    def __init__(
        self,
        resources: Resources,
        numbers: Callable[[Mapping[str, Any]], Iterable[int]],
        catch_up: Callable[[], object],
    ):
        """Take what gives the numbers of those with some values of metrics, and what has trackers read them."""
        self._resources = resources
        self._numbers = numbers
        self._catch_up = catch_up

    def __call__(self, filters: Filters | None = None, metrics: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return the conversations that match, one per row; all of them without filters.

        ``metrics`` maps names of metrics to the wanted value, such as ``{"Booking completed": False}``; a list of
        values allows any of them.
        """
        found = self._resources.lake.conversations(filters)
        if not metrics:
            return found
        ids = self._resources.lake.conversation_ids(self._numbers(metrics))
        return found[found["id"].isin(ids.values())].reset_index(drop=True)

    def update(self, values: Enrichment, detect: bool = True) -> EnrichReport:
        """Set deal, account, team and further fields by id, from a DataFrame, a CSV file or a mapping; see
        :func:`workbench.corpus.enriching.enrich`.

        Active trackers whose filters look at what has changed then read these conversations again, unless ``detect`` is
        False; ``ws.catch_up()`` does it later.

        Raises:
            FileNotFoundError: ``values`` is a path where nothing is.
            InvalidArgument: there is no column for the id, or one that only an import can set.
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        self._resources.check_writable()
        report = enrich(self._resources.lake, values)
        follow_changes(self._resources.path, self._resources.lake, self._resources.state)
        if detect and report.changed:
            self._catch_up()
        return report
