"""The characters of words: letters with their marks in any script, and invisible characters between them."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""For a character class: characters without width, direction marks, and joiners."""
_BLOCK = 0x20000  # beyond it the only marks are variation selectors


def _marks() -> str:
    r"""Return all combining marks for a character class; ``\w`` leaves most of them out."""
    found = (point for point in range(0x300, min(_BLOCK, sys.maxunicode)) if unicodedata.category(chr(point))[0] == "M")
    ranges: list[list[int]] = []
    for point in found:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


WORD_PART = rf"(?:[^\W\d_]|[{_marks()}{INVISIBLE}])"
WORD = rf"[^\W\d_]{WORD_PART}*"
_HIDDEN = re.compile(f"[{INVISIBLE}]")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts without spaces between words, or with particles attached: Thai to Burmese, Khmer, Han and kana, Hangul.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
_UNSPACED = re.compile(f"[{UNSPACED}]")


def is_unspaced(text: str) -> bool:
    """Return whether a text has letters of a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Return a word for comparison: without case, accents and invisible characters, composed or not."""
    if word.isascii():
        return word.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", _HIDDEN.sub("", word)))
    return unicodedata.normalize("NFC", bare).casefold()
