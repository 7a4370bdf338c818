"""One way to normalise a text and one key for it, shared by the corpus and the vectors."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

PREPROCESSING = "whitespace-1"  # part of every vector store's key: docs/decisions/0024-text.md says when it changes

UNSEEN = (
    *((0x01, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F)),  # control characters that are not white space
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F)),
    *((0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)),
    (0xE0000, 0xE0FFF),
)
"""Ranges of characters that show nothing: Unicode's Default_Ignorable_Code_Point, control characters, the empty braille
cell, and the marks around annotations. White space is not among them.
"""

_JOINERS = "\u200c\u200d"
_JOINER = re.compile(f"[{_JOINERS}]+")
_NOTHING = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSEEN if first != 0x200B) + "\u200b\u200e\u200f]+"
)
_VIRAMA = 9  # the combining class


def normalise(text: str) -> str:
    """Return the text as it is shown: runs of white space made one space, null bytes dropped, ends stripped."""
    return " ".join(text.replace("\0", " ").split())


def canonical(text: str) -> str:
    r"""Return the text as it is encoded: normalised, composed (NFC), and without what shows nothing.

    Joiners stay where writing needs them: in Arabic scripts, and after a virama. What is left is empty if there is
    nothing to see.

    >>> canonical("Cafe\u0301\u200b  noir") == "Café noir", canonical("\ufeff \u3164\u2800")
    (True, '')
    """
    if text.isascii() and text.isprintable():
        return normalise(text)
    found = unicodedata.normalize("NFC", _NOTHING.sub("", text))
    if _JOINER.search(found):
        found = unicodedata.normalize("NFC", _JOINER.sub(_needed, found))
    return normalise(found)


def is_blank(text: str) -> bool:
    """Return whether there is nothing to see in a text."""
    return not canonical(text)


def whole(text: str) -> str:
    """Return the text with U+FFFD for each half of a character, which no UTF-8 can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def listed(parts: Sequence[str]) -> str:
    """Return the parts as a sentence names them, such as "a, b and c"; empty without any."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def text_key(text: str) -> int:
    """Return a 63-bit key of the canonical text (BLAKE2b), non-negative, so that it fits a signed 64-bit column.

    Two of n distinct texts share a key with probability of about n² / 2⁶⁴: 5e-8 at a million. Keys that are stored
    stay as they are, though an earlier version may have made another one of the same text: docs/decisions/0024-text.md.
    """
    digest = hashlib.blake2b(canonical(text).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def _needed(found: re.Match[str]) -> str:
    """Return the joiner that writing needs here, if it does."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
    shapes = before and after and unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL"
    return found[0][0] if shapes or (before and unicodedata.combining(before) == _VIRAMA) else ""
