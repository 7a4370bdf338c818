"""What trackers' active versions did in calls, asked of their detections at this moment, so that no copy goes stale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.corpus.lake import Lake
from workbench.corpus.units import Reach
from workbench.domain.errors import TrackerNotFound
from workbench.domain.filters import Filters
from workbench.domain.metrics import TrackerRule
from workbench.domain.trackers import TrackerState
from workbench.metrics.rules import State, States
from workbench.publication import Publication
from workbench.store.metrics import ValueRepository
from workbench.store.publications import PublicationRepository

if TYPE_CHECKING:
    from workbench.workspace import Workspace

_ALL = TrackerRule().narrowing
_APART = 200  # conversations between two that are asked about, from which on they are read apart


def states_of(workspace: Workspace, rule: TrackerRule, numbers: range, about: pd.DataFrame) -> dict[str, States]:
    """Of each tracker of the rule what it did in each of these conversations; ``about`` as the lake gives it."""
    started = about["started"].reindex(list(numbers))
    return {one: _states(workspace, one, rule, numbers, started) for one in rule.trackers}


def evidence_of(
    workspace: Workspace, rule: TrackerRule, numbers: range, trackers: Sequence[str] | None = None
) -> dict[int, tuple[str, ...]]:
    """The sentences that the rule goes by in each of these conversations, in their order."""
    found: dict[str, int] = {}
    for tracker in rule.trackers if trackers is None else trackers:
        if active := active_of(workspace, tracker):
            hits = ValueRepository(workspace.database).found(active.frozen.id, numbers)
            found |= {one.sentence_id: one.number for one in hits}
    kept = _passing(workspace.lake, rule.narrowing, numbers, list(found))
    out: dict[int, list[str]] = {}
    for name in kept:
        out.setdefault(found[name], []).append(name)
    return {number: tuple(names) for number, names in out.items()}


def active_of(workspace: Workspace, tracker_id: str) -> Publication | None:
    """The version in use, or paused; None where there is none, or no such tracker any more."""
    try:
        spec = workspace.trackers.repository.get(tracker_id)
    except TrackerNotFound:
        return None
    if spec.active_version is None or spec.state is TrackerState.DELETED:
        return None
    versions = PublicationRepository(workspace.database).versions(spec.id)
    return next((Publication(workspace, one) for one in versions if one.version == spec.active_version), None)


def passing(lake: Lake, filters: Filters | None) -> np.ndarray:
    """The numbers of the conversations of which a sentence passes, in order; of all without filters."""
    if filters is None:
        return lake.about().index.to_numpy(dtype=np.int64)
    table = lake.counted([filters], Reach(first=0, last=lake.size), pa.array([], pa.string()))
    return np.unique(table["number"].to_numpy())


def runs(numbers: Iterable[int]) -> Iterator[list[int]]:
    """The numbers in order, in lists of those that are near one another."""
    run: list[int] = []
    for number in sorted(numbers):
        if run and number - run[-1] > _APART:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _states(
    workspace: Workspace, tracker: str, rule: TrackerRule, numbers: range, started: pd.Series[pd.Timestamp]
) -> States:
    out = np.full(len(numbers), State.UNREAD, dtype=np.int8)
    active = active_of(workspace, tracker)
    if active is None:
        return out
    frozen, read = active.frozen, active.has_read
    at = np.arange(numbers.start, numbers.stop)
    seen = (at >= read.start) & (at < read.stop)
    if frozen.since is not None:
        old = (started < pd.Timestamp(frozen.since)).to_numpy()
        seen &= ~(old & (at < frozen.first_upcoming))
    out[seen] = State.OUTSIDE
    reach = Reach(
        first=max(read.start, numbers.start),
        last=min(read.stop, numbers.stop),
        upcoming=frozen.first_upcoming,
        since=frozen.since,
    )
    found = ValueRepository(workspace.database).found(frozen.id, numbers)
    ids = pa.array([one.sentence_id for one in found], pa.string())
    filters = [Filters.from_dict(frozen.definition["filters"]), rule.narrowing]
    table = workspace.lake.counted(filters, reach, ids).to_pandas()
    hits = table.groupby("number")["found"].sum()
    out[hits.index.to_numpy(dtype=np.int64) - numbers.start] = np.where(hits.to_numpy() > 0, State.FIRES, State.SILENT)
    return out


def _passing(lake: Lake, narrowing: Filters, numbers: range, ids: Sequence[str]) -> list[str]:
    """Those of these sentences that pass, in the corpus's order."""
    wanted = pa.array(ids, pa.string())
    if narrowing != _ALL:
        passes = lake.pool(narrowing, numbers=numbers)["id"]
        wanted = wanted.filter(pc.is_in(wanted, passes.combine_chunks()))
    kept: list[str] = lake.among(wanted, list(numbers))["id"].to_pylist()
    return kept
