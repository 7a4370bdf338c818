"""Runs the benchmarks, each in a process of its own, and keeps what they print in benchmarks/results/.

usage: python -m scripts.bench [NAME ...]     all of benchmarks/ without names; exit code 1 where one failed
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"


def names() -> list[str]:
    """Return all benchmarks: the modules that don't begin with an underscore, and the packages that can be run."""
    modules = [path.stem for path in BENCHMARKS.glob("[!_]*.py")]
    return sorted(modules + [path.parent.name for path in BENCHMARKS.glob("*/__main__.py")])


def run(name: str) -> bool:
    """Run one, showing its output as it comes; returns whether it ended well."""
    print(f"== {name}", flush=True)
    began = time.perf_counter()
    results = BENCHMARKS / "results"
    results.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", f"benchmarks.{name}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    with (results / f"{name}.txt").open("w") as kept:
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            kept.write(line)
    good = process.wait() == 0
    print(f"== {name}: {'done' if good else 'FAILED'} in {time.perf_counter() - began:.0f} s", flush=True)
    return good


def main() -> int:
    wanted = sys.argv[1:] or names()
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names())}")
        return 2
    failed = [name for name in wanted if not run(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
