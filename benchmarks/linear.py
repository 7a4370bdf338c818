"""The linear reading of a batch of 40,000 sentences, in tables of growing size.

A backfill reads the corpus batch by batch, so that its time grows with the corpus alone if a batch costs the same in
any table. The table holds one vector in memory, repeated: what is measured is how much is read, not where from.
Processor seconds, the best of five, since others may use the machine.

usage: python -m benchmarks.linear [ROWS ...]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np

from workbench.engine.pool import Pool

ROWS = (300_000, 1_200_000, 4_800_000)
BATCH, DIMENSION, REPEATS = 40_000, 384, 5
MOST_TIMES = 1.5


def main(sizes: Sequence[int]) -> int:
    """Measure all sizes; return the exit code."""
    seconds = [_seconds(size) for size in sizes]
    for size, one in zip(sizes, seconds, strict=True):
        print(f"{BATCH:,} sentences, {size:>10,} rows: {1e3 * one:7.1f} ms")
    times = seconds[-1] / seconds[0]
    print(f"the largest table takes {times:.2f} times as long as the smallest (at most {MOST_TIMES} wanted)")
    return int(times > MOST_TIMES)


def _seconds(size: int) -> float:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((2, DIMENSION)).astype(np.float32)
    table = np.broadcast_to(weights[:1], (size, DIMENSION))
    text = rng.integers(0, size, BATCH).astype(np.int32)
    pool = Pool(table, text, np.roll(text, 1), text)
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        pool.linear(*weights)
        found.append(time.process_time() - start)
    return min(found)


if __name__ == "__main__":
    sys.exit(main([int(one) for one in sys.argv[1:]] or ROWS))
