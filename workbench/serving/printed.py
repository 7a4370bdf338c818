"""What kernels print past Jupyter's messages, such as its own complaints, which repeat what a page has sent.

Their output and error output lead into a pipe; a thread reads it line by line into this process's log.
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
    """``pipe`` is where kernels are to print to."""

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
                    log.warning("%d more lines of kernels were left out", left_out)

    def _lines(self) -> Iterator[bytes]:
        """Yield lines, the parts of those that are too long, and in the end what is left."""
        kept = b""
        while data := os.read(self._source, 65_536):
            *lines, kept = (kept + data).split(b"\n")
            for line in lines:
                yield from (line[at : at + LONGEST_LINE] for at in range(0, max(1, len(line)), LONGEST_LINE))
            if len(kept) > LONGEST_LINE:
                yield kept
                kept = b""
        yield kept
