"""Work in a child process that is killed at some moment, and checks in another: the parent opens nothing itself.

Children are forked from a server that has imported everything and has neither threads nor connections, whatever ran in
the parent before; so a kill costs no more than the work it interrupts.
"""

from __future__ import annotations

import json
import os
import select
import time
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from tests.support.warm import forked

READY = "ready"
PATIENCE_S = 300.0  # of work that isn't killed, and of checks
Ack = Callable[[str], None]


class Killed(NamedTuple):
    """What a child acknowledged before it was killed, and whether it had finished by then."""

    acknowledged: list[str]
    finished: bool
    seconds: float  # from the moment when it was ready


class ChildFailed(AssertionError):
    """A child raised an error; contains its traceback."""


def killed(work: Callable[[Ack], None], after_s: float) -> Killed:
    """Run ``work``, which can be pickled, in a child, and kill it ``after_s`` seconds after it said that it was ready.

    Raises:
        ChildFailed: it failed before it was killed.
    """
    child, reading = forked(_child, work)
    lines, began = b"", 0.0
    until = time.monotonic() + PATIENCE_S
    try:
        while (left := until - time.monotonic()) > 0:
            if not select.select([reading], [], [], left)[0]:
                break
            data = os.read(reading.fileno(), 65_536)
            if not data:
                break
            lines += data
            if not began and lines.startswith(READY.encode() + b"\n"):
                began = time.monotonic()
                until = began + after_s
        child.kill()
        while data := os.read(reading.fileno(), 65_536):  # its output before it died
            lines += data
    finally:
        reading.close()
        child.join()
    said = lines.decode().splitlines()
    failure = next((json.loads(one[7:]) for one in said if one.startswith("failed ")), None)
    if failure is not None:
        raise ChildFailed(failure)
    assert said[:1] == [READY], "the child never said that it was ready"
    return Killed([one for one in said[1:] if one != "done"], said[-1] == "done", time.monotonic() - began)


def isolated(check: Callable[[], Any]) -> Any:
    """Return what ``check`` returns, as JSON, from a child of its own. Raises ``ChildFailed``."""
    found = killed(partial(_answer, check), PATIENCE_S)
    assert found.finished, "the check took too long"
    return json.loads(found.acknowledged[0])


def _answer(check: Callable[[], Any], ack: Ack) -> None:
    ack(READY)
    ack(json.dumps(check()))


def _child(work: Callable[[Ack], None], writing: Connection) -> None:
    def ack(text: str) -> None:
        os.write(writing.fileno(), text.encode() + b"\n")

    try:
        work(ack)
        ack("done")
    except BaseException:  # noqa: BLE001, the parent is told
        ack("failed " + json.dumps(traceback.format_exc()))
    finally:
        os._exit(0)  # as if it were killed: nothing is cleaned up
