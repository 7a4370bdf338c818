"""An upper bound on how much of a text an encoder has to read, without a tokenizer.

A tokenizer of the BERT family splits a word into pieces, each the longest in its vocabulary, and gives up on a word of
more than a hundred letters. Each letter is at most one piece. If the vocabulary has a piece for every pair of adjacent
letters, only the first and the last letter may be pieces of their own, so that n letters are at most (n + 2) / 2
pieces, and half a piece more for each missing pair. ``_LACKING`` are those missing in the packaged encoder's
vocabulary; a test compares them. Other scripts and digits count one piece per letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from workbench.domain.texts import UNSEEN
from workbench.domain.words import UNSPACED

MAX_PIECES = 250
"""Of the 256 that the packaged encoder reads, without the two at the ends, and with room for a short prompt."""
MAX_RUN = 100
"""The most letters of a word; the packaged encoder reads nothing of a longer one."""
MAX_WORDS = 60
"""The most words of a sentence; two letters of a script without spaces count as one."""

_LACKING = {
    "b": "dgjkpqvwxz", "c": "fgjnqvwx", "d": "gjknqvwxz", "e": "q", "f": "dghjnqvwxz", "g": "djkqvwxz",
    "h": "bfjkqvwxz", "i": "w", "j": "bcdfghjlpqrtvwxyz", "k": "bcdfgjlnpqvwxz", "l": "ghjqvwx", "m": "fhjknqrvwz",
    "n": "fjmqvw", "o": "q", "p": "bjknqvxz", "q": "bcdefghjklmnopqrstvwxyz", "r": "jqvwx", "s": "jnqvx",
    "t": "bdgjknqwx", "u": "quv", "v": "fghjklmpqtvwxz", "w": "bfhjmpqvwxz", "x": "bcdefghjklmnopqrsuvwz",
    "y": "bcfghjqvwyz", "z": "bcfgjklmnpqrstvwx",
}  # fmt: skip
PAIRS = frozenset(a + b for a in map(chr, range(97, 123)) for b in map(chr, range(97, 123))) - {
    a + b for a, lacking in _LACKING.items() for b in lacking
}
_OLD = unicodedata.ucd_3_2_0  # from 2002: tokenizers know at least this
_SPACE, _NOTHING, _ALONE, _LETTER = range(4)
# Beyond these a letter may be several pieces: Hangul, and vowels with two parts. And what is not counted in characters.
_LARGE = re.compile("[\u09cb-\u0ddf\u1b06-\u1b41\uac00-\ud7a3\U00010000-\U0010ffff]")
_IDEOGRAPHS = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ceaf\U0002f800-\U0002fa1f]"
)
_WITHOUT_SPACES = re.compile(f"[{UNSPACED}]")
_NUL_OR_SPACE = re.compile(r"[\s\0]+")


class Meter:
    """Counts the units of a text, character by character.

    Args:
        words: whether to limit the words, too, and not only what an encoder reads.
    """

    __slots__ = ("_before", "_lacking", "_letters", "_longest", "_open", "_pieces", "_said", "_words", "run")

    def __init__(self, words: bool = True):
        self._words = words
        self._said = self._pieces = 0  # halves of words and of pieces, for what is complete
        self._open = False
        self._letters = self._lacking = self._longest = 0
        self._before = ""
        self.run = 0  # letters of the current word so far

    def add(self, sign: str) -> None:
        """Count one more character."""
        kind, size, unspaced, plain = _known(sign)
        if kind == _NOTHING:
            return
        if kind == _SPACE:
            self._end_run()
            self._said, self._open, self._letters = self.said, False, 0
            return
        self._open = True
        self._letters += unspaced
        if kind == _ALONE:
            self._end_run()
            self._pieces += 2
            return
        self._lacking += size - 1 + (bool(self.run) and self._before + plain not in PAIRS)
        self.run += size
        self._before = plain
        self._longest = max(self._longest, self.run)

    @property
    def said(self) -> int:
        """Return halves of words so far."""
        return self._said + (max(2, self._letters) if self._open else 0)

    @property
    def pieces(self) -> int:
        """Return halves of pieces so far."""
        return self._pieces + (min(2 * self.run, self.run + self._lacking + 2) if self.run else 0)

    @property
    def load(self) -> float:
        """Return the share of the limit that is used; more than 1 is too much."""
        return share(self.said, self.pieces, self._longest, self._words)

    def _end_run(self) -> None:
        self._pieces = self.pieces
        self.run = self._lacking = 0


def share(said: int, pieces: int, longest: int, words: bool = True) -> float:
    """Return the share of the limit used by halves of words and of pieces, and the letters of the longest word."""
    return max(said / (2 * MAX_WORDS) if words else 0.0, pieces / (2 * MAX_PIECES), longest / MAX_RUN)


def fits(text: str, words: bool = True) -> bool:
    """Return whether a sentence is short enough; ``words`` says whether its words count, too."""
    return _surely_fits(text) or load_of(text, words) <= 1


def load_of(text: str, words: bool = True) -> float:
    """Return the share of the limit that a text uses; see :class:`Meter`."""
    meter = Meter(words)
    for sign in text:
        meter.add(sign)
    return meter.load


def stands_alone(sign: str) -> bool:
    """Return whether a character is never part of a word: punctuation, or an ideograph."""
    return _known(sign)[0] == _ALONE


def _surely_fits(text: str) -> bool:
    """Return True for nearly all short enough sentences, fast; False if a closer look is needed."""
    if len(text) <= MAX_RUN and not _LARGE.search(text):
        return True
    if not text.isascii() or len(text) > MAX_PIECES + MAX_WORDS:
        return False
    said = _NUL_OR_SPACE.split(text)
    return len(said) <= MAX_WORDS and sum(map(len, said)) <= MAX_PIECES and max(map(len, said)) <= MAX_RUN


@lru_cache(maxsize=20_000)
def _known(sign: str) -> tuple[int, int, bool, str]:
    """Return a character's kind, how many letters it is, whether its script has no spaces, and its lower case."""
    code, category = ord(sign), unicodedata.category(sign)
    if sign.isspace() or sign == "\0":
        return _SPACE, 0, False, ""
    if _OLD.category(sign) == "Mn" or any(first <= code <= last for first, last in UNSEEN):
        return _NOTHING, 0, False, ""  # a tokenizer removes the marks that it knows
    unspaced = bool(_WITHOUT_SPACES.match(sign))
    if category[0] == "P" or (sign.isascii() and not sign.isalnum()) or _IDEOGRAPHS.match(sign):
        return _ALONE, 1, unspaced, ""
    parts = [one for one in unicodedata.normalize("NFD", sign.lower()) if _OLD.category(one) != "Mn"]
    return _LETTER, max(1, len(parts)), unspaced, parts[0] if len(parts) == 1 else sign
