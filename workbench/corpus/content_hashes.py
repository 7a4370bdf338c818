"""The text that tells what a conversation's content is: of what was imported, of what is said, and of what was set.

The corpus keeps three things in one column: the hash of the content that was imported, by which it is known again; the
key of what is said, by which twins are found; and, behind a plus sign, what was set later without an import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.corpus.formats.neutral_model import dumps

HASH_DIGITS = 32
"""Of the hash of a content that was imported."""

_SET = "+"


@dataclass(frozen=True, slots=True)
class ContentHash:
    """The parts of a content's hash.

    Attributes:
        imported: the hash of what was imported.
        said: the key of what is said; empty if nothing is, and of conversations that early versions imported.
        set: names of what was set later, such as "deal_stage" or "fields.plan".
    """

    imported: str
    said: str = ""
    set: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: str) -> ContentHash:
        """Read what the corpus keeps."""
        hashes, _, own = kept.partition(_SET)
        names = own.partition(";")[2]
        return cls(hashes[:HASH_DIGITS], hashes[HASH_DIGITS:], tuple(name for name in names.split("\x1f") if name))

    def with_set(self, names: Collection[str], values: Mapping[str, Any]) -> str:
        """Return the text with these names, and a digest of the values of the conversation's head."""
        if not names:
            return self.imported + self.said
        digest = hashlib.blake2b(dumps(dict(values)).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        return f"{self.imported}{self.said}{_SET}{digest};{chr(0x1F).join(sorted(names))}"
