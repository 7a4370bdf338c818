"""A thousand trackers, each step in one call: seconds to create, get, update, export, import and delete them.

A third each are keyword trackers, phrase trackers with twenty phrases, and trackers of twenty examples. The state is
SQLite in a temporary folder, as in a workspace that one person has. They are got by name and by id, half each. Beside
it, what the same takes with one call per tracker, of a tenth of them, times ten. Bound: created in at most 5 s.

usage: python -m benchmarks.many_trackers [TRACKERS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import workbench as wb
from workbench.engine.encoders import HashingEncoder

TRACKERS, REPEATS, SENTENCES, TENTH = 1_000, 3, 20, 10
MOST_SECONDS = 5.0
T = TypeVar("T")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TRACKERS
    taken: dict[str, list[float]] = {}
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            _play(wb.open(Path(folder) / "w", encoder=HashingEncoder()), count, taken)
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, seconds in taken.items():
        print(f"{name:<24} {medians[name]:6.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
    print(f"{count:,} trackers created in {medians['create']:.2f} s (at most {MOST_SECONDS:.0f} wanted)")
    return 0 if medians["create"] <= MOST_SECONDS else 1


def _play(ws: wb.Workspace, count: int, taken: dict[str, list[float]]) -> None:
    """Add the seconds of each step to ``taken``."""

    def step(name: str, work: Callable[[], T], times: int = 1) -> T:
        began = time.perf_counter()
        done = work()
        taken.setdefault(name, []).append((time.perf_counter() - began) * times)
        return done

    trackers = ws.trackers
    made = step("create", lambda: trackers.create_many([_definition(n) for n in range(count)]))
    asked = [one.id if n % 2 else one.name for n, one in enumerate(made)]
    step("get", lambda: trackers.get_many(asked))
    step("list", trackers.list)
    step("update", lambda: trackers.update_many({name: {"description": "changed"} for name in asked}))
    text = str(step("export as JSON", trackers.to_json))
    rows = str(step("export as CSV", trackers.to_csv))
    step("delete", lambda: trackers.delete_many(asked))
    step("import from JSON", lambda: trackers.from_json(text=text))
    trackers.delete_many([one.id for one in trackers.list()])
    step("import from CSV", lambda: trackers.from_csv(text=rows))
    some = [one.name for one in trackers.list()[: count // TENTH]]
    step("get, one by one", lambda: _each(some, trackers.get), TENTH)
    step("update, one by one", lambda: _each(some, lambda name: trackers.get(name).update(description="again")), TENTH)
    step("delete, one by one", lambda: _each(some, trackers.delete), TENTH)
    step("create, one by one", lambda: _each(range(len(some)), lambda n: trackers.create(**_definition(n))), TENTH)


def _each(items: Iterable[T], work: Callable[[T], Any]) -> None:
    for one in items:
        work(one)


def _definition(number: int) -> dict[str, Any]:
    said = [f"This is sentence {place} of what tracker {number} is about." for place in range(SENTENCES)]
    kinds: list[dict[str, Any]] = [
        {"kind": "keyword", "words": [f"word {number}", "price", "budget"], "exclude": ["free"]},
        {"kind": "phrase", "vocabulary": said, "closeness": 0.4},
        {"kind": "example", "examples": said},
    ]
    return {"name": f"Tracker {number}", "description": f"What tracker {number} is about", **kinds[number % 3]}


if __name__ == "__main__":
    sys.exit(main())
