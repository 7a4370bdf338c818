"""E-mail addresses, written, and spoken: "ann dot lee at example dot com"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from workbench.corpus.redaction.edits import Replacement
from workbench.corpus.redaction.letters import INVISIBLE, UNSPACED, WORD, folded, is_unspaced
from workbench.corpus.redaction.number_words import first_words
from workbench.corpus.redaction.words import common_words, joiners, phrases, words

# The characters before and after the at sign: letters, digits and marks of scripts with spaces.
_NOT_LOCAL = frozenset("@＠[](){}<>,;:\"'“”‘’「」、。！？|\\/=")
_SIGN = rf"(?![{UNSPACED}])[\w{INVISIBLE}]"
_DOMAIN = re.compile(rf"(?:{_SIGN}(?:(?:{_SIGN}|-)*{_SIGN})?\.)+(?![{UNSPACED}])[^\W\d_](?:{_SIGN}|-)*")
_APOSTROPHES = ("'", "’", "ʼ")
_AT = re.compile("[@＠]")
_TRIMMED = ".-+_!#$%&*?^`~"
_PIECE = rf"(?:{WORD}|\d+)"
_GAP = r"[ \t\u00a0]{1,2}"
_SPACED = re.compile(_GAP)
_PIECE_OR_SIGN = re.compile(_PIECE)
_MAX_ADDRESS_PARTS = 12
_SURE_DOTS = ("dot", "punkt")  # "point" is also a common word, as is "it"
_MAX_BEFORE = 200
_WORDS = re.compile(WORD)
_TO_ADDRESS = re.compile(rf"[:,]?{_GAP}")
_MAX_CUE = 60
_MAX_NAME = 4  # words before "at" that belong to an address after a cue


def emails_in(text: str) -> Iterator[Replacement]:
    """Yield the addresses in a text, in linear time."""
    last = 0
    for sign in _AT.finditer(text):
        found = _written(text, sign, last)
        last = found.end if found else sign.end()
        if found:
            yield found


def spoken_emails_in(text: str) -> Iterator[Replacement]:
    """Yield the addresses that are spoken, or partly spoken, in a text without written ones."""
    last = 0
    for sign in _spoken_at().finditer(text):
        if sign.start() < last:
            continue
        domain, is_sure = _domain_from(text, sign.end())
        if domain is None:
            continue
        start = _local_until(text, sign.start(), last, is_sure)
        if start is not None:
            last = domain
            yield Replacement(start, last, "email")


def _written(text: str, sign: re.Match[str], last: int) -> Replacement | None:
    domain = _DOMAIN.match(text, sign.end())
    if domain is None:
        return None
    start = sign.start()
    while start > last and text[start - 1] not in _NOT_LOCAL and not text[start - 1].isspace():
        start -= 1
    while start < sign.start() and (text[start] in _TRIMMED or is_unspaced(text[start])):
        start += 1
    return Replacement(start, domain.end(), "email") if start < sign.start() else None


@cache
def _spoken_at() -> re.Pattern[str]:
    said = "|".join(re.escape(one) for one in sorted(phrases("at"), key=len, reverse=True))
    return re.compile(rf"{_GAP}(?:{said}|\(at\)|\[at\]){_GAP}|[(\[]at[)\]]", re.IGNORECASE)


@cache
def _dots() -> frozenset[str]:
    return frozenset(folded(one) for one in phrases("dot"))


def _domain_from(text: str, at: int) -> tuple[int | None, bool]:
    """Return where a domain that begins here ends, None if there is none; and whether it can be nothing else.

    It consists of names joined by dots, spoken or written, the last of which is a top-level domain. One such as "in"
    may also be a word.
    """
    best: int | None = None
    is_sure, dot = False, ""
    for place in range(_MAX_ADDRESS_PARTS):
        name = _PIECE_OR_SIGN.match(text, at)
        if name is None:
            break
        at = name.end()
        while (joined := _joined(text, at)) is not None:
            at = joined
        ending = folded(name[0])
        if place and ending in words("top_level") and not _goes_on(text, at):
            best, is_sure = at, ending not in words("top_level_words") or dot in _SURE_DOTS
        found = _dot_from(text, at)
        if found is None:
            break
        dot, at = found
    return best, is_sure


def _joined(text: str, at: int) -> int | None:
    """Return where a name continues after a hyphen, spoken or written."""
    if text[at : at + 1] == "-":
        more = _PIECE_OR_SIGN.match(text, at + 1)
        return more.end() if more else None
    gap = _SPACED.match(text, at)
    word = _PIECE_OR_SIGN.match(text, gap.end()) if gap else None
    if word is None or joiners().get(folded(word[0])) != "-":
        return None
    gap = _SPACED.match(text, word.end())
    more = _PIECE_OR_SIGN.match(text, gap.end()) if gap else None
    return more.end() if more else None


def _dot_from(text: str, at: int) -> tuple[str, int] | None:
    """Return a written or spoken dot here, and where it ends."""
    if text[at : at + 1] == ".":
        return ".", at + 1
    gap = _SPACED.match(text, at)
    word = _PIECE_OR_SIGN.match(text, gap.end()) if gap else None
    if word is None or folded(word[0]) not in _dots():
        return None
    gap = _SPACED.match(text, word.end())
    return (folded(word[0]), gap.end()) if gap else None


def _goes_on(text: str, at: int) -> bool:
    return text[at : at + 1] == "_" or text[at : at + 1].isdigit()


def _local_until(text: str, end: int, last: int, is_sure: bool) -> int | None:
    """Return where the part of an address before "at" begins; None if there is none.

    It consists of words joined by "dot", "underscore" and the like, of letters and digits that are spelled out, or else
    of the last word, unless that suggests something else.
    """
    pieces = list(_pieces_before(text, end, last))  # from the last to the first
    if not pieces or is_unspaced(pieces[0][2]):
        return None
    start, at = pieces[0][0], 0
    is_plain = True
    while at + 1 < len(pieces):
        here, before = pieces[at], pieces[at + 1]
        if before[2] in joiners() and at + 2 < len(pieces):
            at += 2
        elif here[3] or (_is_spelled(here[2]) and _is_spelled(before[2])):
            at += 1
        else:
            break
        start, is_plain = pieces[at][0], False
    cued = _cued_start(text, pieces, at, last)
    if cued is not None:
        return min(cued, start)
    if is_plain and not (is_sure and pieces[0][2] not in words("not_before_at") | common_words()):
        return None
    return start


def _pieces_before(text: str, end: int, last: int) -> Iterator[tuple[int, int, str, bool]]:
    """Yield the words before a position from right to left: start, end, the folded word, whether a sign precedes it."""
    window = max(last, end - _MAX_BEFORE)
    found = list(_PIECE_OR_SIGN.finditer(text, window, end))
    at = end
    for one in reversed(found[-2 * _MAX_ADDRESS_PARTS :]):
        gap = text[one.end() : at]
        if at != end and not (gap in "._-+" or _SPACED.fullmatch(gap)):
            return
        if at == end and one.end() != end:
            return
        if one.start() == window > last and text[window - 1 : window].isalnum():
            return
        before = text[max(0, one.start() - 1) : one.start()]
        if before in _APOSTROPHES:
            return  # the end of "it's"
        yield one.start(), one.end(), folded(one[0]), bool(before) and before in "._-+"
        at = one.start()


def _is_spelled(word: str) -> bool:
    return len(word) == 1 or word.isdigit() or word in first_words()


def _cued_start(text: str, pieces: list[tuple[int, int, str, bool]], at: int, last: int) -> int | None:
    """Return where an address after a cue begins, as in "my e-mail is ann lee at example dot com"."""
    for place in range(at, min(len(pieces), at + _MAX_NAME)):
        start = pieces[place][0]
        before = list(_WORDS.finditer(text, max(last, start - _MAX_CUE), start))[-2:]
        if not before or not _TO_ADDRESS.fullmatch(text, before[-1].end(), start):
            continue
        said = [folded(one[0]) for one in before]
        if (
            len(said) > 1
            and said[1] in words("email_links")
            and _SPACED.fullmatch(text, before[0].end(), before[1].start())
        ):
            said.pop()
        if said[-1] in words("email_cues"):
            return start
    return None
