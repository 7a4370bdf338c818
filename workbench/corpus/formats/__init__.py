"""The file formats that can be imported: one module a family of formats, each known by the file's content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Protocol

from workbench.corpus.formats.base import Format, FormatProblem, FoundConversation
from workbench.corpus.formats.json_files import Json, JsonLines
from workbench.corpus.formats.neutral import Neutral
from workbench.corpus.formats.opened import Opened, Unreadable
from workbench.corpus.formats.recognition import (
    conversations_of,
    passed_over,
    passed_over_if_unknown,
    recognised,
)

__all__ = [
    "FORMATS",
    "Format",
    "FormatProblem",
    "FoundConversation",
    "Reader",
    "format_of",
    "passed_over",
    "passed_over_if_unknown",
]

# Asked in this order: first what bytes tell, then first lines, then shares of lines.
FORMATS: tuple[Format, ...] = (
    # told by bytes: Word documents, workbooks, Parquet, Outlook messages
    # told by the first line: WebVTT
    Json(),
    JsonLines(),
    # told by first lines: TextGrid, ELAN, CHAT, mbox, e-mail; told by lines of times: SubRip, SubViewer, Teams text
    # told by shares of lines: RTTM, STM, CTM, tables, plain text
)


class Reader(Protocol):
    """Reads the conversations of one file, whose format is known."""

    @property
    def name(self) -> str: ...

    def read(self, path: Path) -> Iterator[FoundConversation | FormatProblem]: ...


class RecognisedFile:
    """A file whose format was told by its content."""

    def __init__(self, form: Format, file: Opened, zone: tzinfo):
        self.name = form.name
        self._form, self._file, self._zone = form, file, zone

    def read(self, path: Path) -> Iterator[FoundConversation | FormatProblem]:
        """Give the conversations of the file; ``path`` is where it was opened."""
        return conversations_of(self._form, self._file, self._zone)


def format_of(path: Path, zone: tzinfo = UTC) -> Reader | None:
    """Return what reads this file, by its content; None if no format knows it.

    Raises:
        Unreadable: the file is damaged, or too large to be read whole.
        OSError: it cannot be read.
    """
    if path.name.lower().endswith(Neutral.suffixes) and not _foreign_lines(path):
        return Neutral()
    file = Opened(path)
    form = recognised(file, FORMATS)
    return RecognisedFile(form, file, zone) if form else None


def _foreign_lines(path: Path) -> bool:
    """Return whether JSON Lines are those of a tool; where that cannot be told, they are ours, with our reports."""
    try:
        return JsonLines().recognises(Opened(path))
    except (OSError, Unreadable):
        return False
