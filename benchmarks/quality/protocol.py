"""The task of a label and a seed, dealt by the simulation's own code and written for every method to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.files import Task, Units, write_task, write_units
from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.engine.recipes import recipe
from workbench.engine.training import Trainer
from workbench.simulation import Scene, scene
from workbench.workspace import Workspace

EXAMPLES, ROUNDS, SIZE = 5, 4, 25


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """Pool and upcoming calls with their rows of the whole, and the examples' positions in the pool."""

    pool: Scene
    upcoming: Scene
    given: np.ndarray
    pool_rows: np.ndarray
    upcoming_rows: np.ndarray


def deal(whole: Scene, seed: int) -> Dealt:
    """As :func:`workbench.simulation.play` does it; a test holds the two together."""
    rng = np.random.default_rng([seed, 20_260])
    calls = rng.permutation(np.unique(whole.pool.call))
    inside = np.isin(whole.pool.call, calls[: len(calls) // 2])
    pool, upcoming = whole.part(calls[: len(calls) // 2]), whole.part(calls[len(calls) // 2 :])
    given = rng.permutation(np.flatnonzero(pool.truth))[:EXAMPLES]
    if not len(given):
        raise WorkbenchError("This label is in no call of the pool with this seed; it is too rare here.")
    return Dealt(pool, upcoming, given, np.flatnonzero(inside), np.flatnonzero(~inside))


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files of a label and a seed lie; ``truth`` is the scorer's alone."""

    units: Path
    task: Path
    truth: Path
    runs: Path


def places(results: Path, corpus: str, label: str, side: str, seed: int) -> Places:
    """Under ``results``; a corpus that two suites share has its runs once."""
    folder = results / corpus
    stem = f"{re.sub(r'[^A-Za-z0-9_-]+', '.', label)}-{seed}"
    return Places(
        folder / f"units-{side}.json",
        folder / "tasks" / f"{stem}.npz",
        folder / "truth" / f"{stem}.npy",
        folder / "runs" / stem,
    )


def filters_for(side: str) -> Filters:
    """As ``workbench simulate`` has them."""
    return Filters(side=side, scope="any", kinds=("call", "email"))  # type: ignore[arg-type]


def prepare(workspace: Workspace, label: str, side: str, seed: int, at: Places) -> None:
    """Writes what is not there yet."""
    if not at.units.exists():
        write_units(at.units, units(workspace, filters_for(side)))
    if at.task.exists() and at.truth.exists():
        return
    task, truth = task_of(scene(workspace, label, filters_for(side)), seed)
    write_task(at.task, task)
    at.truth.parent.mkdir(parents=True, exist_ok=True)
    np.save(at.truth, truth, allow_pickle=False)


def units(workspace: Workspace, filters: Filters) -> Units:
    """The texts of the sentences that match, in the order of the pool's rows."""
    table = workspace.lake.pool(filters)
    text: dict[int | None, str] = {None: ""}
    for batch in workspace.lake.distinct_texts():
        text |= zip(*batch.to_pydict().values(), strict=True)
    return Units(
        [text[key] for key in table["text_key"].to_pylist()], [text[key] for key in table["before_key"].to_pylist()]
    )


def task_of(whole: Scene, seed: int) -> tuple[Task, np.ndarray]:
    """The task, and the truth of its upcoming units."""
    dealt = deal(whole, seed)
    pool = dealt.pool
    trainer = Trainer(pool.pool, pool.pool.sentence_vectors(dealt.given), recipe("default"), seed)
    task = Task(
        pool=dealt.pool_rows,
        upcoming=dealt.upcoming_rows,
        truth=pool.truth,
        examples=dealt.given,
        first=np.array(trainer.draw(1, [], None, SIZE).at),
        seed=seed,
    )
    return task, dealt.upcoming.truth
