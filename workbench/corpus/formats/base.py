"""What a format returns, and the protocol that each format implements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened
from workbench.domain.conversations import Conversation


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation, the line of the file (counted from 1) where it starts, and the repairs made to it.

    ``former`` is the conversation as earlier versions stored it, if they did not make these repairs. ``left_out``
    counts what else the file contained, by kind, and ``notes`` are what the reader assumed. ``named_by_file`` says that
    the file has no id, so that its name became one; ``former_id`` is another id that earlier versions made from it.
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
    """Why a line, or the whole file if ``line`` is None, cannot be read."""

    line: int | None
    reason: str


class Format(Protocol):
    """Reads one kind of file, recognised by content."""

    @property
    def name(self) -> str:
        """Return the name that people use, such as "Zoom captions"."""
        ...

    def recognises(self, file: Opened) -> bool:
        """Return whether the file is of this kind: by its content, cheaply, from as little as possible.

        May raise ``OSError`` and ``UnreadableFile`` from the views of the file that it uses.
        """
        ...

    def read(self, file: Opened) -> Iterator[Draft | FoundConversation | FormatProblem]:
        """Yield the file's conversations and problems; whatever isn't a draft is passed on unchanged.

        Never raises, except for ``OSError`` and ``UnreadableFile`` of the file; the importer reports those.
        """
        ...
