"""Work in a child process that is killed at some moment, and checks in another: the parent opens nothing itself.

Children are forked from a process that has imported everything and has neither threads nor connections, so that a
kill costs no more than the work it interrupts.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

READY = "ready"
PATIENCE_S = 300.0  # of work that isn't killed, and of checks
Ack = Callable[[str], None]


class Killed(NamedTuple):
    """What a child acknowledged before it was killed, and whether it had finished by then."""

    acknowledged: list[str]
    finished: bool
    seconds: float  # from the moment when it was ready


class ChildFailed(AssertionError):
    """A child raised; holds its traceback."""


def killed(work: Callable[[Ack], None], after_s: float) -> Killed:
    """Run ``work`` in a child, and kill it ``after_s`` seconds after it said that it was ready.

    Raises:
        ChildFailed: it failed before it was killed.
    """
    pid, reading = _child(work)
    lines, began = b"", 0.0
    until = time.monotonic() + PATIENCE_S
    try:
        while (left := until - time.monotonic()) > 0:
            if not select.select([reading], [], [], left)[0]:
                break
            data = os.read(reading, 65_536)
            if not data:
                break
            lines += data
            if not began and lines.startswith(READY.encode() + b"\n"):
                began = time.monotonic()
                until = began + after_s
        os.kill(pid, signal.SIGKILL)
        while data := os.read(reading, 65_536):  # what it said before it died
            lines += data
    finally:
        os.close(reading)
        os.waitpid(pid, 0)
    said = lines.decode().splitlines()
    failure = next((json.loads(one[7:]) for one in said if one.startswith("failed ")), None)
    if failure is not None:
        raise ChildFailed(failure)
    assert said[:1] == [READY], "the child never said that it was ready"
    return Killed([one for one in said[1:] if one != "done"], said[-1] == "done", time.monotonic() - began)


def isolated(check: Callable[[], Any]) -> Any:
    """Return what ``check`` returns, as JSON, from a child of its own. Raises ``ChildFailed``."""

    def work(ack: Ack) -> None:
        ack(READY)
        ack(json.dumps(check()))

    found = killed(work, PATIENCE_S)
    assert found.finished, "the check took too long"
    return json.loads(found.acknowledged[0])


def _child(work: Callable[[Ack], None]) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    os.close(reading)

    def ack(text: str) -> None:
        os.write(writing, text.encode() + b"\n")

    try:
        work(ack)
        ack("done")
    except BaseException:  # noqa: BLE001, the parent is told
        ack("failed " + json.dumps(traceback.format_exc()))
    finally:
        os._exit(0)  # no clean-up of what the parent holds
