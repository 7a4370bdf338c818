"""Words as they are compared, whoever typed or said them: one folding and one way to tell words from signs.

Text is folded by full case folding and compatibility decomposition (Unicode's D146) and composed again, so that
"STRASSE" is "Straße", "ΟΔΟΣ" is "οδος", and accents count however they are encoded. Beyond it the dotted and the
dotless i of Turkish are one, marks that show nothing are dropped, and every apostrophe is one. Nothing else compares
what people type with what was said, and no database folds for itself.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from workbench.domain.signs import (
    amount_signs,
    apart_from_number,
    class_of,
    signs_after,
    signs_and_marks,
    signs_before,
    typed_before,
)
from workbench.domain.texts import UNSEEN, normalise

# Names what is derived from it: change it when the words of a text change, as they also may with Unicode.
VERSION = f"words-2-unicode-{unicodedata.unidata_version}"

# Scripts without spaces: there each letter with its marks is a word, and a phrase is letters that follow each other.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# Beyond ASCII; the non-joiner divides words, and the empty braille cell is as good as a space.
_UNSEEN = {code for first, last in UNSEEN for code in range(first, last + 1)} - {*range(0x80), 0x200C, 0x2800}
_ALWAYS = {
    **dict.fromkeys(_UNSEEN, ""),
    **dict.fromkeys(map(ord, "\u2122\u2120"), " "),  # ™ would become letters of the word that it follows
    **dict.fromkeys(map(ord, "\u2019\u02bc\uff07"), "'"),
    ord("ı"): "i",
    ord("٪"): "%",
}
_DOTTED = re.compile("i([\u0300-\u0306\u0308-\u036f]*)\u0307")
_MEDIAL = re.compile("[\u1161-\u1175\u11a8-\u11c2]")  # letters of Hangul that melt into the one before
_FAR = "\U00010000-\U0010ffff"
_PARTS = re.compile(r"[^']*n't(?=$|')|[^']+")  # "can't" is not "can"
_OPEN, _CLOSE = '"“„«', '"”“»'


class Word(NamedTuple):
    """``form`` is what is compared; it stands at ``folded[start:end]``."""

    form: str
    start: int
    end: int


class Folded(NamedTuple):
    """A text as it is compared, and each of its words."""

    text: str
    words: list[Word]


class Signs(NamedTuple):
    """What has to stand directly around a word: signs ``before`` and ``after`` it, or all that is up to the next."""

    before: str
    after: str
    between: str


class Phrase(NamedTuple):
    """Words that follow each other, whatever signs stand between, and the ``signs`` that have to be there.

    ``signs`` are one for each word, or none where no word has any.
    """

    forms: tuple[str, ...]
    signs: tuple[Signs, ...]

    def at(self, said: Folded, place: int) -> bool:
        """Say whether the signs stand around the words of ``said`` from ``place`` on, which are those of the phrase."""
        return all(_has(said, place + at, one) for at, one in enumerate(self.signs))

    def is_in(self, said: Folded) -> bool:
        """Say whether a text holds the phrase."""
        forms, size = [word.form for word in said.words], len(self.forms)
        return any(
            tuple(forms[at : at + size]) == self.forms and self.at(said, at) for at in range(len(forms) - size + 1)
        )


def fold(text: str) -> str:
    """Return what is compared of a text: of two that differ in case or encoding only, the same.

    >>> fold("Straße") == fold("STRASSE"), fold("İstanbul") == fold("ISTANBUL"), fold("Café") == fold("Cafe")
    (True, True, False)
    """
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFC", text)
    if "\u0345" not in composed:  # which becomes a letter, so that the order of marks before it matters
        found = composed.translate(_EACH)
        if "\u0307" not in found and unicodedata.is_normalized("NFC", found):
            return found
    found = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).translate(_EACH))
    return unicodedata.normalize("NFC", _DOTTED.sub(r"i\1", found))


def folded(text: str, joined: bool = False) -> Folded:
    """Fold a text and find its words; ``joined`` leaves those with apostrophes whole, such as "l'addition"."""
    plain = fold(text)
    return Folded(plain, list(_words(plain, joined)))


def forms_in(text: str, joined: bool = False) -> list[str]:
    """Return the words of a text as :func:`folded` finds them, without their places, which is faster."""
    return _forms(fold(text), joined)


def phrase_of(typed: str) -> Phrase:
    """Return the words that were typed, and the signs at their edges.

    >>> phrase_of("we use C++").forms, phrase_of("C#").signs
    (('we', 'use', 'c'), (Signs(before='', after='#', between=''),))
    """
    said = folded(typed)
    return Phrase(tuple(word.form for word in said.words), signs_of(said))


def signs_of(typed: Folded) -> tuple[Signs, ...]:
    """Return the signs that have to stand around each of the words that were typed; nothing if none has any."""
    text, words = typed
    found = []
    glued = ""
    for at, word in enumerate(words):
        before, after = "" if glued else typed_before(text, word.start), signs_after(text, word.end)
        gap = text[word.end : words[at + 1].start] if at + 1 < len(words) else ""
        glued = after if after and gap == after else ""
        found.append(Signs(before, "" if glued else after, glued))
    return tuple(found) if any(map(any, found)) else ()


def phrases_of(query: str) -> list[Phrase]:
    r"""Return the phrases of a query: words by themselves, and what stands in quotes.

    >>> [phrase.forms for phrase in phrases_of('price "not now" don\'t')]
    [('price',), ('not', 'now'), ("don't",)]
    """
    texts, inside, start = [], False, 0
    text = apart_from_number().sub("", normalise(query))
    for at, sign in enumerate(text + " "):
        if sign in (_CLOSE if inside else _OPEN) or (sign == " " and not inside):
            texts.append(text[start:at])
            start, inside = at + 1, inside != (sign != " ")
    texts.append(text[start:])  # after a quote that was never closed
    return [phrase for phrase in map(phrase_of, texts) if phrase.forms]


def finder(typed: str) -> Callable[[str], bool]:
    """Return what says whether a text holds what was typed, as far as it goes, or all of its words."""
    wanted, phrases = normalise(fold(typed)), phrases_of(typed)

    def finds(text: str) -> bool:
        if wanted and wanted in normalise(fold(text)):
            return True
        said = folded(text) if phrases else None
        return said is not None and all(phrase.is_in(said) for phrase in phrases)

    return finds


def spans_in(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where in ``text`` stands what stands at these places of its folded form."""
    if text.isascii() or not spans:
        return list(spans)
    starts, places = _places(text)
    return [(places[bisect_right(starts, start) - 1], places[bisect_left(starts, end)]) for start, end in spans]


def compared(text: str) -> tuple[str, str | None]:
    """Return what search looks into: the words of a text, and those that stand next to signs, with these.

    The words have a space before and after each, so that a phrase without signs is a part of them; where no word
    stands next to a sign, there is None.

    >>> compared("We can't use C++.")
    (" we can't use c ", 'c++')
    """
    plain = fold(text)
    signed = _signed(plain) if _may_have_signs().search(plain) else []
    return f" {' '.join(_forms(plain, joined=False))} ", " ".join(signed) or None


def _signed(plain: str) -> list[str]:
    words = _words(plain, joined=False)
    around = [(signs_before(plain, start), form, signs_after(plain, end)) for form, start, end in words]
    return ["".join(one) for one in around if one[0] or one[2]]


class _Folding(dict[int, str]):
    """What each sign becomes, by its code."""

    def __missing__(self, code: int) -> str:
        sign = _ALWAYS.get(code, chr(code))
        for _ in range(2):
            sign = unicodedata.normalize("NFKD", sign.casefold())
        self[code] = found = unicodedata.normalize("NFC", sign.translate(_ALWAYS))
        return found


_EACH = _Folding()


def _places(text: str) -> tuple[list[int], list[int]]:
    """Return where each piece of a text that is folded by itself starts.

    First the places when folded, then those in the text; the ends come last.
    """
    cuts = [at for at, sign in enumerate(text) if at == 0 or _begins(sign)] + [len(text)]
    sizes = [len(fold(text[start:end])) for start, end in pairwise(cuts)]
    return [0, *accumulate(sizes)], cuts


@lru_cache(maxsize=10_000)
def _begins(sign: str) -> bool:
    """Return whether nothing of a sign moves behind, or melts into, what is before it."""
    found = fold(sign)
    return bool(found) and unicodedata.category(found[0])[0] != "M" and not _MEDIAL.match(found)


def _forms(plain: str, joined: bool) -> list[str]:
    found: list[str] = _pattern(plain).findall(plain)
    if joined or "'" not in plain:
        return found
    return [part for word in found for part in (_PARTS.findall(word) if "'" in word else (word,))]


def _words(text: str, joined: bool) -> Iterator[Word]:
    for match in _pattern(text).finditer(text):
        if joined or "'" not in match.group():
            yield Word(match.group(), *match.span())
        else:
            for part in _PARTS.finditer(text, *match.span()):
                yield Word(part.group(), *part.span())


def _pattern(text: str) -> re.Pattern[str]:
    plain, any_words, special = _word_patterns()
    return any_words if not text.isascii() and special.search(text) else plain


@cache
def _word_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Words of letters and digits alone, which is fast; those of any text; and what a text has that needs these."""
    marks = class_of(signs_and_marks()[1])
    letters = rf"[^\W_{UNSPACED}][{marks}]*(?:[^\W_{UNSPACED}][{marks}]*)*"
    any_words = re.compile(rf"(?=\w)[{UNSPACED}][{marks}]*|{letters}(?:'{letters})*")
    return re.compile(r"[^\W_]+(?:'[^\W_]+)*"), any_words, re.compile(f"[{_near(marks)}{_near(UNSPACED)}{_FAR}]")


@cache
def _may_have_signs() -> re.Pattern[str]:
    """Return what a text has where a word has signs, and some other texts have."""
    return re.compile(rf"[{_near(class_of(signs_and_marks()[0]))}{_FAR}]|\.\w")


def _near(inside: str) -> str:
    """Without the ranges beyond U+FFFF, which a pattern looks through one by one."""
    return re.sub("[\U00010000-\U0010ffff]-[\U00010000-\U0010ffff]", "", inside)


def _has(said: Folded, place: int, wanted: Signs) -> bool:
    text, words = said
    word = words[place]
    if wanted.between:
        gap = text[word.end : words[place + 1].start]
        if ("".join(gap.split()) if wanted.between in amount_signs() else gap) != wanted.between:
            return False
    if sign := wanted.after:
        found = signs_after(text, word.end)
        if not found.startswith(sign) or found[len(sign) :].startswith(sign[-1]):
            return False
    if sign := wanted.before:
        found = signs_before(text, word.start)
        if not found.endswith(sign) or found[: -len(sign)].endswith(sign[0]):
            return False
    return True
