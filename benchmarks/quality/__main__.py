"""Quality compared with peers, at the same number of answers: five examples and four rounds of 25 tags for everyone.

Every label and seed is one task: the simulation's own split of the calls, its examples, and an oracle. A peer without a
sampler learns from the tags that one of our recipes collected. Peers run in environments of their own. Runs are kept
one file each in benchmarks/results/quality/, so that what was interrupted continues; what is there is not run again.

usage: python -m benchmarks.quality [--data DIR] [--suite NAME ...] [--method NAME ...] [--seeds N] [--write]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.quality import corpora, tables
from benchmarks.quality.methods import METHODS, THREE
from benchmarks.quality.runs import Bench, forget


def main() -> int:
    asked = _arguments()
    good = True
    for name in asked.suite or corpora.NAMES:
        suite = corpora.suite(name, asked.data)
        if suite is None:
            print(f"{name}: left out, as it needs --data with the labelled conversations")
            continue
        bench = Bench(suite, asked.seeds)
        for method in asked.again:
            forget(bench, method)
        good &= _run(bench, asked.method or [m for m, one in METHODS.items() if not one.slow], asked.view)
        print(f"\n{suite.title}, upcoming calls\n\n{tables.table(bench)}\n", flush=True)
        if asked.write:
            tables.write(bench)
    return 0 if good else 1


def _run(bench: Bench, methods: list[str], views: list[str]) -> bool:
    bench.prepare()
    needed = {METHODS[name].tags_of for name in methods} - {None}
    good = True
    for name in METHODS:
        method = METHODS[name]
        if method.peer is None and name in {*methods, *needed}:
            bench.run_ours(method)
        elif name in methods:
            good &= bench.run_peer(method, [view for view in method.views if view in views])
    return good


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with sgd-1500.jsonl.gz and persuasion-300.jsonl.gz")
    parser.add_argument("--suite", nargs="+", choices=corpora.NAMES, help="by default all that the data allows")
    parser.add_argument("--method", nargs="*", choices=METHODS, help="by default all but the slow ones (SetFit)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--view", nargs="+", choices=THREE, default=THREE)
    parser.add_argument("--again", nargs="+", choices=METHODS, default=[], help="forget these methods' runs first")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
