"""Calls of two teams, with deals and dates, and finds that are told to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.estimates import CorpusEstimate, Interval
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach
from workbench.results.finds import Finds, FindsPart

ANN = {"id": "ann", "name": "Ann", "side": "company", "team": "North", "email": "ann@us.example"}
BEN = {"id": "ben", "name": "Ben", "side": "company", "team": "South", "email": "ben@us.example"}
CY = {"id": "cy", "name": "Cy", "side": "customer"}


def call(number: int, said: Iterable[tuple[str, str]], **known: Any) -> dict[str, Any]:
    """A call of these turns (party, text); the parties are those who speak."""
    turns = [{"party": party, "text": text, "start_s": 5.0 * at} for at, (party, text) in enumerate(said)]
    speaking = {turn["party"] for turn in turns}
    parties = [party for party in (ANN, BEN, CY) if party["id"] in speaking]
    start = f"2026-{1 + number % 6:02d}-05T10:00:00Z"
    return {"id": f"c{number}", "parties": parties, "turns": turns, "started": start, "duration_s": 600.0} | known


def small_lake(folder: Path, calls: Iterable[dict[str, Any]]) -> Lake:
    lake = Lake(folder / "corpus")
    report = ingest(lake, list(calls))
    assert not report.rejected, report.rejected
    return lake


def interval(*figures: float) -> Interval:
    return Interval(*figures)


def estimate(precision: Interval, hit_rate: Interval) -> CorpusEstimate:
    return CorpusEstimate(precision=precision, hit_rate=hit_rate, prevalence=None, drawn=50)


EXACT = estimate(Interval(1, 1, 1), Interval(1, 1, 1))


def finds(
    lake: Lake,
    holds: Callable[[str], bool],
    name: str = "Price",
    filters: Filters | None = None,
    known: CorpusEstimate | None = EXACT,
    reach: Reach | None = None,
) -> Finds:
    """A tracker that finds all sentences whose text ``holds``."""
    filters = filters or Filters()
    pool = lake.pool(filters)
    frame = lake.known(pool["row"].to_pylist())
    ids = frame["sentence_id"][frame["text"].map(holds).astype(bool)].tolist()
    part = FindsPart(
        filters=filters,
        reach=reach or Reach(first=0, last=lake.size),
        ids=pa.array(ids, pa.string()),
        scores=pa.array([0.5 + at / (2 * len(ids)) for at in range(len(ids))], pa.float64()),
        estimate=known,
        version=1,
    )
    return Finds(tracker_id=name.lower(), name=name, parts=(part,))
