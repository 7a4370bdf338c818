"""The log of a reader's kernel: it goes to the server that started it, never into the page.

By default Python logs to ``sys.stderr``, which is part of the notebook that becomes the page.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from workbench.domain.reporters import GATED


class ServersLog(logging.StreamHandler[TextIO]):
    """Writes to the error output that the process was started with."""

    def __init__(self) -> None:
        super().__init__(os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8", errors="backslashreplace"))


def log_to_server(environment: Mapping[str, str] = os.environ) -> None:
    """Log there from now on, if a readers' server has started this process; repeated calls have no effect."""
    root = logging.getLogger()
    if environment.get(GATED) and not any(isinstance(one, ServersLog) for one in root.handlers):
        root.addHandler(ServersLog())
