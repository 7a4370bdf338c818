"""The text that identifies a conversation's content: what was imported, what is said, and what was set.

The corpus stores three things in one column: the hash of the imported content, by which it is recognised; the key of
what is said, by which twins are found; and, after a plus sign, what was set later without an import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.corpus.formats.neutral_model import dumps

HASH_DIGITS = 32
"""Digits of the hash of imported content."""

_SET = "+"


@dataclass(frozen=True, slots=True)
class ContentHash:
    """The parts of a content's hash.

    Attributes:
        imported: the hash of what was imported.
        said: the key of what is said; empty if nothing is said, and for conversations that early versions imported.
        set: names of what was set later, such as "deal_stage" or "fields.plan".
    """

    imported: str
    said: str = ""
    set: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: str) -> ContentHash:
        """Parse what the corpus stores."""
        hashes, _, own = kept.partition(_SET)
        names = own.partition(";")[2]
        return cls(hashes[:HASH_DIGITS], hashes[HASH_DIGITS:], tuple(name for name in names.split("\x1f") if name))

    def with_set(self, names: Collection[str], values: Mapping[str, Any]) -> str:
        """Return the text with these names, and a digest of the values in the conversation's head."""
        if not names:
            return self.imported + self.said
        digest = hashlib.blake2b(dumps(dict(values)).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        return f"{self.imported}{self.said}{_SET}{digest};{chr(0x1F).join(sorted(names))}"
