"""How long ``import workbench`` takes, beside ``import pandas``: in seconds, and as a ratio that travels better.

Each is timed in fresh interpreters, by turns, so that other load hits both alike; the start of the interpreter itself
is taken off. The bound is that of the median: 0.4 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

REPEATS = 9
MOST_SECONDS = 0.4
STATEMENTS = {"nothing": "pass", "pandas": "import pandas", "workbench": "import workbench"}


def seconds(statement: str) -> float:
    """Wall time of a fresh interpreter that runs ``statement``."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - began


def measure() -> dict[str, float]:
    """Name → median seconds over the interpreter's own start. One run of each goes before, to fill the disk cache."""
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for repeat in range(REPEATS + 1):
        for name, statement in STATEMENTS.items():
            taken = seconds(statement)
            if repeat:
                times[name].append(taken)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {name: value - medians["nothing"] for name, value in medians.items() if name != "nothing"}


def main() -> int:
    found = measure()
    ratio = found["workbench"] / found["pandas"]
    print(f"import pandas    {found['pandas']:.3f} s")
    print(f"import workbench {found['workbench']:.3f} s, {ratio:.2f} times pandas (at most {MOST_SECONDS} s)")
    return 0 if found["workbench"] <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
