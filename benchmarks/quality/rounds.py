"""What rounds find and thresholds lose: several draws of the five examples for each concept, four rounds, audits.

A recipe is a name, or a name with fields: ``default,likely=0``. Runs are kept one file each under benchmarks/results/,
so that an interrupted benchmark continues; use another --results if the code has changed. The corpora are encoded once.

usage: python -m benchmarks.quality.rounds --data DIR [--suite NAME ...] [--recipe SPEC ...] [--draws N] [--write]
       DIR contains the files of ``python -m benchmarks.quality``, and training/turns/ with ami_meetings.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality import corpora
from benchmarks.quality.protocol import EXAMPLES, ROUNDS, filters_for
from benchmarks.quality.runs import RESULTS, Bench
from workbench.domain.errors import WorkbenchError
from workbench.domain.files import write_whole
from workbench.engine.encoders import DEFAULT_MODEL, encoder_key
from workbench.engine.recipes import Recipe, recipe
from workbench.research.simulation import Scene, play, scene

AUDITS = 2
MEASURES = ("precision", "hit_rate")
Run = Mapping[str, Any]
COLUMNS = (
    *("F1", "best F1", "lost", "AP", "found", "YES per round", "all grow", "worst / median F1"),
    *("half-widths, 4 rounds", "2 audits", "held, 4 rounds", "2 audits"),
)


def main() -> int:
    asked = _arguments()
    for name in asked.suite:
        suite = corpora.suite(name, asked.data)
        if suite is None:
            print(f"{name}: left out, as it needs --data with the labelled conversations")
            continue
        bench = Bench(suite, asked.draws, asked.results)
        print(f"\n{suite.title}, {asked.draws} draws of the examples from seed {asked.first}\n")
        print(f"| recipe | runs | {' | '.join(COLUMNS)} |\n|---|{'--:|' * (1 + len(COLUMNS))}")
        for spec in asked.recipe:
            runs = list(runs_of(bench, spec, range(asked.first, asked.first + asked.draws), asked.audits))
            print(f"| `{spec}` | {len(runs)} | {' | '.join(row(runs))} |", flush=True)
            if asked.by_label:
                for label in suite.labels:
                    own = [run for run in runs if run["label"] == label]
                    if own:
                        print(f"| `{label}` | {len(own)} | {' | '.join(row(own))} |", flush=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.rounds", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with the labelled conversations")
    known = (*corpora.NAMES, *corpora.FURTHER)
    parser.add_argument("--suite", nargs="+", choices=known, default=["sgd-8", "p4g-6", "sample", "ami-6"])
    parser.add_argument("--recipe", nargs="+", default=["default"], help="a name, or name,field=value,...")
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--audits", type=int, default=AUDITS)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for encoded corpora and runs")
    parser.add_argument("--by-label", action="store_true", help="a line for each concept, too")
    return parser.parse_args()


def recipe_of(spec: str) -> Recipe:
    """Return the recipe that ``name,field=value,...`` describes."""
    name, *changes = spec.split(",")
    base = recipe(name)
    kinds = {field.name: type(getattr(base, field.name)) for field in fields(Recipe)}
    values = (change.partition("=") for change in changes)
    return replace(base, **{field: kinds[field](value) for field, _, value in values})


def runs_of(bench: Bench, spec: str, seeds: range, audits: int) -> Iterator[Run]:
    """Yield the runs of every concept and seed, and make those that are not there yet."""
    by = spec if bench.encoder == DEFAULT_MODEL else f"{spec},{encoder_key(bench.encoder)}"
    scenes: dict[str, Scene] = {}
    for seed in seeds:
        for label, side in bench.suite.labels.items():
            stem = "".join(letter if letter.isalnum() else "-" for letter in label)
            file = bench.results / bench.corpus / "rounds" / by / f"{stem}-{seed}-{audits}.json"
            if not file.exists():
                whole = scenes.get(label) or scene(bench.workspace, label, filters_for(side), spec.split(",")[0])
                scenes[label] = whole
                try:
                    run = play(whole, label, seed, recipe_of(spec), EXAMPLES, ROUNDS, audits, held_out=False).run
                except WorkbenchError as error:
                    print(f"{label}, seed {seed}: {error}", file=sys.stderr)
                    continue
                file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(file, json.dumps(run).encode())
            yield json.loads(file.read_text("utf-8"))


def row(runs: Sequence[Run]) -> list[str]:
    """Return the cells of a table of these runs; without a column's prefix they are of the last plain round."""
    last = [run["rounds"][ROUNDS - 1] for run in runs]
    upcoming = {name: np.mean([one["upcoming"][name] for one in last]) for name in last[0]["upcoming"]}
    yes = np.array([[0, *(one["yes"] for one in run["rounds"][:ROUNDS])] for run in runs])
    new = np.diff(yes, axis=1)
    return [
        f"{upcoming['f1']:.3f}",
        f"{upcoming['best_f1']:.3f}",
        f"{upcoming['best_f1'] - upcoming['f1']:.3f}",
        f"{upcoming['average_precision']:.3f}",
        f"{np.mean([one['met'] for one in last]):.1%}",
        ", ".join(f"{count:.1f}" for count in new.mean(axis=0)),
        f"{np.mean((new > 0).all(axis=1)):.0%}",
        f"{np.mean(list(worst_shares(runs))):.2f}",
        *(widths(runs, at) for at in (ROUNDS, None)),
        *(held(runs, at) for at in (ROUNDS, None)),
    ]


def worst_shares(runs: Sequence[Run]) -> Iterator[float]:
    """Yield for each concept the F1 of its worst draw as a share of the median's."""
    for label in {run["label"] for run in runs}:
        f1 = [run["rounds"][ROUNDS - 1]["upcoming"]["f1"] for run in runs if run["label"] == label]
        yield min(f1) / max(float(np.median(f1)), 1e-9)


def widths(runs: Sequence[Run], after: int | None) -> str:
    """Return the median half-widths of precision and hit rate after that many rounds, or all."""
    out = []
    for measure in MEASURES:
        found = [(high - low) / 2 for (low, _, high), _ in _intervals(runs, after, measure)]
        out.append(f"{np.median(found):.2f}" if found else "-")
    return " / ".join(out)


def held(runs: Sequence[Run], after: int | None) -> str:
    """Return how often the intervals of precision and hit rate contain the truth."""
    out = []
    for measure in MEASURES:
        inside = [low - 1e-9 <= truth <= high + 1e-9 for (low, _, high), truth in _intervals(runs, after, measure)]
        out.append(f"{np.mean(inside):.1%}" if inside else "-")
    return " / ".join(out)


def _intervals(runs: Sequence[Run], after: int | None, measure: str) -> Iterator[tuple[list[float], float]]:
    for run in runs:
        one = run["rounds"][-1 if after is None else after - 1]
        if one["estimate"]["corpus"][measure]:
            yield one["estimate"]["corpus"][measure], one["pool"][measure]


if __name__ == "__main__":
    sys.exit(main())
