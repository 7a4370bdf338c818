"""The tables of docs/benchmarks.md, between their markers."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.quality.corpora import ROOT
from benchmarks.quality.files import read_prediction, read_task
from benchmarks.quality.methods import METHODS, REFERENCE, Method
from benchmarks.quality.runs import Bench, run_file
from benchmarks.quality.scorer import Difference, Figures, Key, difference, figures, mean

PAGE = ROOT / "docs" / "benchmarks.md"
Runs = dict[Key, Figures]
_READS = {"own": "its recipe's", "turn": "turn", "joined": "turn before and turn"}
_HEAD = (
    "| method | reads | runs | F1 | average precision | precision | hit rate | met in the rounds | seconds a run "
    "| default's F1 less its | default's average precision less its |\n|---|---|--:|--:|--:|--:|--:|--:|--:|---|---|"
)


def collect(bench: Bench, method: Method, view: str) -> Runs:
    """The figures of all runs that are done."""
    out: Runs = {}
    for label, _, seed, at in bench.keys():
        file = run_file(at, method.name, view)
        if file.exists():
            out[label, seed] = figures(read_task(at.task), np.load(at.truth), read_prediction(file))
    return out


def best_view(bench: Bench, method: Method) -> tuple[str, Runs]:
    """The view with the higher mean F1: peers get the better of both, by these very figures.

    Means are taken over the runs that all views have; one that is not as far along as another stands back.
    """
    found = {view: runs for view in method.views if (runs := collect(bench, method, view))}
    if not found:
        return method.views[0], {}
    most = max(map(len, found.values()))
    complete = {view: runs for view, runs in found.items() if len(runs) == most}
    best = max(complete, key=lambda view: mean(complete[view], "f1"))
    return best, complete[best]


def table(bench: Bench) -> str:
    """One suite: a row a method; differences are paired by label and seed."""
    reference = collect(bench, METHODS[REFERENCE], "own")
    rows = [_HEAD]
    for method in METHODS.values():
        view, runs = best_view(bench, method)
        if runs:
            rows.append(_row(method, view, runs, reference))
    return "\n".join(rows)


def _row(method: Method, view: str, runs: Runs, reference: Runs) -> str:
    numbers = [mean(runs, m) for m in ("f1", "average_precision", "precision", "hit_rate")]
    cells = [method.title, _READS[view], str(len(runs))]
    cells += [f"{number:.3f}" for number in numbers]
    cells += [f"{mean(runs, 'met'):.0%}", f"{np.median([run['seconds'] for run in runs.values()]):.1f}"]
    for metric in ("f1", "average_precision"):
        cells.append("" if method.name == REFERENCE else show(difference(reference, runs, metric)))
    return f"| {' | '.join(cells)} |"


def show(one: Difference) -> str:
    """Mean and interval, with signs."""
    return f"{one.mean:+.3f} ({one.low:+.3f} to {one.high:+.3f})"


def by_label(bench: Bench, methods: Sequence[str]) -> str:
    """Mean F1 of each label."""
    found = {name: best_view(bench, METHODS[name])[1] for name in methods}
    found = {name: runs for name, runs in found.items() if runs}
    rows = [f"| label | {' | '.join(found)} |", "|---|" + "--:|" * len(found)]
    for label in bench.suite.labels:
        means = [mean({k: v for k, v in runs.items() if k[0] == label}, "f1") for runs in found.values()]
        rows.append(f"| `{label}` | {' | '.join('' if np.isnan(m) else f'{m:.3f}' for m in means)} |")
    return "\n".join(rows)


def write(bench: Bench, page: Path = PAGE) -> None:
    """Puts the suite's tables between its markers in the page."""
    begin, end = (f"<!-- {mark} {bench.suite.name} -->" for mark in ("begin", "end"))
    text = page.read_text("utf-8")
    head, found, rest = text.partition(begin)
    _, ended, tail = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{page.name} has no markers {begin} and {end}")
    made = "\n\n".join([f"Measured {date.today():%Y-%m-%d} at commit {commit()}.", table(bench)])
    page.write_text(f"{head}{begin}\n{made}\n{end}{tail}", "utf-8")


def commit() -> str:
    """The commit that is checked out, short."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
