"""Runs a list of jobs for any peer: read, learn and pick, write; a job that is done is skipped."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality.files import (
    Job,
    Prediction,
    Task,
    Units,
    read_jobs,
    read_prediction,
    read_task,
    read_units,
    write_prediction,
)


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A job with what it reads; ``asked`` are the tags taken over, None if the method picks for itself."""

    job: Job
    task: Task
    units: Units
    asked: np.ndarray | None

    @property
    def pool(self) -> list[str]:
        return self._read(self.task.pool)

    @property
    def upcoming(self) -> list[str]:
        return self._read(self.task.upcoming)

    def before(self, rows: np.ndarray) -> list[str]:
        """Return the turns before these rows of the units."""
        return [self.units.before[row] for row in rows]

    def _read(self, rows: np.ndarray) -> list[str]:
        texts = self.units.view(self.job.view)
        return [texts[row] for row in rows]

    def tagged(self, asked: np.ndarray) -> np.ndarray:
        """Return the positions with known answers: the examples and what was asked, each once."""
        known: np.ndarray = np.unique(np.concatenate([self.task.examples, asked]))
        return known


Play = Callable[[Turn], Prediction]


def run(play: Play, packages: Sequence[str]) -> int:
    """Do the jobs of the file that the command line names; a job that fails is reported, and the others continue."""
    failed = 0
    for job in read_jobs(Path(sys.argv[1])):
        began = time.perf_counter()
        try:
            made = play(_turn(job))
        except Exception:  # noqa: BLE001, the other runs continue
            failed += 1
            print(f"{job.out}: failed", flush=True)
            traceback.print_exc()
            continue
        about: dict[str, Any] = {"view": job.view, "versions": {name: version(name) for name in packages}}
        write_prediction(Path(job.out), replace(made, about=made.about | about))
        print(f"{Path(job.out).parent.name} {job.method}: {time.perf_counter() - began:.1f} s", flush=True)
    return 1 if failed else 0


def _turn(job: Job) -> Turn:
    asked = read_prediction(Path(job.asked)).asked if job.asked else None
    return Turn(job, read_task(Path(job.task)), read_units(Path(job.units)), asked)


def least_sure(scores: np.ndarray, known: np.ndarray, size: int) -> np.ndarray:
    """Return the ``size`` positions nearest a probability of one half that are not known yet."""
    distance = np.abs(scores - 0.5)
    distance[known] = np.inf
    nearest: np.ndarray = np.argsort(distance, kind="stable")[:size]
    return nearest
