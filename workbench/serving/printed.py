"""What kernels print outside Jupyter's messages, such as Jupyter's own warnings, which repeat what a page has sent.

Their standard output and error are a pipe, which a thread reads line by line into this process's log.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator

from workbench.domain.names import printable
from workbench.serving.quota import Quota

LINES_A_MINUTE = 600  # of all kernels together
LONGEST_LINE = 4_000  # bytes
log = logging.getLogger(__name__)


class Printed:
    """``pipe`` is what kernels print to."""

    def __init__(self) -> None:
        self._source, self.pipe = os.pipe()
        self._quota = Quota(LINES_A_MINUTE)
        threading.Thread(target=self._follow, name="kernels' output", daemon=True).start()

    def _follow(self) -> None:
        for line in self._lines():
            if line.strip() and self._quota.take():
                left_out = self._quota.left_out()
                log.warning("A kernel: %s", printable(line.decode(errors="backslashreplace"), lines=False))
                if left_out:
                    log.warning("%d more lines from kernels were left out", left_out)

    def _lines(self) -> Iterator[bytes]:
        """Yield lines, splitting those that are too long, and finally what is left."""
        kept = b""
        while data := os.read(self._source, 65_536):
            *lines, kept = (kept + data).split(b"\n")
            for line in lines:
                yield from (line[at : at + LONGEST_LINE] for at in range(0, max(1, len(line)), LONGEST_LINE))
            if len(kept) > LONGEST_LINE:
                yield kept
                kept = b""
        yield kept
