"""A maker's reader: a name for people, and a function from a JSON document to conversations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbench.corpus.formats.draft import Draft

Reads = Callable[[Any], list[Draft] | None]


@dataclass(frozen=True, slots=True)
class Maker:
    """Reads the documents of one tool.

    Attributes:
        name: what people call the tool's files.
        read: returns the conversations of a document; None if it isn't the tool's. Raises ``UnreadableFile`` if it is,
            but has no readable transcript.
        of_turns: whether the document is a list whose entries are turns, not conversations.
    """

    name: str
    read: Reads
    of_turns: bool = False
