"""How fast JSON of each maker is read: sentences per second of processor time on one core, beside ``json.loads`` alone.

``python -m benchmarks.formats [TURNS]`` writes a call of 5,000 turns in each form, two sentences a turn. The bound is
20,000 sentences per second for the slowest of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.makers_by_turn import BY_TURN
from benchmarks.makers_by_word import BY_WORD
from benchmarks.said import SENTENCES
from workbench.corpus.formats import FoundConversation, format_of

TURNS = 5_000
FEWEST = 20_000  # sentences a second
REPEATS = 3


def fastest(work: Callable[[], object]) -> float:
    """Return the minimum processor time of several runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def read(path: Path) -> int:
    """Read a file, and return how many turns it has."""
    reader = format_of(path)
    found = list(reader.read(path)) if reader else []
    return sum(len(one.conversation.turns) for one in found if isinstance(one, FoundConversation))


def main(turns: int = TURNS) -> int:
    """Measure each maker; return the exit code."""
    slowest = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        for maker in (*BY_TURN, *BY_WORD):
            made = maker(turns)
            lines = isinstance(made, str)
            text = made if lines else json.dumps(made)
            path = Path(folder, f"{maker.__name__}.{'jsonl' if lines else 'json'}")
            path.write_text(text)
            assert read(path) == turns, maker.__name__
            parts = text.splitlines() if lines else [text]
            parse_s = fastest(lambda parts=parts: [json.loads(one) for one in parts])
            read_s = fastest(lambda path=path: read(path))
            pace = turns * SENTENCES / read_s
            slowest = min(slowest, pace)
            print(f"{maker.__name__:<20} {len(text) / 1e6:6.1f} MB {pace:>10,.0f} sentences/s, "
                  f"{read_s / parse_s:4.1f} times json.loads alone")  # fmt: skip
    print(f"slowest: {slowest:,.0f} sentences a second; the bound is {FEWEST:,}")
    return 0 if slowest >= FEWEST else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
