"""Initiative boards (R4): in how many calls an initiative comes up, over time, by team and person, against a target."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.conversations import Kind
from workbench.domain.deprecation import old_keywords
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach
from workbench.domain.results import Initiative, InvalidDefinition
from workbench.domain.unreadable import Unreadable
from workbench.domain.used_trackers import UsedTracker, notes_of
from workbench.results.asking import asked_of
from workbench.results.finds import Find, counted
from workbench.results.grouping import MIN_CALLS, entries_by, grouped_by
from workbench.results.intervals import wilson
from workbench.store.definitions import Definition, DefinitionRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

REACHED, MISSED, UNKNOWN = "reached", "missed", "cannot be told"
_CHANGED = frozenset({"name", "trackers", "target", "since"})


@dataclass(frozen=True, eq=False)
class Board:
    """One initiative; ``initiative`` is its definition."""

    id: str
    name: str
    initiative: Initiative
    _lake: Lake
    _find: Find
    _engine: Engine

    def __repr__(self) -> str:
        return f"Board({self.name!r}, target {self.initiative.target:.0%})"

    @property
    def trackers(self) -> tuple[UsedTracker, ...]:
        """Its trackers by name, including deleted ones."""
        return tuple(used_trackers(self._engine, self.initiative.trackers).values())

    @property
    def notes(self) -> tuple[str, ...]:
        """Return notes on its trackers that are not in use."""
        return notes_of(self.trackers)

    @old_keywords(period="every")
    def adoption(
        self, by: str | Sequence[str] = (), every: str | None = "month", filters: Filters | None = None
    ) -> pd.DataFrame:
        """Compute the share of calls in which one of the trackers found something.

        Args:
            by: any of person, team, account, stage.
            every: week, month or quarter; None for the whole time since the initiative began.
            filters: restrict the calls further.

        Returns:
            One row per group and period: ``calls`` that a tracker read, ``calls_found``, ``share`` with its 95%
            interval (``low``, ``high``), ``target``, and ``verdict``: reached or missed if the whole interval is on
            that side of the target, else "cannot be told", as of any group with fewer than ``MIN_CALLS`` calls; and
            the ``trackers`` that found something in these calls, each with the one of its ``versions`` that did.
            Shares are uncorrected for the trackers' errors.
            ``attrs["notes"]`` list trackers that are not in use, or could not be asked.

        Raises:
            InvalidArgument: ``by`` or ``every`` is not one of these.
        """
        names = grouped_by(by, every)
        counts, notes = self._counts(filters)
        entries = entries_by(self._lake, _together(counts), names)
        shares = self._shares(entries, names)
        out = shares.assign(**_found_by(shares, entries, counts, names))
        out.attrs["notes"] = notes
        return out

    def _counts(self, filters: Filters | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """As :meth:`~workbench.corpus.lake.Lake.counted`, of each tracker, with its name and the version that read.

        And notes on trackers that are not in use, or could not be asked.
        """
        narrow = [one for one in (_since(self.initiative.since), filters) if one is not None]
        asked = asked_of(self.trackers, self._find)
        none = self._lake.counted(narrow, Reach(first=0, last=0), pa.array([], pa.string())).to_pandas()
        tables = [none.assign(place=0, tracker="", version=pd.array([], "Int64"))] if not asked.finds else []
        for place, finds in enumerate(asked.finds.values()):
            table = counted(self._lake, finds, narrow)
            versions = table["part"].map({at: part.version for at, part in enumerate(finds.parts)})
            tables.append(table.assign(place=place, tracker=finds.name, version=versions.astype("Int64")))
        return pd.concat(tables, ignore_index=True), asked.notes

    def _shares(self, table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
        hit = table.assign(hit=table["found"] > 0)
        if names:
            grouped = hit.groupby(list(names), dropna=False, sort=True)["hit"]
            out = grouped.agg(calls="size", calls_found="sum").reset_index()
        else:
            out = pd.DataFrame({"calls": [len(hit)], "calls_found": [int(hit["hit"].sum())]})
        share, low, high = wilson(out["calls_found"].to_numpy(float), out["calls"].to_numpy(float))
        target = self.initiative.target
        verdict = np.where(low >= target, REACHED, np.where(high < target, MISSED, UNKNOWN))
        verdict = np.where(out["calls"] < MIN_CALLS, UNKNOWN, verdict)
        return out.assign(share=share, low=low, high=high, target=target, verdict=verdict)


class Boards:
    """The initiative boards of a workspace."""

    def __init__(self, engine: Engine, lake: Lake, find: Find):
        self._rows = DefinitionRepository(engine, "board")
        self._engine = engine
        self._trackers = TrackerRepository(engine)
        self._lake = lake
        self._find = find

    def create(self, name: str, trackers: Sequence[str], target: float, since: date | None = None) -> Board:
        """Create a board of these trackers, by id or name.

        Raises:
            InvalidDefinition: says which of name, trackers or target cannot be used, and why.
            TrackerNotFound: no tracker has this id or name.
        """
        return self._board(self._rows.add(name, self._body(trackers, target, since)))

    def get(self, id_or_name: str) -> Board:
        """Return a board by id or name; raises ``DefinitionNotFound``, or ``UnreadableItem``."""
        return self._rows.get_as(id_or_name, self._board)

    def list(self) -> list[Board]:
        """Return all boards that can be read, oldest first."""
        return self.read_all()[0]

    def read_all(self) -> tuple[builtins.list[Board], builtins.list[Unreadable]]:
        """Return all boards that can be read, and those that cannot."""
        return self._rows.read_all(self._board)

    def update(self, id_or_name: str, **changes: Any) -> Board:
        """Change name, trackers, target or since; the rules of a new board apply."""
        if unknown := set(changes) - _CHANGED:
            raise InvalidDefinition(f"cannot change {', '.join(sorted(unknown))}; change {', '.join(sorted(_CHANGED))}")

        def change(found: Definition) -> tuple[str, dict[str, Any]]:
            board = self._board(found)
            values = asdict(board.initiative) | changes
            return values.pop("name", board.name), self._body(**values, kept=board.initiative.trackers)

        return self._board(self._rows.change(id_or_name, change))

    def delete(self, id_or_name: str) -> None:
        """Delete the board, not its trackers; raises ``DefinitionNotFound``."""
        self._rows.delete(id_or_name)

    def _body(
        self, trackers: Sequence[str], target: float, since: date | None, kept: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return the definition; trackers in ``kept``, which it already has, stay even if they were deleted."""
        if isinstance(trackers, str):
            raise InvalidDefinition(f"trackers: give a list, not the single text {trackers!r}")
        ids = tuple(dict.fromkeys(one if one in kept else self._trackers.get(one).id for one in trackers))
        initiative = Initiative(trackers=ids, target=target, since=since)
        return asdict(initiative) | {"trackers": list(ids), "since": None if since is None else _day(since).isoformat()}

    def _board(self, found: Definition) -> Board:
        body = found.body
        since = None if body["since"] is None else date.fromisoformat(body["since"])
        initiative = Initiative(trackers=tuple(body["trackers"]), target=body["target"], since=since)
        return Board(found.id, found.name, initiative, self._lake, self._find, self._engine)


def _together(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of all trackers together: one find is enough."""
    grouped = counts.groupby(["number", "speaker", "side"], dropna=False)
    out: pd.DataFrame = grouped[["sentences", "found"]].max().reset_index()
    return out


def _found_by(
    shares: pd.DataFrame, entries: pd.DataFrame, counts: pd.DataFrame, names: Sequence[str]
) -> dict[str, Any]:
    """For each group the trackers that found something in its calls, each with one of its versions, newest first."""
    hits = counts.loc[counts["found"] > 0, ["number", "place", "tracker", "version"]].drop_duplicates()
    found = entries.loc[entries["found"] > 0, ["number", *names]].merge(hits, on="number")
    found = found[[*names, "place", "tracker", "version"]].drop_duplicates()
    found = found.sort_values(["place", "version"], ascending=[True, False], kind="stable")
    groups = shares[list(names)].assign(row=range(len(shares)))
    found = found.merge(groups, on=list(names)) if names else found.assign(row=0)
    out: dict[str, list[list[Any]]] = {"trackers": [[] for _ in shares.index], "versions": [[] for _ in shares.index]}
    for row, tracker, version in found[["row", "tracker", "version"]].itertuples(index=False):
        out["trackers"][row].append(tracker)
        out["versions"][row].append(None if version is pd.NA else int(version))
    return out


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _since(day: date | None) -> Filters | None:
    if day is None:
        return None
    return Filters(kinds=tuple(Kind), scope="any", started_from=datetime.combine(day, time.min))
