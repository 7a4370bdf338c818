"""A Dask cluster on this machine beside a local run: encoding, and backfills of trackers of three kinds.

Two workers of one thread each, processes of their own. Each measure is taken by turns here and there, and the ratio of
the medians is the speed-up; what is stored and found is compared, too. The caller's own processor time, of all its
threads, says what no number of workers takes off it: the ratio is the most that any cluster could gain.

The encoder is a stand-in of pure Python, which uses one core; words are drawn at random. Starting workers and training
are not measured. The caller is a third process: on 2 cores a speed-up of 2 is out of reach.

usage: python -m benchmarks.distributed [CALLS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from distributed import Client, LocalCluster

import workbench as wb
from benchmarks.trickle import SENTENCES, call
from workbench.engine.encoders import HashingEncoder

CALLS, WORKERS, TIMES = 1_000, 2, 3
WORD = "word7"
TRACKERS: dict[str, dict[str, Any]] = {
    "keyword": {"kind": "keyword", "words": [f"word{n}" for n in range(40)]},
    "phrase": {"kind": "phrase", "vocabulary": [f"word{n} word{n + 1} word{n + 2} word{n + 3}" for n in range(40)]},
}


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    print(f"{calls:,} calls of {SENTENCES} sentences, {WORKERS} workers of 1 thread; seconds, medians of {TIMES}")
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        alike = [encoding(Path(folder), calls, client), *backfills(Path(folder) / "0", client)]
    print(f"the same everywhere: {'yes' if all(alike) else 'NO'}")
    return 0 if all(alike) else 1


class Taken(NamedTuple):
    """Seconds by the clock, the caller's own processor seconds, and the result."""

    clock: float
    own: float
    result: object


def taken(work: Callable[[], object], result: Callable[[], object]) -> Taken:
    """Do the work, and get its result unmeasured."""
    began, own = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - began, time.process_time() - own, result())


def encoding(folder: Path, calls: int, client: Client) -> bool:
    """Encode the same calls in new workspaces, here and there by turns; return whether the vectors are the same."""
    drawn = random.Random(7)
    given = [call(number, drawn) for number in range(calls)]
    made = iter(range(2 * TIMES + 2))

    def encode(on: Client | None) -> Taken:
        ws = wb.open(folder / str(next(made)), encoder=HashingEncoder(384))
        ws.ingest(given, detect=False)
        file = ws.path / "vectors" / ws.encoder.key / "vectors.f32"
        return taken(lambda: ws.encode(client=on), file.read_bytes)

    return compared("encode", encode, client)


def backfills(path: Path, client: Client) -> list[bool]:
    """Publish trackers of each kind, again under other names; return of each whether it finds the same."""
    ws = wb.open(path, encoder=HashingEncoder(384))
    file = trained(ws).export(path / "trained.tracker")
    made = iter(range(10_000))

    def new(kind: str) -> Any:
        name = f"{kind} {next(made)}"
        return ws.trackers.create(name, **TRACKERS[kind]) if kind in TRACKERS else ws.trackers.import_file(file, name)

    def backfill(kind: str, on: Client | None) -> Taken:
        tracker = new(kind)
        work = lambda: tracker.publish("all", client=on).job.result()  # noqa: E731, short
        return taken(work, lambda: tracker.active_version().detections().drop(columns="version").to_dict())

    return [
        compared(f"{kind} backfill", lambda on, kind=kind: backfill(kind, on), client)  # type: ignore[misc]
        for kind in (*TRACKERS, "example")
    ]


def trained(ws: wb.Workspace) -> Any:
    """Train a tracker of examples for sentences with a given word."""
    examples = [f"{WORD} word{n} word{n + 1}" for n in range(100, 105)]
    tracker = ws.trackers.create("trained", description="It says a word", examples=examples, seed=1)
    session = tracker.train()
    for _ in range(2):
        for asked in session.next_round():
            session.tag(asked.sentence_id, "yes" if f"{WORD} " in f"{asked.text.lower().rstrip('.')} " else "no")
        session.complete_round()
    tracker.publish()
    return tracker


def compared(name: str, work: Callable[[Any], Taken], client: Client) -> bool:
    """Do the work by turns here and on the cluster, after once for warmth, and print how they compare."""
    work(client)
    runs = [(work(None), work(client)) for _ in range(TIMES)]
    here, there = (median(pair[side].clock for pair in runs) for side in (0, 1))
    own, left = (median(pair[side].own for pair in runs) for side in (0, 1))
    print(f"{name:<17}{here:7.2f} here{there:7.2f} on workers: {here / there:5.2f} times as fast", end="; ")
    print(f"caller's processor {own:6.2f} and {left:6.2f}: {own / left:5.2f} times at most", flush=True)
    return all(one.result == other.result for one, other in runs)


if __name__ == "__main__":
    sys.exit(main())
