"""JSON documents and JSON Lines of any tool: which maker's they are is told by their keys."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened


class Json:
    """Read a JSON document."""

    name = "JSON"

    def recognises(self, file: Opened) -> bool:
        return False

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        yield from ()


class JsonLines:
    """Read JSON Lines of a tool; those of our own form are read by :class:`~.neutral.Neutral`."""

    name = "JSON Lines"

    def recognises(self, file: Opened) -> bool:
        return False

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        yield from ()
