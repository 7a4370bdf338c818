"""How often a metric has a value, over time and by group, with intervals (M4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.domain.filters import Filters
from workbench.domain.metrics import (
    NOT_APPLICABLE,
    PARTIAL,
    UNKNOWN,
    Metric,
    MetricKind,
    TrackerRule,
    written,
)
from workbench.metrics.reading import passing, read_by
from workbench.metrics.values import valued
from workbench.ready_made.assessing import assessed
from workbench.resources import Resources
from workbench.results.grouping import entries_by, grouped_by
from workbench.results.intervals import wilson
from workbench.store.used_trackers import used_trackers

AS_FOUND = (
    "Values are as the trackers found them, errors included: how often a whole call is judged wrongly "
    "cannot be derived "
    "from the precision and hit rate of sentences."
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Trend:
    """``table`` has a row a group, period and value, ``notes`` say what to bear in mind.

    Its columns: the names grouped by; ``value`` (true, false, partial or a category); ``count``, the calls that have
    it, of ``known``, those for which the metric applies and a value is known; ``share`` with its 95% interval
    (``low`` and ``high``, Wilson 1927); and beside them ``not_applicable`` and ``unknown`` calls, which no share
    counts. ``calls`` are all of them.
    """

    metric: str
    by: tuple[str, ...]
    table: pd.DataFrame
    notes: tuple[str, ...]


def trend(
    resources: Resources,
    metric: Metric,
    by: str | Sequence[str] = (),
    every: str | None = "month",
    filters: Filters | None = None,
    min_calls: int = 0,
) -> Trend:
    """Args as in :meth:`workbench.metrics.all_metrics.Metrics.trend`."""
    names = grouped_by(by, every)
    found = valued(resources, metric)
    numbers = passing(resources.lake, filters)
    calls = pd.DataFrame({"number": numbers, "speaker": None, "side": None, "sentences": 1, "found": 0})
    table = entries_by(resources.lake, calls, names, min_calls)
    table = table.assign(value=[written(one) for one in found.values[table["number"].to_numpy(dtype=np.int64)]])
    kept = [written(one) for one in metric.values]
    if metric.kind is MetricKind.BOOLEAN and not (table["value"] == PARTIAL).any():
        kept.remove(PARTIAL)
    return Trend(
        metric=metric.name, by=names, table=_shares(table, names, kept), notes=_notes(resources, metric, table)
    )


def _shares(table: pd.DataFrame, names: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    groups: list[tuple[Any, pd.DataFrame]] = [((), table)]
    if names:
        groups = list(table.groupby(list(names), dropna=False, sort=True))
    rows = []
    for key, group in groups:
        counts = group["value"].value_counts()
        beside = {name: int(counts.get(name, 0)) for name in (NOT_APPLICABLE, UNKNOWN)}
        known = len(group) - sum(beside.values())
        for value in values:
            named = dict(zip(names, key, strict=True))
            count = int(counts.get(value, 0))
            rows.append(named | {"value": value, "count": count, "known": known, **beside, "calls": len(group)})
    columns = [*names, "value", "count", "known", NOT_APPLICABLE, UNKNOWN, "calls"]
    out = pd.DataFrame(rows, columns=columns)
    share, low, high = wilson(out["count"].to_numpy(float), out["known"].to_numpy(float))
    return out.assign(share=share, low=low, high=high)


def _notes(resources: Resources, metric: Metric, table: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    unknown = int((table["value"] == UNKNOWN).sum())
    if isinstance(metric.source, TrackerRule):
        notes.append(AS_FOUND)
        notes += _of_trackers(resources, metric.source)
    if unknown:
        notes.append(f"{unknown:,} of {len(table):,} are unknown and count in no share.")
    return tuple(notes)


def _of_trackers(resources: Resources, rule: TrackerRule) -> list[str]:
    notes = []
    for tracker, used in used_trackers(resources.state, rule.trackers).items():
        versions = read_by(resources, tracker)
        if used.note:
            notes.append(used.note)
        for one in versions:
            which = f", version {one.version}" if len(versions) > 1 else ""
            notes.append(f"{used.name}{which}: {assessed(one.definition, one.estimate).sentence}")
    return notes
