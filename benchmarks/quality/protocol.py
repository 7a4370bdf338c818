"""The task of a label and a seed, dealt by the simulation's own code and written for every method to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.files import Task, Units, write_task, write_units
from workbench.domain.filters import Filters
from workbench.engine.recipes import recipe
from workbench.engine.training import Trainer
from workbench.research.simulation import Scene, deal, scene
from workbench.workspace.workspace import Workspace

EXAMPLES, ROUNDS, SIZE = 5, 4, 25


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
    """Write what is not there yet."""
    if not at.units.exists():
        write_units(at.units, units(workspace, filters_for(side)))
    if at.task.exists() and at.truth.exists():
        return
    task, truth = task_of(scene(workspace, label, filters_for(side)), label, seed)
    write_task(at.task, task)
    at.truth.parent.mkdir(parents=True, exist_ok=True)
    np.save(at.truth, truth, allow_pickle=False)


def units(workspace: Workspace, filters: Filters) -> Units:
    """Return the texts of the sentences that match, in the order of the pool's rows."""
    table = workspace.lake.pool(filters)
    text: dict[int | None, str] = {None: ""}
    for batch in workspace.lake.distinct_texts():
        text |= zip(*batch.to_pydict().values(), strict=True)
    return Units(
        [text[key] for key in table["text_key"].to_pylist()], [text[key] for key in table["before_key"].to_pylist()]
    )


def task_of(whole: Scene, label: str, seed: int) -> tuple[Task, np.ndarray]:
    """Return the task, and the truth of its upcoming units."""
    dealt = deal(whole, label, seed, EXAMPLES)
    pool = dealt.pool
    trainer = Trainer(pool.pool, pool.pool.sentence_vectors(dealt.examples), recipe("default"), seed)
    inside = np.isin(whole.pool.call, pool.pool.call)
    task = Task(
        pool=np.flatnonzero(inside),
        upcoming=np.flatnonzero(~inside),
        truth=pool.truth,
        examples=dealt.examples,
        first=np.array(trainer.draw(1, [], None, SIZE).at),
        seed=seed,
    )
    return task, dealt.upcoming.truth
