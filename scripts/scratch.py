"""Print a new folder for the files of a test run: in memory if there is room, else where temporary files go.

Tests make and remove very many small files, and what they test waits for the disk after most of them: in memory that
takes no time.

usage: python -m scripts.scratch
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ROOM = 8 * 2**30  # bytes; a run of all tests takes less than half of it
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))  # of a container
OPEN_TO_ALL = 0o1777  # as /tmp: some tests work as another user


def main() -> None:
    """Make the folder and print its path."""
    made = Path(tempfile.mkdtemp(prefix="tests-", dir=IN_MEMORY if is_roomy(IN_MEMORY) else None))
    made.chmod(OPEN_TO_ALL)
    print(made)


def is_roomy(folder: Path) -> bool:
    """Return whether a folder in memory has room for the files of a run, and programs may be run from it."""
    try:
        free = shutil.disk_usage(folder).free
        runs_programs = not os.statvfs(folder).f_flag & os.ST_NOEXEC
    except (OSError, AttributeError):  # another system
        return False
    return os.access(folder, os.W_OK | os.X_OK) and runs_programs and min([free, *memory()]) >= ROOM


def memory() -> Iterator[int]:
    """Yield how many bytes of memory are available, and how many a container may use at most."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        yield 1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
    for file in LIMITS:
        with suppress(OSError, ValueError):  # "max": no limit
            yield int(file.read_text())


if __name__ == "__main__":
    main()
