"""The conversations of a workspace: lists them, and completes their data from a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from workbench.corpus.enriching import ColumnChanges, Enrichment, EnrichOptions, EnrichReport, enrich
from workbench.domain.filters import Filters
from workbench.resources import Resources
from workbench.resources.changes import follow_changes
from workbench.results.csv_export import write_csv


class Conversations:
    """Call it to list conversations; ``update`` sets what became known about them later."""

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

    def update(
        self,
        values: Enrichment,
        detect: bool = True,
        *,
        columns: ColumnChanges | None = None,
        tolerance_minutes: float = 15,
        day_first: bool | None = None,
        dry_run: bool = False,
        unmatched: str | os.PathLike[str] | None = None,
    ) -> EnrichReport:
        """Set deal, account, team and further fields of conversations.

        They come from a DataFrame, a file or a mapping from ids. Exports from Salesforce and HubSpot are matched by id,
        by e-mail and time, or by account and day. See :func:`workbench.corpus.enriching.enrich`.

        Active trackers whose filters look at what has changed then read these conversations again, unless ``detect`` is
        False; ``ws.catch_up()`` does it later.

        Args:
            values: the table.
            detect: whether trackers read now.
            columns: the column for each use, such as ``{"time": "Logged at"}``, instead of the proposed one; None
                uses none. The report shows which were used.
            tolerance_minutes: how far a row's time may be from the start of its conversation.
            day_first: whether ``02/03/2026`` is the 2nd of March; None derives it from the dates.
            dry_run: only match, and change nothing.
            unmatched: a CSV file for the rows that match no conversation or several, with the reason.

        Raises:
            FileNotFoundError: ``values`` is a path that does not exist.
            InvalidArgument: no column says which conversations the rows are about, or one can only be set by an import.
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        if not dry_run:
            self._resources.check_writable()
        options = EnrichOptions(columns or {}, tolerance_minutes, day_first, dry_run)
        report = enrich(self._resources.lake, values, options)
        if unmatched is not None:
            write_csv(_left_over(report), unmatched)
        if dry_run:
            return report
        follow_changes(self._resources.path, self._resources.lake, self._resources.state)
        if detect and report.changed:
            self._catch_up()
        return report


def _left_over(report: EnrichReport) -> pd.DataFrame:
    rows = [
        (one.label, one.reason, ", ".join(one.rivals), *one.cells) for one in (*report.ambiguous, *report.unmatched)
    ]
    return pd.DataFrame(rows, columns=["row", "reason", "conversations that fit", *report.header])
