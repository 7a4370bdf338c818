"""What a format gives, and the protocol that each format implements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.domain.conversations import Conversation


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation, the line of the file (counted from 1) where it starts, and what was repaired of it.

    ``former`` is the conversation as earlier versions kept it, where they left what is repaired now.
    """

    line: int | None
    conversation: Conversation
    repaired: str = ""
    former: Conversation | None = None


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
