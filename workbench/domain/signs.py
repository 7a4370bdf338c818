"""Signs that stand around words, as in "C++", "$40" and "20%": which there are, and which belong to a word."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_NAMED_SIGNS = "#%&*@/\\§‰‱"  # of the punctuation; what ends or divides sentences says nothing about a word
_NO_SIGNS = "©®"
_SHARE = "%‰‱"


@cache
def signs_and_marks() -> tuple[frozenset[str], frozenset[str]]:
    """Return the signs that count beside a word, and the marks that belong to letters."""
    kinds = [unicodedata.category(chr(code)) for code in range(0x20000)]
    marks = frozenset(chr(code) for code, kind in enumerate(kinds) if kind[0] == "M")
    signs = {chr(code) for code, kind in enumerate(kinds) if kind in ("Sm", "Sc", "So")}
    return frozenset(signs | set(_NAMED_SIGNS)) - set(_NO_SIGNS), marks


def class_of(members: frozenset[str]) -> str:
    """Return the inside of a pattern's class: ranges."""
    codes = sorted(map(ord, members))
    starts = [code for code in codes if chr(code - 1) not in members]
    ends = [code for code in codes if chr(code + 1) not in members]
    return "".join(f"{re.escape(chr(start))}-{re.escape(chr(end))}" for start, end in zip(starts, ends, strict=True))


def signs_after(text: str, end: int) -> str:
    """Return the signs that follow a word; one of an amount also where white space parts it from the number."""
    start = end
    if end and text[end - 1].isdigit():
        while start < len(text) and text[start].isspace():
            start += 1
        if text[start : start + 1] not in amount_signs():
            start = end
    signs, at = signs_and_marks()[0], start
    while at < len(text) and text[at] in signs:
        at += 1
    return text[start:at]


def signs_before(text: str, start: int) -> str:
    """Return the signs that precede a word; that of a currency also where white space parts it from the number."""
    end = start
    if text[start].isdigit():
        while end and text[end - 1].isspace():
            end -= 1
        if not end or unicodedata.category(text[end - 1]) != "Sc":
            end = start
    signs, at = signs_and_marks()[0], end
    while at and (text[at - 1] in signs or text[at - 1] == "."):
        at -= 1
    return text[at:end]


@cache
def amount_signs() -> frozenset[str]:
    """Return the signs that belong to the number before them."""
    return frozenset(one for one in signs_and_marks()[0] if one in _SHARE or unicodedata.category(one) == "Sc")


@cache
def apart_from_number() -> re.Pattern[str]:
    """Return the white space between a number and its sign, as in "$ 40"."""
    money = class_of(frozenset(one for one in amount_signs() if one not in _SHARE))
    return re.compile(rf"(?<=\d)\s+(?=[{_SHARE}٪％]|[{money}](?!\s*\d))|(?<=[{money}])\s+(?=\d)")


def typed_before(text: str, start: int) -> str:
    """Keep a full stop at the beginning of a word, as in ".NET", and not at its end."""
    found = signs_before(text, start)
    begin = text.rindex(found, 0, start)
    if "." not in found or (found.count(".") == 1 and (begin == 0 or not _is_said(text[begin - 1]))):
        return found
    return found.rpartition(".")[2]


def _is_said(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"
