"""The log of the readers' server: no entry can control a terminal or pass for another line."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from workbench.domain.names import printable

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainRecord(logging.LogRecord):
    """A record whose message is on one line."""

    def getMessage(self) -> str:  # noqa: N802, the name is logging's
        return printable(super().getMessage(), lines=False)


class PlainFormatter(logging.Formatter):
    """Indents tracebacks, so that an exception's text never begins a line of the log."""

    def formatException(self, ei: _Error) -> str:  # noqa: N802, the name is logging's
        lines = printable(super().formatException(ei)).split("\n")
        return "\n".join(f"    {line}" for line in lines)


def escape_logs() -> None:
    """Escape everything that this process logs from now on; must be called before a server starts."""
    logging.setLogRecordFactory(PlainRecord)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
