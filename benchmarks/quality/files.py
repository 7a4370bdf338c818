"""The data passed between environments: units, tasks, jobs and predictions, as JSON and npz without pickles.

Only the standard library and NumPy, as it is read in the peers' environments too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

SEPARATOR = " [SEP] "  # between the turn before and the turn, in the view "joined"


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one side of a corpus: each one's text, and that of the turn before it ("" where there is none)."""

    texts: list[str]
    before: list[str]

    def view(self, name: str) -> list[str]:
        """Return what a learner reads.

        With "joined" also the turn before; who sets the two side by side asks for both.
        """
        if name != "joined":
            return self.texts
        return [f"{b}{SEPARATOR}{t}" if b else t for b, t in zip(self.before, self.texts, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """The input of every method for a label and a seed, without the truth of the upcoming calls.

    ``pool`` and ``upcoming`` are rows of the units; ``truth`` is the oracle's, over the pool; ``examples`` and
    ``first`` (the first round, by likeness to the examples) are positions in the pool.
    """

    pool: np.ndarray
    upcoming: np.ndarray
    truth: np.ndarray
    examples: np.ndarray
    first: np.ndarray
    seed: int


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a method on a task: what it reads and where its prediction goes.

    ``asked`` is a prediction of another run whose tags are taken over; None if the method picks for itself.
    """

    units: str
    task: str
    out: str
    method: str
    view: str
    asked: str | None = None
    rounds: int = 4
    size: int = 25


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Scores of the upcoming units, which of them are found, and the pool's positions that were asked, in order."""

    scores: np.ndarray
    found: np.ndarray
    asked: np.ndarray
    seconds: dict[str, float]
    about: dict[str, Any] = field(default_factory=dict)


def write_units(path: Path, units: Units) -> None:
    _replace(path, json.dumps(asdict(units), ensure_ascii=False).encode())


def read_units(path: Path) -> Units:
    return Units(**json.loads(path.read_text("utf-8")))


def write_task(path: Path, task: Task) -> None:
    _write_arrays(path, {name: getattr(task, name) for name in Task.__slots__})


def read_task(path: Path) -> Task:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in Task.__slots__ if name != "seed"}
        return Task(**arrays, seed=int(file["seed"]))


def write_prediction(path: Path, made: Prediction) -> None:
    """Write it completely or not at all: a run with a file is done."""
    notes = json.dumps({"seconds": made.seconds, "about": made.about})
    arrays = {"scores": made.scores, "found": made.found, "asked": made.asked, "notes": np.array(notes)}
    _write_arrays(path, arrays)


def read_prediction(path: Path) -> Prediction:
    with np.load(path, allow_pickle=False) as file:
        return Prediction(file["scores"], file["found"], file["asked"], **json.loads(str(file["notes"])))


def write_jobs(path: Path, jobs: list[Job]) -> None:
    _replace(path, json.dumps([asdict(job) for job in jobs], indent=1).encode())


def read_jobs(path: Path) -> Iterator[Job]:
    """Yield the jobs still to be done."""
    for values in json.loads(path.read_text("utf-8")):
        if not Path(values["out"]).exists():
            yield Job(**values)


def _write_arrays(path: Path, arrays: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez_compressed(file, **arrays)
    part.replace(path)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
