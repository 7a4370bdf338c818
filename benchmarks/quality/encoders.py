"""Encoders side by side: the same concepts, draws of the five examples and rounds, and their results on upcoming calls.

The first encoder is the reference for the others. Differences are paired by concept and draw; their 95% intervals come
from drawing whole concepts again, and are left out of the row of the first one. Corpora are encoded once per encoder,
and each run is stored as a file under benchmarks/results/.

usage: python -m benchmarks.quality.encoders --data DIR [--encoder NAME ...] [--suite NAME ...] [--draws N] [--write]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.quality import corpora
from benchmarks.quality.rounds import ROUNDS, Run, runs_of
from benchmarks.quality.runs import RESULTS, Bench
from benchmarks.quality.scorer import Figures, Key, difference, mean
from benchmarks.quality.tables import PAGE, between_marks, show
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.overlay import CONVERSATIONS

METRICS = {"average_precision": "AP", "f1": "F1"}
SUITES = ("p4g-6", "casino-9", "mathdial-4", "cima-4", "sgd-8", "rare", "sample", "ami-6")
HEAD = (
    "| corpus | encoder | concepts | runs | AP | F1 | found "
    "| AP minus the first's | F1 minus the first's | more AP for |\n"
    "|---|---|--:|--:|--:|--:|--:|---|---|--:|"
)


def main() -> int:
    asked = _arguments()
    rows = [HEAD]
    print(HEAD, flush=True)
    for name in asked.suite:
        suite = corpora.suite(name, asked.data)
        if suite is None:
            print(f"{name}: left out, as it needs --data with the labelled conversations", file=sys.stderr)
            continue
        first: dict[Key, Figures] = {}
        for encoder in asked.encoder:
            bench = Bench(suite, asked.draws, asked.results, encoder)
            found = figures_of(list(runs_of(bench, asked.recipe, range(asked.first, asked.first + asked.draws), 0)))
            first = first or found
            rows.append(f"| {suite.title} | `{encoder}` | {' | '.join(cells(found, first))} |")
            print(rows[-1], flush=True)
    if asked.write:
        date = f"{datetime.now(UTC):%Y-%m-%d}, seeds {asked.first} to {asked.first + asked.draws - 1}:"
        between_marks(PAGE, "encoders", "\n\n".join([date, "\n".join(rows)]))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.encoders", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with the labelled conversations")
    parser.add_argument(
        "--encoder", nargs="+", default=[DEFAULT_MODEL, CONVERSATIONS], help="names or folders of models"
    )
    parser.add_argument("--suite", nargs="+", choices=(*corpora.NAMES, *corpora.FURTHER), default=SUITES)
    parser.add_argument("--recipe", default="default", help="a name, or name,field=value,...")
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for encoded corpora and runs")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


def figures_of(runs: Sequence[Run]) -> dict[Key, Figures]:
    """Return each run's figures on upcoming calls after its last plain round."""
    ends = {(run["label"], run["seed"]): run["rounds"][ROUNDS - 1] for run in runs}
    return {key: {**{name: end["upcoming"][name] for name in METRICS}, "met": end["met"]} for key, end in ends.items()}


def cells(found: dict[Key, Figures], first: dict[Key, Figures]) -> list[str]:
    """Return the cells of a row; differences are to the first encoder's runs."""
    labels = sorted({label for label, _ in found})
    means = [f"{mean(found, 'average_precision'):.3f}", f"{mean(found, 'f1'):.3f}", f"{mean(found, 'met'):.1%}"]
    out = [str(len(labels)), str(len(found)), *means]
    if found is first:
        return [*out, "", "", ""]
    more = [np.mean([gain for (label, _), gain in _gains(found, first).items() if label == one]) > 0 for one in labels]
    return [*out, *(show(difference(found, first, metric)) for metric in METRICS), f"{sum(more)} of {len(labels)}"]


def _gains(found: dict[Key, Figures], first: dict[Key, Figures]) -> dict[Key, float]:
    metric = "average_precision"
    return {key: found[key][metric] - first[key][metric] for key in found.keys() & first.keys()}


if __name__ == "__main__":
    sys.exit(main())
