"""One way to normalise a text and one key for it, shared by the corpus and the vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

PREPROCESSING = "whitespace-1"  # part of every vector store's key: change it when `normalise` changes


def normalise(text: str) -> str:
    """Return the text as it is encoded: runs of white space made one space, null bytes dropped, ends stripped."""
    return " ".join(text.replace("\0", " ").split())


def whole(text: str) -> str:
    """Return the text with U+FFFD for each half of a character, which no UTF-8 can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def listed(parts: Sequence[str]) -> str:
    """Return the parts as a sentence names them, such as "a, b and c"; empty without any."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def text_key(text: str) -> int:
    """Return a 63-bit key of the normalised text (BLAKE2b), non-negative, so that it fits a signed 64-bit column.

    Two of n distinct texts share a key with probability of about n² / 2⁶⁴: 5e-8 at a million.
    """
    digest = hashlib.blake2b(normalise(text).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
