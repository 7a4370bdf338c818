"""The names with which people introduce themselves: "my name is …", "this is … speaking"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from workbench.corpus.redaction.edits import Replacement
from workbench.corpus.redaction.letters import WORD, folded, is_unspaced
from workbench.corpus.redaction.reserved import is_reserved
from workbench.corpus.redaction.words import common_words, introductions, words

_SPACE = r"[ \t\u00a0]{1,2}"
_NAME = rf"{WORD}(?:['’\-]{WORD})*"
_WORD = re.compile(_NAME)
_BEFORE_WORD = re.compile(rf"[:,]?{_SPACE}")
_BETWEEN = re.compile(_SPACE)
_AFTER_INITIAL = re.compile(rf"\.?{_SPACE}")
_MAX_INITIAL = 2
_END = re.compile(rf",?{_SPACE}({WORD})(?!\s+\d)")  # not "from 2017"
_STOP = re.compile(r"\s*(?:[,.!?;:。、]|\Z)")
_MAX_WORDS = 3
_NAME_HEADS = "od"  # O'Neil, D'Angelo; other single letters are elided words, as in c'est
_CJK = "[々\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3]"
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'"})


@dataclass(frozen=True, slots=True)
class Introduction:
    """A name that someone gives as their own, and whether it is certain enough to search for it elsewhere too."""

    edit: Replacement
    is_sure: bool = True


def introduced_in(text: str) -> Iterator[Introduction]:
    """Yield the names that people give as their own."""
    plain = text.translate(_APOSTROPHES)
    for cue in _cues().finditer(plain):
        name = _name_from(plain, cue)
        if name:
            yield name
    for found in _after_name().finditer(plain):
        place = _name_until(plain, found.start())
        if place:
            yield Introduction(Replacement(*place, "name"))
    for pattern in _unspaced():
        for found in pattern.finditer(plain):
            if found["name"]:
                yield Introduction(Replacement(*found.span("name"), "name"))


@cache
def _cues() -> re.Pattern[str]:
    groups = []
    for kind in ("strong", "weak"):
        said = sorted(introductions(kind), key=len, reverse=True)
        groups.append(rf"(?P<{kind}>{'|'.join(re.escape(one) for one in said)})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?![\w'])", re.IGNORECASE)


@cache
def _after_name() -> re.Pattern[str]:
    said = "|".join(re.escape(one) for one in introductions("after_name"))
    return re.compile(rf"{_SPACE}(?:{said})(?![\w'])", re.IGNORECASE)


@cache
def _unspaced() -> tuple[re.Pattern[str], ...]:
    before = "|".join(re.escape(one) for one in introductions("unspaced_before"))
    after = "|".join(re.escape(one) for one in introductions("unspaced_after"))
    return (
        re.compile(rf"(?:{before})[ 、,]?(?P<name>{_CJK}{{2,4}}?)(?=です|と|といい|[，。、,.\s!！]|이|입|\Z)"),
        re.compile(rf"(?<!{_CJK})(?P<name>(?:(?![のはがでをに]){_CJK}){{2,8}}?)(?:{after})"),
        re.compile(rf"[のはがでを](?P<name>(?:(?![のはがでをに]){_CJK}){{2,8}}?)(?:{after})"),
    )


def _name_from(text: str, cue: re.Match[str]) -> Introduction | None:
    """Return the one to three words of a name that begin after a cue.

    Without a strong cue, another word of introductions must follow, and a name in lower case counts only after cues
    that are followed by little else.
    """
    is_strong = cue.lastgroup == "strong"
    gap = _BEFORE_WORD.match(text, cue.end())
    start = end = gap.end() if gap else cue.end()
    count, is_small = 0, False
    while gap and count < _MAX_WORDS:
        word = _WORD.match(text, gap.end())
        if word is None or not _may_be_name(word[0], is_strong, count):
            break
        end, count, is_small = word.end(), count + 1, is_small or not word[0][0].isupper()
        gap = (_AFTER_INITIAL if len(word[0]) <= _MAX_INITIAL else _BETWEEN).match(text, end)
    if not count:
        return None
    said, after = cue[0].lower(), _END.match(text, end)
    if is_strong:
        return Introduction(Replacement(start, end, "name"), said not in introductions("of_anything"))
    ending = after[1].lower() if after else ""
    is_sure = ending in _ends("sure_ends")
    if is_small and not is_sure and said in introductions("not_in_small"):
        return None
    if ending not in _ends("ends"):
        is_whole = count > 1 and _STOP.match(text, end) is not None
        return (
            Introduction(Replacement(start, end, "name"), False)
            if is_whole and said in introductions("person")
            else None
        )
    return Introduction(Replacement(start, end, "name"), is_sure or not is_small)


def _name_until(text: str, end: int) -> tuple[int, int] | None:
    """Return the one or two words of a name before "speaking", at the beginning of a sentence."""
    words_before = list(_WORD.finditer(text, max(0, end - 80), end))
    for count in (2, 1):
        chosen = words_before[-count:]
        if len(chosen) < count or chosen[-1].end() != end or chosen[0].start() == end - 80:
            continue
        if count > 1 and not _BETWEEN.fullmatch(text[chosen[0].end() : chosen[1].start()]):
            continue
        before = text[: chosen[0].start()][-3:].rstrip()
        if (before == "" or before[-1] in ".!?,") and all(_may_be_name(one[0], False, 0) for one in chosen):
            return chosen[0].start(), end
    return None


def _may_be_name(word: str, is_strong: bool, count: int) -> bool:
    if is_unspaced(word) or is_reserved(word):
        return False
    known = folded(word)
    if any(one in common_words() for one in (known, *known.split("'")) if len(one) > 1) or known in words("titles"):
        return False
    if "'" in known and len(known.split("'")[0]) == 1 and known[0] not in _NAME_HEADS:
        return False
    if word[0].isupper():
        return True
    if word[0].islower():
        return (
            len(known) > 1
            and (is_strong or not known.endswith(introductions("not_in_names")))
            and count < _MAX_WORDS - 1
        )
    return is_strong and count < _MAX_WORDS - 1  # a script without capitals


@cache
def _ends(name: str) -> frozenset[str]:
    return frozenset(introductions(name))
