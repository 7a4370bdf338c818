"""How a workspace grows: seconds and memory of each step at 0.3, 1.2, 4.8 and 10 million sentences.

Each step of each size runs in a process of its own (see ``benchmarks.scale_steps``), so that its memory is its own.
Processor seconds stand beside wall seconds, since others may use the machine. Of memory the most that the process
held is told (peak), and of that the most that was its own (own): files mapped into memory, as vectors are, are not,
and the system takes those back when it needs the room. Growth is the slope of the processor seconds over the
sentences, both as logarithms (least squares): 1 means in proportion, 0 not at all.

usage: python -m benchmarks.scale [SENTENCES ...]

``WORKBENCH_BENCHMARK_FOLDER`` is where the workspaces are made, and stays; else they are removed size by size.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

SIZES = (300_000, 1_200_000, 4_800_000, 10_000_000)
STEPS = ("import", "encode", "train", "backfill", "kernel", "arrival")  # those of benchmarks.scale_steps, unimported
MOST_GROWTH, ABOUT_NOUGHT = 1.05, 0.2
GROWTH = {
    "import": MOST_GROWTH,
    "encode": MOST_GROWTH,
    "backfill": MOST_GROWTH,
    "open": ABOUT_NOUGHT,
    "one call imported": ABOUT_NOUGHT,
}
SECONDS = {"open": 2.0, "first count": 2.0, "later rounds drawn": 3.0, "rounds completed": 4.0}  # of three, and of four
OWN_MB = {"kernel": 500, "train": 3_000}
_BYTES = 2_000  # on disk for a sentence, with what comes and goes
_POLL_S = 0.05


class Part(NamedTuple):
    """What a part of a step took, in seconds."""

    wall: float
    cpu: float


class Step(NamedTuple):
    """What a step took: its parts, and MB at most."""

    parts: dict[str, Part]
    peak: float
    own: float


def main(sizes: Sequence[int]) -> int:
    """Run all sizes; return the exit code."""
    found: dict[int, dict[str, Step]] = {}
    print(f"{os.cpu_count()} cores; load of the machine {os.getloadavg()[0]:.1f}; HashingEncoder of 64 dimensions")
    for size in sizes:
        with _folder(size) as folder:
            found[size] = {}
            for name in STEPS:
                step = found[size][name] = measured(name, folder, size)
                told = ", ".join(f"{part} {one.wall:.2f} s ({one.cpu:.2f})" for part, one in step.parts.items())
                print(f"{size:>10,} {name:9} {step.peak:6.0f} MB, {step.own:6.0f} own: {told}", flush=True)
            disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
            print(f"{size:>10,} on disk   {disk:6,.0f} MB", flush=True)
    misses = list(missed(found))
    for line in (*grown(found), *misses):
        print(line)
    return 1 if misses else 0


def measured(name: str, folder: Path, size: int) -> Step:
    """Run a step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "--step", name, str(folder), str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        own = peak = 0.0
        while process.poll() is None:
            found = _memory(process.pid)
            own, peak = max(own, found.get("RssAnon", 0)), max(peak, found.get("VmHWM", 0))
            time.sleep(_POLL_S)
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    for line in lines[:-1]:
        print(f"{'':>10} {line}")
    return Step({part: Part(*one) for part, one in json.loads(lines[-1]).items()}, peak, own)


def grown(found: dict[int, dict[str, Step]]) -> Iterator[str]:
    """Tell how each part's processor seconds grow with the sentences."""
    if len(found) < 2:
        return
    yield "growth (exponent of the processor seconds)"
    for step, part in _parts(found):
        yield f"  {step:9} {part:24} {exponent(found, step, part):5.2f}"


def missed(found: dict[int, dict[str, Step]]) -> Iterator[str]:
    """Tell which bounds are missed."""
    for step, part in _parts(found):
        if len(found) > 1 and (grows := exponent(found, step, part)) > GROWTH.get(part, np.inf):
            yield f"MISSED: {part} grows by {grows:.2f}; {GROWTH[part]} wanted"
    for size, steps in found.items():
        for name, step in steps.items():
            if step.own > OWN_MB.get(name, np.inf):
                yield f"MISSED: {name} at {size:,} holds {step.own:,.0f} MB; {OWN_MB[name]:,} wanted"
            for part, one in step.parts.items():
                if one.wall > SECONDS.get(part, np.inf):
                    yield f"MISSED: {part} at {size:,} takes {one.wall:.1f} s; {SECONDS[part]} wanted"


def exponent(found: dict[int, dict[str, Step]], step: str, part: str) -> float:
    """Return the slope of the processor seconds over the sentences, both as logarithms."""
    seconds = [max(steps[step].parts[part].cpu, 1e-3) for steps in found.values()]
    return float(np.polyfit(np.log(list(found)), np.log(seconds), 1)[0])


def _parts(found: dict[int, dict[str, Step]]) -> Iterator[tuple[str, str]]:
    for name, step in next(iter(found.values())).items():
        yield from ((name, part) for part in step.parts)


def _memory(process: int) -> dict[str, float]:
    """Return a process's memory in MB, by the system's names."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    rows = (line.split() for line in lines if line.endswith(" kB"))
    return {row[0].rstrip(":"): int(row[1]) / 1024 for row in rows}


@contextmanager
def _folder(size: int) -> Iterator[Path]:
    kept = os.environ.get("WORKBENCH_BENCHMARK_FOLDER")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(kept or scratch) / f"scale-{size}.workspace"
        free = shutil.disk_usage(kept or scratch).free
        if free < _BYTES * size:
            raise SystemExit(
                f"{size:,} sentences may need {_BYTES * size / 1e9:.0f} GB; only {free / 1e9:.0f} are free"
            )
        shutil.rmtree(folder, ignore_errors=True)
        yield folder


def _step(name: str, folder: Path, size: int) -> None:
    from benchmarks.scale_steps import STEPS as ALL
    from benchmarks.scale_steps import Clock

    clock = Clock()
    ALL[name](folder, size, clock)
    print(json.dumps(clock.taken))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        _step(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main([int(one.replace("_", "")) for one in sys.argv[1:]] or SIZES))
