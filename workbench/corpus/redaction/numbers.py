"""Numbers as people write and speak them: chains of digits, with the cues before them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from workbench.corpus.redaction.kinds import PLACEHOLDER
from workbench.corpus.redaction.letters import INVISIBLE, UNSPACED, WORD, WORD_PART, folded, is_unspaced
from workbench.corpus.redaction.number_words import MAX_NUMBER_WORDS, first_words, number_phrases
from workbench.corpus.redaction.words import phrases, words

Cue = Literal["phone", "other"]

_DATE = (
    r"(?<!\d)(?<!\d[./-])(?:\d{1,2}(?P<a>[./-])\d{1,2}(?P=a)(?:19|20)\d\d|(?:19|20)\d\d(?P<b>[./-])\d{1,2}(?P=b)\d{1,2})"
    r"(?![./-]?\d)"
)
_TOKEN = re.compile(
    rf"(?P<wall>{PLACEHOLDER})|(?P<date>{_DATE})|(?P<digits>\d+)|(?P<word>{WORD})|(?P<stop>[.!?。！？])"
)
_SPACE = rf"\s{INVISIBLE}"
_DASHES = r"\-\u2010-\u2015\u2212\uff0d\u30fc"
_BETWEEN = re.compile(rf"[{_SPACE}{_DASHES}.,/()（）・·の]{{0,6}}")
_IN_PHRASE = re.compile(rf"[{_SPACE}{_DASHES}]{{1,2}}")
_WORD = re.compile(WORD)
_PLUS = re.compile(rf"(?:[+＋]|(?<!\w)plus)[{_SPACE}(（]{{0,3}}\Z", re.IGNORECASE)
_OPENING = re.compile(r"[(（]\Z")
_MONEY_BEFORE = re.compile(r"[$€£¥₹₩฿]\s?\Z")
_UNIT_AFTER = re.compile(rf"\s?[$€£¥₹₩%‰°円元]|\s?(?P<unit>{WORD})")
_HASH = "#№"
_APOSTROPHES = ("'", "’", "ʼ")  # as in O'Neil
_LOOK_BACK = 8
_DECIMAL = re.compile(r"\.\d")
_DECIMALS = re.compile(r"(?<!\d)0\.\Z")


@dataclass(frozen=True, slots=True)
class NumberToken:
    """Digits written or spoken together, their position, and whether a plus sign precedes them."""

    start: int
    end: int
    digits: str
    is_spoken: bool = False
    has_plus: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Numbers with nothing but separators between them, and the cue in the sentence before them.

    A chain that follows another, or a placeholder for a number, has no cue.
    """

    tokens: tuple[NumberToken, ...]
    cue: Cue | None


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: list[NumberToken] = field(default_factory=list)
    cue: Cue | None = None
    last_word: str = ""

    def flush(self) -> Iterator[Chain]:
        if self.tokens:
            yield Chain(tuple(self.tokens), self.cue)
            self.tokens, self.cue = [], None


def chains(text: str) -> Iterator[Chain]:
    """Yield the chains of a text, in order, in linear time."""
    reader, skip, known = _Reader(text), 0, _known()
    for found in _TOKEN.finditer(text):
        kind, said = found.lastgroup, found[0]
        if kind == "word" and said.isascii() and (word := said.lower()) not in known and found.start() >= skip:
            if reader.tokens:
                yield from reader.flush()
            reader.last_word = word  # nearly all words
        elif found.start() >= skip and kind == "stop":
            if not reader.tokens and not (said == "." and _goes_on(text, found.end(), reader.last_word)):
                reader.cue = None
        elif found.start() >= skip:
            token = _number_from(text, found, bool(reader.tokens))
            if token is not None:
                skip = token.end
                if not _belongs(reader, token):
                    yield from reader.flush()
                reader.tokens.append(token)
            elif kind != "word" or not (reader.tokens and _is_filler(said)):
                yield from reader.flush()
                _note(reader, kind, said)
    yield from reader.flush()


@cache
def _known() -> frozenset[str]:
    """Return the words that are relevant here."""
    lists = ("phone_cues", "other_cues", "number_names", "fillers")
    return first_words().union(*(words(one) for one in lists))


def _number_from(text: str, found: re.Match[str], goes_on: bool) -> NumberToken | None:
    if found.lastgroup == "digits":
        return _written(text, found)
    return _spoken(text, found, goes_on) if found.lastgroup == "word" else None


def _note(reader: _Reader, kind: str | None, said: str) -> None:
    """Remember what was said before the next number."""
    if kind == "word":
        word = folded(said)
        reader.cue = _cue_of(said, word, reader.last_word) or reader.cue
        reader.last_word = word
    elif kind == "wall":
        reader.last_word = ""
        if said not in ("[NAME]", "[EMAIL]"):
            reader.cue = None


def _cue_of(said: str, word: str, last_word: str) -> Cue | None:
    if word in words("phone_cues") or (word in words("number_names") and last_word in words("owners")):
        return "phone"
    if word in words("other_cues"):
        return "other"
    if is_unspaced(said):
        whole = unicodedata.normalize("NFKC", said)
        phone, other = (max((whole.rfind(one) for one in phrases(name)), default=-1) for name in _UNSPACED_CUES)
        if phone >= 0 or other >= 0:
            return "phone" if phone > other else "other"
    return None


_UNSPACED_CUES = ("phone_cues_unspaced", "other_cues_unspaced")


def _goes_on(text: str, end: int, last_word: str) -> bool:
    """Return whether a full stop does not end a sentence: within a word or number, or after an abbreviation."""
    return last_word in words("abbreviations") or (
        end < len(text) and not text[end].isspace() and not text[end].isdigit()
    )


def _written(text: str, found: re.Match[str]) -> NumberToken | None:
    """Read written digits; None for a part of a word, an amount or a decimal."""
    start, end = found.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if _is_attached(before) or before == "_" or (before and before in _HASH) or _is_attached(after) or after == "_":
        return None
    if (found[0] == "0" and _DECIMAL.match(text, end)) or _DECIMALS.search(text, max(0, start - 3), start):
        return None
    if _MONEY_BEFORE.search(text, max(0, start - 2), start):
        return None
    unit = _UNIT_AFTER.match(text, end)
    if unit and (unit["unit"] is None or folded(unit["unit"]) in words("units")):
        return None
    digits = found[0] if found[0].isascii() else "".join(str(unicodedata.digit(sign)) for sign in found[0])
    return _with_plus(text, start, end, digits, False)


def _spoken(text: str, found: re.Match[str], goes_on: bool) -> NumberToken | None:
    """Read the longest number spoken in words from here; "o" begins none."""
    first = folded(found[0])
    if first not in first_words() or (first == "o" and not goes_on):
        return None
    if is_unspaced(found[0]) or _is_digit_beside(text, found) or text[found.end() : found.end() + 1] in _APOSTROPHES:
        return None
    said, ends = [first], [found.end()]
    while len(said) < MAX_NUMBER_WORDS:
        gap = _IN_PHRASE.match(text, ends[-1])
        word = _WORD.match(text, gap.end()) if gap else None
        if word is None:
            break
        said.append(folded(word[0]))
        ends.append(word.end())
    for count in range(len(said), 0, -1):
        digits = number_phrases().get(tuple(said[:count]))
        if digits is not None:
            return _with_plus(text, found.start(), ends[count - 1], digits, True)
    return None


def _is_digit_beside(text: str, found: re.Match[str]) -> bool:
    return text[found.start() - 1 : found.start()].isdigit() or text[found.end() : found.end() + 1].isdigit()


def _with_plus(text: str, start: int, end: int, digits: str, is_spoken: bool) -> NumberToken:
    """Include the plus sign, or the bracket, before the digits."""
    plus = _PLUS.search(text, max(0, start - _LOOK_BACK), start)
    if plus:
        return NumberToken(plus.start(), end, digits, is_spoken, has_plus=True)
    opening = _OPENING.search(text, max(0, start - 1), start)
    return NumberToken(opening.start() if opening else start, end, digits, is_spoken)


def _belongs(reader: _Reader, token: NumberToken) -> bool:
    """Return whether a number continues the chain read so far."""
    if not reader.tokens:
        return True
    last, text = reader.tokens[-1], reader.text
    if token.has_plus or last.end > token.start:
        return False
    gap = _BETWEEN.match(text, last.end)
    if gap is None or gap.end() < token.start:
        filler = _WORD.match(text, gap.end()) if gap else None
        if filler is None or not _is_filler(filler[0]):
            return False
        gap = _BETWEEN.match(text, filler.end())
        return gap is not None and gap.end() >= token.start
    return text[last.end : token.start] != ","


def _is_filler(word: str) -> bool:
    return folded(word) in words("fillers")


def _is_attached(sign: str) -> bool:
    """Return whether a character next to digits makes them part of a word, as in A380 and 5th."""
    return bool(sign) and (sign.isalpha() if sign.isascii() else bool(_PART.match(sign)) and not _FREE.match(sign))


_PART = re.compile(WORD_PART)
_FREE = re.compile(f"[{UNSPACED}{INVISIBLE}]")
