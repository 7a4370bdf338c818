"""Runs what is missing: one file a run, so that an interrupted benchmark continues where it was."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.quality import ours
from benchmarks.quality.corpora import ROOT, Suite
from benchmarks.quality.environments import CannotInstall, python_of
from benchmarks.quality.files import Job, write_jobs, write_prediction
from benchmarks.quality.methods import METHODS, Method
from benchmarks.quality.protocol import Places, filters_for, places, prepare
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.research.simulation import scene
from workbench.workspace.workspace import Workspace

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results" / "quality"


@dataclass
class Bench:
    """A suite with its seeds, and the folder that its runs are kept in."""

    suite: Suite
    seeds: int
    results: Path = RESULTS
    encoder: str = DEFAULT_MODEL

    @property
    def corpus(self) -> str:
        return self.suite.source.name.split(".")[0]

    @cached_property
    def workspace(self) -> Workspace:
        """The corpus, encoded, a whole turn as a unit."""
        workspace = Workspace(self.results / self.corpus / "turns.workspace", encoder=self.encoder)
        print(f"{self.suite.title}: {workspace.ingest(self.source(), unit='turn')}", flush=True)
        workspace.encode()
        return workspace

    def source(self) -> Path:
        """Return the corpus, or a file with the part of it that the suite uses."""
        if self.suite.is_whole:
            return self.suite.source
        part = self.results / self.corpus / f"{self.suite.name}.jsonl"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(f"{json.dumps(call)}\n" for call in self.suite.calls()), "utf-8")
        return part

    def tasks(self) -> Iterator[tuple[str, str, int, Places]]:
        """Seed by seed, so that every label has its first run early."""
        for seed in range(self.seeds):
            for label, side in self.suite.labels.items():
                yield label, side, seed, places(self.results, self.corpus, label, side, seed)

    def prepare(self) -> None:
        """Return the tasks; one that is too rare for a seed is told and left out."""
        for label, side, seed, at in self.tasks():
            if not (at.task.exists() and at.truth.exists() and at.units.exists()):
                try:
                    prepare(self.workspace, label, side, seed, at)
                except WorkbenchError as error:
                    print(f"{label}, seed {seed}: {error}")

    def run_ours(self, method: Method) -> None:
        for label, side, seed, at in self.tasks():
            out = run_file(at, method.name, "own")
            if at.task.exists() and not out.exists():
                whole = scene(self.workspace, label, filters_for(side), ours.recipe_of(method.name))
                write_prediction(out, ours.play(whole, label, seed, method.name, commit()))

    def jobs(self, method: Method, views: Sequence[str]) -> list[Job]:
        """Without those whose tags are not there yet."""
        out = []
        for view in views:
            for _, _, _, at in self.tasks():
                asked = run_file(at, method.tags_of, "own") if method.tags_of else None
                if at.task.exists() and (asked is None or asked.exists()):
                    file = run_file(at, method.name, view)
                    out.append(
                        Job(str(at.units), str(at.task), str(file), method.name, view, str(asked) if asked else None)
                    )
        return out

    def run_peer(self, method: Method, views: Sequence[str]) -> bool:
        """Run in the peer's environment and one process; return False if it is unavailable or a run failed."""
        assert method.peer is not None
        jobs = [job for job in self.jobs(method, views) if not Path(job.out).exists()]
        if not jobs:
            return True
        try:
            python = python_of(method.peer)
        except CannotInstall as error:
            print(error)
            return False
        listed = self.results / self.corpus / "jobs" / f"{self.suite.name}-{method.name}-{os.getpid()}.json"
        write_jobs(listed, jobs)
        command = [str(python), "-m", f"benchmarks.quality.peers.{method.module}", str(listed)]
        environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
        try:
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
        finally:
            listed.unlink()


def run_file(at: Places, method: str, view: str) -> Path:
    return at.runs / f"{method}.{view}.npz"


def commit() -> str:
    """Return the commit that is checked out, short."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def forget(bench: Bench, method: str) -> None:
    """Remove a method's runs, to be made again."""
    for _, _, _, at in bench.tasks():
        for view in METHODS[method].views:
            run_file(at, method, view).unlink(missing_ok=True)
