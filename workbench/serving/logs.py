"""The log of the readers' server: nothing that stands in it steers a terminal, or looks like a line of its own."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from workbench.domain.names import printable

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainRecord(logging.LogRecord):
    """A record whose message stands on one line."""

    def getMessage(self) -> str:  # noqa: N802, the name is logging's
        return printable(super().getMessage(), lines=False)


class PlainFormatter(logging.Formatter):
    """Writes tracebacks indented, so that what an exception says begins no line of the log."""

    def formatException(self, ei: _Error) -> str:  # noqa: N802, the name is logging's
        lines = printable(super().formatException(ei)).split("\n")
        return "\n".join(f"    {line}" for line in lines)


def escape_logs() -> None:
    """Escape what any part of this process logs, from now on; to be called before a server starts."""
    logging.setLogRecordFactory(PlainRecord)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
