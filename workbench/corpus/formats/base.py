"""What a format gives, and the protocol that each format implements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened
from workbench.domain.conversations import Conversation


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation, the line of the file (counted from 1) where it starts, and what was repaired of it.

    ``former`` is the conversation as earlier versions kept it, where they left what is repaired now. ``left_out``
    counts what else the file contained, by kind, and ``notes`` are what the reader assumed. ``named_by_file`` says that
    the file tells no id, so that its name became one; ``former_id`` is another that earlier versions made of it.
    """

    line: int | None
    conversation: Conversation
    repaired: str = ""
    former: Conversation | None = None
    format: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    named_by_file: bool = False
    former_id: str = ""


@dataclass(frozen=True, slots=True)
class FormatProblem:
    """Why a line, or where ``line`` is None the whole file, cannot be read."""

    line: int | None
    reason: str


class Format(Protocol):
    """Reads one kind of file, known by its content."""

    @property
    def name(self) -> str:
        """What people call it, such as "Zoom captions"."""
        ...

    def recognises(self, file: Opened) -> bool:
        """Return whether the file is of this kind: by its content, cheaply, from as little of it as will do.

        ``OSError`` and ``UnreadableFile`` may pass, from a view of the file that it asks for.
        """
        ...

    def read(self, file: Opened) -> Iterator[Draft | FoundConversation | FormatProblem]:
        """Give the file's conversations, and what is wrong with it; whatever isn't a draft is left as it is.

        What is wrong never raises, but for ``OSError`` and ``UnreadableFile`` of the file; the importer reports those.
        """
        ...
