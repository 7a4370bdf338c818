"""What a format gives, and the protocol that each format implements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.domain.conversations import Conversation


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation, and the line of the file (counted from 1) where it starts."""

    line: int | None
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class FormatProblem:
    """Why a line, or where ``line`` is None the whole file, cannot be read."""

    line: int | None
    reason: str


class Format(Protocol):
    """Reads one kind of file; what is wrong in a file never raises, but gives a :class:`Problem`.

    An ``OSError`` from opening or reading may pass; the importer reports it. ``media`` stays as given.
    """

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def read(self, path: Path) -> Iterator[FoundConversation | FormatProblem]: ...
