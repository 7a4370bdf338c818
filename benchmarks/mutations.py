"""Thousands of broken copies of the example files, in every format: none crashes, hangs, or is silently ignored.

``python -m benchmarks.mutations [COUNT] [FIRST]`` tries the copies FIRST to FIRST + COUNT, 20,000 from 0 if nothing is
said; an interrupted run continues with ``FIRST``. Copy n is made of one of the examples with seed n, so that one copy
can be tried again alone. It prints how many were read and refused, the slowest, and the most memory that one took (the
most that the process held while it was read, on Linux). It returns 1 if one crashed, said nothing, took longer than two
seconds of processor time, or used more than 300 MB.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import openpyxl
import pyarrow.parquet

from tests.support import broken_archives, mutations
from workbench.corpus.formats import FormatProblem, FoundConversation, UnreadableFile, format_of

EXAMPLES = Path(__file__).parents[1] / "tests/data/formats"
COUNT = 20_000
LONGEST_S = 2.0
MOST_MB = 300
_BOMBS = 0.01  # the share of copies that are bombs, which take long to make
_GIVEN_UP_S = 30
_BATCH = 200
_GROWN_MB = 15
_MOST_ADDRESSED = 6_000_000_000  # bytes; more could crash the machine
PRELOADED = (openpyxl, pyarrow.parquet)  # once, before the processes fork
_STATUS = Path("/proc/self/status")
_PEAK = Path("/proc/self/clear_refs")


@dataclass(slots=True)
class Tried:
    """The outcome of one copy."""

    number: int
    file: str
    what: str
    told: str
    seconds: float
    megabytes: float

    def __str__(self) -> str:
        measured = f"{self.seconds:.2f} s, {self.megabytes:.0f} MB"
        return f"copy {self.number} of {self.file}, {self.what}: {self.told}, {measured}"

    @property
    def failed(self) -> bool:
        return self.told in ("crashed", "silent") or self.seconds > LONGEST_S or self.megabytes > MOST_MB


def outcome(path: Path) -> str:
    """Return whether a file is read, read in part, refused, or in no known format, which the importer tells."""
    try:
        reader = format_of(path)
        if reader is None:
            return "in no known format"
        found = list(reader.read(path))
    except UnreadableFile as error:
        return "refused" if error.reason.strip() else "silent"
    problems = [one for one in found if isinstance(one, FormatProblem)]
    empty = any(isinstance(one, FoundConversation) and not one.conversation.turns for one in found)
    if not found or any(not one.reason.strip() for one in problems) or (empty and not problems):
        return "silent"
    return "refused" if len(problems) == len(found) else "read in part" if problems else "read"


def copy_of(files: list[Path], number: int) -> tuple[Path, str, bytes]:
    """Make copy ``number``: which file it is of, what was done to it, and its bytes."""
    file = files[number % len(files)]
    rng = random.Random(number)
    data = file.read_bytes()
    known = mutations.for_(data)
    mutation = broken_archives.in_bomb if rng.random() < _BOMBS else rng.choice(known)
    return file, mutation.__name__, mutation(data, rng)


def tried(files: list[Path], number: int, folder: Path) -> Tried:
    """Read a copy, and measure it."""
    file, what, data = copy_of(files, number)
    broken = folder / f"broken{file.suffix}"
    broken.write_bytes(data)
    del data
    _forget_peak()  # so that making the copy isn't counted
    began = time.process_time()
    try:
        with _given_up_after(_GIVEN_UP_S):
            told = outcome(broken)
    except Exception:  # noqa: BLE001, that is what this test looks for
        told = "crashed"
        traceback.print_exc()
    return Tried(number, file.name, what, told, time.process_time() - began, _peak_mb())


def each(files: list[Path], first: int, last: int, folder: Path) -> Iterator[Tried]:
    """Try copies in processes of their own: a new one after each that took memory, for some of it is kept."""
    fork = multiprocessing.get_context("fork")
    while first < last:
        ours, theirs = fork.Pipe(duplex=False)
        child = fork.Process(target=_worker, args=(theirs, files, first, min(last, first + _BATCH), folder))
        child.start()
        theirs.close()
        with contextlib.suppress(EOFError):
            while True:
                yield ours.recv()
                first += 1
        child.join()
        if child.exitcode:
            yield Tried(first, files[first % len(files)].name, f"exit code {child.exitcode}", "crashed", 0.0, 0.0)
            first += 1


def _worker(pipe: Connection, files: list[Path], first: int, last: int, folder: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSED, hard))
    began_with = 0.0
    for number in range(first, last):
        _forget_peak()
        began_with = began_with or _peak_mb()
        if _peak_mb() > began_with + _GROWN_MB:
            return
        pipe.send(tried(files, number, folder))


def main(count: int = COUNT, first: int = 0) -> int:
    """Try ``count`` copies; return the exit code."""
    files = [one for one in sorted(EXAMPLES.rglob("*")) if one.is_file() and ".expected." not in one.name]
    outcomes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    slowest = largest = Tried(first, "", "", "", 0.0, 0.0)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in each(files, first, first + count, Path(folder)):
            number = one.number
            outcomes[one.told] += 1
            kinds[one.what] += 1
            slowest = max(slowest, one, key=lambda it: it.seconds)
            largest = max(largest, one, key=lambda it: it.megabytes)
            if one.failed:
                failed += 1
                print(f"FAILED {one}", flush=True)
            if (number + 1 - first) % 1_000 == 0:
                print(f"copies {first} to {number} tried, {failed} failed", flush=True)
    print(f"{count:,} broken copies (seeds {first} to {first + count - 1}) of {len(files)} files, {len(kinds)} kinds: "
          + ", ".join(f"{n:,} {told}" for told, n in outcomes.most_common()))  # fmt: skip
    print(f"slowest: {slowest}\nlargest: {largest}\nfailed: {failed}")
    return 1 if failed else 0


@contextlib.contextmanager
def _given_up_after(seconds: int) -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of processor time: others may use the machine
    faulthandler.dump_traceback_later(20 * seconds, exit=True)  # where no Python runs that could be interrupted
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGPROF, before)


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        _PEAK.write_text("5")


def _peak_mb() -> float:
    """Return the most memory that was held since ``_forget_peak``; elsewhere than on Linux, since the start."""
    try:
        told = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return int(told.split()[1]) * 1_024 / 1e6


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
