"""Thousands of broken copies of the example files, in every format: none crashes, hangs or is passed over in silence.

``python -m benchmarks.mutations [COUNT] [SEED]`` tries 20,000, prints how many were read and refused and the slowest,
and returns 1 if one crashed or took longer than two seconds of processor time.
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.support import mutations
from workbench.corpus.formats import FormatProblem, UnreadableFile, format_of

EXAMPLES = Path(__file__).parents[1] / "tests/data/formats"
COUNT = 20_000
LONGEST_S = 2.0


def outcome(path: Path) -> str:
    """Return whether a file is read, read in part, refused, or in no known format."""
    try:
        reader = format_of(path)
        if reader is None:
            return "not recognised"
        found = list(reader.read(path))
    except UnreadableFile:
        return "refused"
    problems = sum(isinstance(one, FormatProblem) for one in found)
    if not found:
        return "silent"
    return "refused" if problems == len(found) else "read in part" if problems else "read"


def main(count: int = COUNT, seed: int = 0) -> int:
    """Try so many copies; return the exit code."""
    files = [one for one in sorted(EXAMPLES.rglob("*")) if one.is_file() and ".expected." not in one.name]
    each = max(1, count // len(files))
    outcomes: Counter[str] = Counter()
    slowest, failed = (0.0, ""), 0
    with tempfile.TemporaryDirectory() as folder:
        for place, file in enumerate(files):
            for number, (what, data) in enumerate(mutations.of(file.read_bytes(), each, seed * 1_000 + place)):
                broken = Path(folder, f"broken{file.suffix}")
                broken.write_bytes(data)
                began = time.process_time()
                try:
                    told = outcome(broken)
                except Exception:  # noqa: BLE001, that is what is looked for
                    told = "crashed"
                    traceback.print_exc()
                taken = time.process_time() - began
                name = f"{file.name}, {what}, number {number}"
                outcomes[told] += 1
                slowest = max(slowest, (taken, name))
                if told in ("crashed", "silent") or taken > LONGEST_S:
                    failed += 1
                    print(f"{told} after {taken:.2f} s: {name}")
    print(
        f"{sum(outcomes.values()):,} broken files: " + ", ".join(f"{n:,} {told}" for told, n in outcomes.most_common())
    )
    print(f"slowest: {slowest[0]:.2f} s of processor time ({slowest[1]})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
