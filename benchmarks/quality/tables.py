"""The tables of docs/benchmarks.md, between their markers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.quality.corpora import ROOT
from benchmarks.quality.files import read_prediction, read_task
from benchmarks.quality.methods import METHODS, REFERENCE, Method
from benchmarks.quality.runs import Bench, run_file
from benchmarks.quality.scorer import Difference, Figures, Key, difference, figures, mean

PAGE = ROOT / "docs" / "benchmarks.md"
Runs = dict[Key, Figures]
_READS = {"own": "both", "turn": "turn", "joined": "both as one text", "beside": "both side by side"}
_HEAD = (
    "| method | reads | runs | F1 | average precision | precision | hit rate | found in rounds | seconds per run "
    "| default's F1 minus its | default's average precision minus its |\n|---|---|--:|--:|--:|--:|--:|--:|--:|---|---|"
)


def collect(bench: Bench, method: Method, view: str) -> Runs:
    """Return the figures of all runs that are done."""
    out: Runs = {}
    for label, _, seed, at in bench.tasks():
        file = run_file(at, method.name, view)
        if file.exists():
            out[label, seed] = figures(read_task(at.task), np.load(at.truth), read_prediction(file))
    return out


def views(bench: Bench, method: Method) -> list[tuple[str, Runs]]:
    """Return what it was given to read with its runs, the higher mean F1 first: peers are shown at their better one.

    That choice is made on the very figures shown, in the peer's favour. Views are compared where all have run; one that
    has run on fewer tasks comes last.
    """
    found = [(view, runs) for view in method.views if (runs := collect(bench, method, view))]
    return sorted(found, key=lambda pair: (len(pair[1]), mean(pair[1], "f1")), reverse=True)


def table(bench: Bench) -> str:
    """Return one suite's table: one row per method; differences are paired by label and seed."""
    reference = collect(bench, METHODS[REFERENCE], "own")
    rows = [_row(method, found, reference) for method in METHODS.values() if (found := views(bench, method))]
    return "\n".join([_HEAD, *rows])


def _row(method: Method, found: list[tuple[str, Runs]], reference: Runs) -> str:
    (view, runs), *others = found
    reads = _READS[view] + "".join(f" ({_READS[v]}: F1 {mean(r, 'f1'):.3f})" for v, r in others)
    cells = [method.title, reads, str(len(runs))]
    cells += [f"{mean(runs, m):.3f}" for m in ("f1", "average_precision", "precision", "hit_rate")]
    cells += [f"{mean(runs, 'met'):.0%}", f"{np.median([run['seconds'] for run in runs.values()]):.1f}"]
    for metric in ("f1", "average_precision"):
        cells.append("" if method.name == REFERENCE else show(difference(reference, runs, metric)))
    return f"| {' | '.join(cells)} |"


def finds(bench: Bench) -> str:
    """Return what the rounds find, for methods that pick on their own, compared with random draws."""
    random = collect(bench, METHODS["ours-random"], "own")
    rows = [
        "| method | reads | runs | YES per 100 answers | found in pool | ratio to random | difference from random |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for method in METHODS.values():
        if method.tags_of or not (found := views(bench, method)):
            continue
        view, runs = found[0]
        met, chance = (mean(some, "met") for some in (runs, random))
        more = "" if method.name == "ours-random" else show(difference(runs, random, "met"))
        cells = [method.title, _READS[view], str(len(runs)), f"{mean(runs, 'yes'):.1f}", f"{met:.1%}"]
        rows.append(f"| {' | '.join([*cells, f'{met / chance:.1f}', more])} |")
    return "\n".join(rows)


def show(one: Difference) -> str:
    """Return mean and interval, with signs."""
    return f"{one.mean:+.3f} ({one.low:+.3f} to {one.high:+.3f})"


def by_label(bench: Bench, methods: Sequence[str]) -> str:
    """Return the mean F1 of each label."""
    found = {name: seen[0][1] for name in methods if (seen := views(bench, METHODS[name]))}
    rows = [f"| label | {' | '.join(found)} |", "|---|" + "--:|" * len(found)]
    for label in bench.suite.labels:
        means = [mean({k: v for k, v in runs.items() if k[0] == label}, "f1") for runs in found.values()]
        rows.append(f"| `{label}` | {' | '.join('' if np.isnan(m) else f'{m:.3f}' for m in means)} |")
    return "\n".join(rows)


def commits(bench: Bench) -> str:
    """Return the commits of the workbench's own runs."""
    files = [run_file(at, METHODS[REFERENCE].name, "own") for *_, at in bench.tasks()]
    found = {read_prediction(file).about.get("commit", "") for file in files if file.exists()}
    return "commit " + ", ".join(sorted(found - {""})) if found - {""} else "an unknown commit"


def write(bench: Bench, page: Path = PAGE) -> None:
    """Put the suite's tables between its markers in the page."""
    made = "\n\n".join([f"Written {datetime.now(UTC):%Y-%m-%d}, with the workbench at {commits(bench)}.", table(bench)])
    if bench.suite.name == "rare":
        made += f"\n\nTurns with the label found in the four rounds, without the five examples:\n\n{finds(bench)}"
    between_marks(page, bench.suite.name, made)


def between_marks(page: Path, name: str, made: str) -> None:
    """Replace the text between the markers with this name in the page."""
    begin, end = (f"<!-- {mark} {name} -->" for mark in ("begin", "end"))
    head, found, rest = page.read_text("utf-8").partition(begin)
    _, ended, tail = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{page.name} has no markers {begin} and {end}")
    page.write_text(f"{head}{begin}\n{made}\n{end}{tail}", "utf-8")
