"""What trackers did in calls, looked up in their current results each time, so that no copy gets out of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.corpus.lake import Lake
from workbench.domain.filters import Filters
from workbench.domain.metrics import TrackerRule
from workbench.domain.publications import Version
from workbench.domain.reach import Reach
from workbench.metrics.rules import State, States
from workbench.resources import Resources
from workbench.results.standing import answering, standing
from workbench.store.publications import PublicationRepository
from workbench.store.standing import FoundSentence

_ALL = TrackerRule().narrowing
_APART = 200  # conversations between two that are asked about, from which on they are read apart


def states_of(resources: Resources, rule: TrackerRule, numbers: range, about: pd.DataFrame) -> dict[str, States]:
    """Of each tracker of the rule what it did in each of these conversations; ``about`` as the lake gives it."""
    started = about["started"].reindex(list(numbers))
    return {one: _states(resources, one, rule, numbers, started) for one in rule.trackers}


def evidence_of(
    resources: Resources, rule: TrackerRule, numbers: range, trackers: Sequence[str] | None = None
) -> dict[int, tuple[str, ...]]:
    """Return the sentences that the rule uses in each of these conversations, in their order."""
    found = versions_of(resources, rule, numbers, trackers)
    return {number: tuple(versions) for number, versions in found.items()}


def versions_of(
    resources: Resources, rule: TrackerRule, numbers: range, trackers: Sequence[str] | None = None
) -> dict[int, dict[str, int]]:
    """Return the same, each with the version that found it; of several trackers, that of the rule's first."""
    found: dict[str, FoundSentence] = {}
    for tracker in rule.trackers if trackers is None else trackers:
        for one in standing(resources.state, resources.lake).of(tracker, numbers)[1]:
            found.setdefault(one.sentence_id, one)
    out: dict[int, dict[str, int]] = {}
    for name in _passing(resources.lake, rule.narrowing, numbers, list(found)):
        out.setdefault(found[name].number, {})[name] = found[name].version
    return out


def passing(lake: Lake, filters: Filters | None) -> np.ndarray:
    """Return the numbers of the conversations with a sentence that matches, in order; of all without filters."""
    if filters is None:
        return lake.about().index.to_numpy(dtype=np.int64)
    table = lake.counted([filters], Reach(first=0, last=lake.size), pa.array([], pa.string()))
    return np.unique(table["number"].to_numpy())


def read_by(resources: Resources, tracker_id: str) -> list[Version]:
    """Return the versions whose results stand somewhere, in order of precedence.

    There are none where it was never published.
    """
    return answering(resources.state, resources.lake, tracker_id)


def runs(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Yield the numbers in order, in lists of those that are near one another."""
    run: list[int] = []
    for number in sorted(numbers):
        if run and number - run[-1] > _APART:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _states(
    resources: Resources, tracker: str, rule: TrackerRule, numbers: range, started: pd.Series[pd.Timestamp]
) -> States:
    out = np.full(len(numbers), State.UNREAD, dtype=np.int8)
    order, found = standing(resources.state, resources.lake).of(tracker, numbers)
    frozen = {one.version: one for one in PublicationRepository(resources.state).versions(tracker)}
    for one in order:
        if one.reach.is_empty or one.version not in frozen:
            continue
        out[_within(one.reach, numbers, started)] = State.OUTSIDE
        ids = pa.array([row.sentence_id for row in found if row.version == one.version], pa.string())
        filters = [Filters.stored(frozen[one.version].definition["filters"]), rule.narrowing]
        reach = replace(one.reach, first=max(one.reach.first, numbers.start), last=min(one.reach.last, numbers.stop))
        hits = resources.lake.counted(filters, reach, ids).to_pandas().groupby("number")["found"].sum()
        state = np.where(hits.to_numpy() > 0, State.FIRES, State.SILENT)
        out[hits.index.to_numpy(dtype=np.int64) - numbers.start] = state
    return out


def _within(reach: Reach, numbers: range, started: pd.Series[pd.Timestamp]) -> np.ndarray:
    """Return which of these conversations lie within reach."""
    out = _read(reach, numbers, started)
    for other in reach.without:
        out &= ~_read(other, numbers, started)
    return out


def _read(reach: Reach, numbers: range, started: pd.Series[pd.Timestamp]) -> np.ndarray:
    at = np.arange(numbers.start, numbers.stop)
    out = (at >= reach.first) & (at < reach.last) & ~np.isin(at, sorted(reach.unjudged))
    if reach.since is not None:
        out &= ~((started < pd.Timestamp(reach.since)).to_numpy() & (at < reach.upcoming))
    return out


def _passing(lake: Lake, narrowing: Filters, numbers: range, ids: Sequence[str]) -> list[str]:
    """Return those of these sentences that match, in the corpus's order."""
    wanted = pa.array(ids, pa.string())
    if narrowing != _ALL:
        passes = lake.pool(narrowing, numbers=numbers)["id"]
        wanted = wanted.filter(pc.is_in(wanted, passes.combine_chunks()))
    kept: list[str] = lake.among(wanted, list(numbers))["id"].to_pylist()
    return kept
