"""How long a test waits for what an event ends.

It is far longer than anything takes, even where other work keeps the machine busy, and costs nothing where all goes
well: it only keeps a broken test from waiting for ever. Nothing is measured by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 300.0
PATIENCE_MS = 1_000 * PATIENCE_S
_LOOK_S = 0.02


def wait_for(check: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
    """Return when ``check()`` is true.

    Raises:
        AssertionError: it was not within ``seconds``.
    """
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, f"Waited {seconds:.0f} s for {what}"
        time.sleep(_LOOK_S)
