"""A limit on lines per minute, so that a page cannot fill the log."""

from __future__ import annotations

import time
from collections.abc import Callable

MINUTE_S = 60.0


class Quota:
    """Allows ``most`` a minute and counts what it refused."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._begun, self._taken, self._left_out = clock(), 0, 0

    def take(self) -> bool:
        """Return whether one more is allowed now."""
        moment = self._clock()
        if moment - self._begun >= MINUTE_S:
            self._begun, self._taken = moment, 0
        if self._taken < self._most:
            self._taken += 1
            return True
        self._left_out += 1
        return False

    def left_out(self) -> int:
        """Return how many were refused since the last call of this."""
        found, self._left_out = self._left_out, 0
        return found
