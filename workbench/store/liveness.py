"""Whether work that another process began is still running: a signed and dated sign of life, renewed while it runs.

Asking never disturbs the work, nor looks like work to others, as trying its lock would. A process that died on
this machine is known at once; of one on another machine its sign of life runs out.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

RENEWED_S = 2.0  # between two signs of life
VALID_S = 20.0  # of one: a machine under load may be late, and clocks of machines differ by a little


class Sign(NamedTuple):
    """A sign of life: the process that gave it, and until when it is valid, in seconds since the epoch."""

    process: str
    until: float


def sign() -> Sign:
    """Return this process's sign of life as of now."""
    return Sign(_this_process(os.getpid()), time.time() + VALID_S)


def is_alive(given: Sign | None) -> bool:
    """Return whether the process that gave it is still working, as far as can be known."""
    if given is None:
        return False
    machine, _, process = given.process.rpartition(" ")
    if machine == _machine():
        with suppress(ValueError):
            pid, born = process.split("@")
            return _born(int(pid)) == born
    return given.until > time.time()


class Pulse:
    """Calls ``beat`` every few seconds, in a thread that all pulses of a process share, until it is stopped."""

    def __init__(self, beat: Callable[[], None]):
        self._beat = beat
        self._lock = threading.Lock()
        self._stopped = False
        beat()
        _heart.add(self)

    def beat(self) -> None:
        """Give a sign of life; a failure leaves the last one to run out."""
        with self._lock, suppress(Exception):
            if not self._stopped:
                self._beat()

    def stop(self) -> None:
        """Give no further sign, not even one that the thread has begun."""
        with self._lock:
            self._stopped = True
        _heart.discard(self)


class _Heart:
    """The thread; it exists while there is a pulse."""

    def __init__(self) -> None:
        self._pulses: set[Pulse] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, pulse: Pulse) -> None:
        with self._lock:
            self._pulses.add(pulse)
            if self._thread is None or not self._thread.is_alive():  # a forked child has none of its parent's threads
                self._thread = threading.Thread(target=self._run, name="signs-of-life", daemon=True)
                self._thread.start()

    def discard(self, pulse: Pulse) -> None:
        with self._lock:
            self._pulses.discard(pulse)

    def _run(self) -> None:
        while True:
            self._wake.wait(RENEWED_S)
            with self._lock:
                beating = list(self._pulses)
                if not beating:
                    self._thread = None
                    return
            for pulse in beating:
                pulse.beat()


_heart = _Heart()


def _this_process(pid: int) -> str:
    return f"{_machine()} {pid}@{_born(pid)}"


@cache
def _machine() -> str:
    """Identify this machine since its start: process numbers begin again with each start, and in each container."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    with suppress(OSError):
        return f"{platform.node()} {boot.read_text().strip()} {os.readlink(namespace)}"
    return platform.node()


def _born(pid: int) -> str:
    """Return when a process began, so that a later one with its number is not taken for it; empty if it is gone."""
    with suppress(OSError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    if Path("/proc/self/stat").exists():
        return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "running"
