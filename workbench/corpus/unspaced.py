"""Sentences in languages without spaces between words, where sentencex splits too rarely or too often."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SCRIPTS = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\uff00-\uffef]")
_CLOSING = "\"'”’»)\\]」』）】"
# Khmer and Tibetan full stops, but not the two around "etc."; and spaces after the end of a Thai or Lao sentence:
# polite particles, and question words. "ชนะ", "ฐานะ" and "พาหนะ" only end like one.
_KHMER = rf"[\u17d4\u17d5\u17da\u0f0e](?!ល\u17d4)[{_CLOSING}]*"
_THAI = (
    r"(?:ครับผม|ครับ|คร้าบ|ค่ะ|คะ|จ้ะ|จ้า|จ๊ะ|ฮะ|ฮ่ะ|(?<!ช)(?<!ฐา)(?<!พาห)นะ|น่ะ|สิ|ไหม|มั้ย|หรือเปล่า|รึเปล่า|หรือยัง|รึยัง|"
    r"เท่าไหร่|เท่าไร|อะไร|ที่ไหน|เมื่อไหร่|เมื่อไร)\s+(?!ครับ|ค่ะ|คะ|นะ|จ้ะ|จ้า)"
)
_LAO = r"(?:ເດີ້|ເດີ|ແດ່|ເນາະ|ນໍ|ບໍ|ຈ້າ)\s+"
_BRACKETED = "[。！？]）"
_ENDS = re.compile(f"{_KHMER}|{_THAI}|{_LAO}|{_BRACKETED}")
# The end of a piece, and the beginning of the next, if both are one sentence: a comma of Burmese; a wide full stop in
# a number or an abbreviation; a Thai abbreviation; and Japanese that continues after a quotation.
_GOES_ON = (
    (re.compile("\u104a\\s*$"), re.compile("")),
    (re.compile("[0-9０-９A-Za-zＡ-Ｚａ-ｚ]．$"), re.compile("[0-9０-９A-Za-zＡ-Ｚａ-ｚ]")),
    (re.compile(r"(?<![\u0e00-\u0e7f])[ก-ฮ]{1,3}\.\s*$"), re.compile("")),
    (re.compile("[」』]$"), re.compile("[\u3041-\u309f]")),
)


def mended(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a text split as speakers of these languages would."""
    if not _SCRIPTS.search(text):
        yield from pieces
        return
    last: tuple[int, int] | None = None
    for start, end in pieces:
        if last and _is_one(text, last, (start, end)):
            last = (last[0], end)
            continue
        if last:
            yield from _divided(text, *last)
        last = (start, end)
    if last:
        yield from _divided(text, *last)


def _is_one(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    if before[1] != after[0]:
        return False
    head, tail = text[max(before[0], before[1] - 12) : before[1]], text[after[0] : after[1]]
    return any(end.search(head) and begin.match(tail) for end, begin in _GOES_ON)


def _divided(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _ENDS.finditer(text, start, end):
        if found.end() < end:
            yield start, found.end()
            start = found.end()
    yield start, end
