"""Calls that arrive one at a time: milliseconds of an import of one call of 60 sentences, and of questions in between.

The workspace has SQLite as its state, in a temporary folder. It stays open, and every tenth import is followed by
questions: how many calls there are, one call's text, and who said a phrase. Beside it a second reader, who asks only
every hundredth time. The words are drawn at random; nothing is encoded.

Bound: of the imports, the median of the last hundred is at most 1.5 times that of the first hundred, and under 80 ms.

usage: python -m benchmarks.trickle [CALLS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import workbench as wb
from workbench.engine.encoders import HashingEncoder

CALLS, SENTENCES, WORDS = 10_000, 60, 8
WINDOW, EVERY, SELDOM = 100, 10, 100
MOST_RATIO, MOST_MS = 1.5, 80.0


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    taken: dict[str, list[float]] = {}

    def step(name: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        taken.setdefault(name, []).append((time.perf_counter() - began) * 1_000)

    drawn = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w"
        ws = wb.open(path, encoder=HashingEncoder())
        other = wb.open(path, encoder=HashingEncoder())
        for number in range(calls):
            given = call(number, drawn)
            step("import", lambda given=given: ws.ingest([given]))  # type: ignore[misc]
            if number % EVERY == 0:
                step("count", lambda: ws.counts(wb.Filters()))
                step("one call", lambda name=given["id"]: ws.lake.turns(name))  # type: ignore[misc]
                step("search", lambda: ws.search("word7 word8"))
            if number % SELDOM == 0:
                step("another's count", lambda: other.counts(wb.Filters()))
    print(f"{calls:,} imports of one call of {SENTENCES} sentences; medians in ms")
    for name, all_of_them in taken.items():
        share = max(1, min(WINDOW, len(all_of_them) // 2))
        first, last = median(all_of_them[:share]), median(all_of_them[-share:])
        longest = max(all_of_them)
        print(f"{name:<16} {first:7.1f} first, {last:7.1f} last, {last / first:5.2f} times; {longest:8.1f} at most")
    imports = taken["import"]
    first, last = median(imports[:WINDOW]), median(imports[-WINDOW:])
    good = last <= MOST_RATIO * first and last < MOST_MS
    print(f"bound of {MOST_RATIO} times and {MOST_MS:.0f} ms: {'met' if good else 'NOT MET'}")
    return 0 if good else 1


def call(number: int, drawn: random.Random) -> dict[str, Any]:
    """Give a call between two people, in turns of two sentences."""
    said = [" ".join(f"word{drawn.randrange(2_000)}" for _ in range(WORDS)).capitalize() for _ in range(SENTENCES)]
    turns = [
        {"party": "ab"[at % 2], "start": at * 5.0, "end": at * 5.0 + 4, "text": f"{said[2 * at]}. {said[2 * at + 1]}."}
        for at in range(SENTENCES // 2)
    ]
    parties = [{"id": "a", "name": "Ann", "side": "company", "team": "North"}, {"id": "b", "side": "customer"}]
    return {"id": f"call-{number}", "parties": parties, "turns": turns, "fields": {"region": number % 7}}


if __name__ == "__main__":
    sys.exit(main())
