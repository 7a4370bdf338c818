"""The file formats that can be imported: one module a format, found by the file's suffix."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from workbench.corpus.formats.base import Format, FormatProblem, FoundConversation
from workbench.corpus.formats.neutral import Neutral

__all__ = [
    "FORMATS",
    "Format",
    "FormatProblem",
    "FoundConversation",
    "clearly_not_conversations",
    "format_of",
    "known_suffixes",
]

FORMATS: tuple[Format, ...] = (Neutral(),)

_OTHER_SUFFIXES = frozenset(
    ("", ".md", ".rst", ".txt", ".py", ".ipynb", ".html", ".htm", ".css", ".js", ".pdf", ".toml", ".yaml", ".yml")
)
_OTHER_TYPES = frozenset({"audio", "video", "image", "font"})


def format_of(path: Path) -> Format | None:
    """Return the format for this file name, or None if no format knows the suffix."""
    name = path.name.lower()
    return next((known for known in FORMATS if name.endswith(known.suffixes)), None)


def known_suffixes() -> tuple[str, ...]:
    return tuple(suffix for known in FORMATS for suffix in known.suffixes)


def clearly_not_conversations(path: Path) -> bool:
    """Return whether a file in a folder is to be passed over silently: recordings, pictures, notes, hidden files."""
    kind = mimetypes.guess_type(path.name)[0] or ""
    hidden = path.name.startswith(".")
    return hidden or path.suffix.lower() in _OTHER_SUFFIXES or kind.split("/")[0] in _OTHER_TYPES
