r"""What a keyword tracker looks for: words in a row, each in any form or as written, and where they stand.

What is typed may hold alternatives ("refund OR money back") and ``*``: within a word for any letters ("cancel*"), by
itself for any one word. ``\*`` is the sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from workbench.domain.words import Folded, Phrase, Signs, folded, forms_in, signs_of
from workbench.trackers.inflection import fillers, keys_of, keys_wanted
from workbench.trackers.words import forms_of, said_in

STEMS = 1
"""Rules by which words are the same if they have the same stem, as earlier versions compared them."""

FORMS = 2
"""Rules by which words are the same if one is a form of the other, with alternatives, ``*`` and fillers."""

_ANY = "\ua7f7"  # a letter that nobody types: it stands for ``*`` while a text is taken apart
_OR = re.compile(r"\s+OR\s+")
_STAR = re.compile(r"\\([*\\])|\*")
_MOST_FILLERS = 3  # between two words of a phrase

WantedWord = frozenset[str] | re.Pattern[str]
"""The keys of a word, one of which the word that is said has to have; or a pattern of the word itself."""


class Said(NamedTuple):
    """A sentence, with the keys of each of its words, and the places of what says nothing."""

    folded: Folded
    keys: Sequence[tuple[str, ...]]
    pauses: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that follow each other, with the signs that have to stand around them, as they were ``typed``."""

    words: tuple[WantedWord, ...]
    signs: tuple[Signs, ...]
    typed: str

    def shares(self, other: Sought) -> bool:
        """Say whether both look for one of the same words."""
        return any(_meet(mine, yours) for mine in self.words for yours in other.words)

    def end(self, said: Said, at: int) -> int | None:
        """Return the place of the last word where a sentence says this from place ``at`` on."""
        place = at
        for number, wanted in enumerate(self.words):
            if number:
                place = self._next(said, place, wanted)
            if not 0 <= place < len(said.keys) or not _is(wanted, said, place):
                return None
            if self.signs and not _signs_stand(self.signs[number], said.folded, place):
                return None
        return place

    def _next(self, said: Said, place: int, wanted: WantedWord) -> int:
        """Return where the next word stands, beyond what says nothing unless that is what is wanted."""
        following = place + 1
        while following in said.pauses and following <= place + 2 * _MOST_FILLERS and not _is(wanted, said, following):
            following += 1
        return following


@dataclass(frozen=True, slots=True)
class WordComparison:
    """How words are compared: the tracker's ``rules``, whether ``exact``, and the language of the call."""

    rules: int
    exact: bool
    language: str

    def keys_in(self, text: str) -> list[str]:
        """Return the keys of all words of a text, which is faster than :meth:`said`."""
        if self.rules == STEMS or self.exact:
            return forms_of(text, self.language, self.exact)
        return [key for form in forms_in(text, joined=True) for key in keys_of(form, self.language)]

    def said(self, text: str) -> Said:
        """Return what a sentence says."""
        if self.rules == STEMS or self.exact:
            said = said_in(text, self.language, self.exact)
            return Said(said, [(word.form,) for word in said.words], frozenset())
        said = folded(text, joined=True)
        forms = [word.form for word in said.words]
        return Said(said, [keys_of(form, self.language) for form in forms], _pauses(forms, self.language))

    def sought(self, typed: str) -> Iterator[Sought]:
        """Yield what was typed, each alternative by itself; nothing that has no word."""
        if self.rules == STEMS:
            said = said_in(typed, self.language, self.exact)
            yield from _made(said, [frozenset((word.form,)) for word in said.words], typed)
            return
        for one in alternatives(typed):
            said = folded(_STAR.sub(lambda found: found[1] or _ANY, one), joined=not self.exact)
            yield from _made(said, [self._wanted(word.form) for word in said.words], typed)

    def _wanted(self, form: str) -> WantedWord:
        if _ANY in form:
            return re.compile(r"[\w']*".join(map(re.escape, form.split(_ANY))))
        return frozenset((form,) if self.exact else keys_wanted(form, self.language))


class Index:
    """Several things that are looked for, found by their first word."""

    def __init__(self, sought: Iterable[Sought]):
        self.sought = list(sought)
        self.by_key: dict[str, list[Sought]] = {}
        self.open: list[Sought] = []  # any word may begin these
        for one in self.sought:
            first = one.words[0]
            if isinstance(first, re.Pattern):
                self.open.append(one)
            else:
                for key in first:
                    self.by_key.setdefault(key, []).append(one)

    def may_be_in(self, keys: Iterable[str]) -> bool:
        """Say whether a text with these keys may say any of it, which it nearly never does."""
        return bool(self.open) or not self.by_key.keys().isdisjoint(keys)

    def found(self, said: Said) -> Iterator[tuple[int, int, str]]:
        """Yield where it is said in the folded text, and what was typed; in order."""
        words = said.folded.words
        for at, keys in enumerate(said.keys):
            for one in _distinct(self.by_key, keys) if not self.open else [*_distinct(self.by_key, keys), *self.open]:
                end = one.end(said, at)
                if end is not None:
                    yield words[at].start, words[end].end, one.typed


def alternatives(typed: str) -> list[str]:
    """Return what stands between each OR of an entry.

    >>> alternatives("refund OR money back"), alternatives("OR gate")
    (['refund', 'money back'], ['OR gate'])
    """
    return [one for one in _OR.split(typed) if one]


def words_of(typed: str) -> str:
    """Return what was typed without what stands for other words, so that its own words can be counted."""
    return _STAR.sub(lambda found: found[1] or " ", typed)


def _made(said: Folded, words: Sequence[WantedWord], typed: str) -> Iterator[Sought]:
    if words:
        yield Sought(tuple(words), signs_of(said), typed)


def _distinct(index: dict[str, list[Sought]], keys: tuple[str, ...]) -> list[Sought]:
    if len(keys) == 1:
        return index.get(keys[0], [])
    return [*{id(one): one for key in keys for one in index.get(key, ())}.values()]


def _is(wanted: WantedWord, said: Said, place: int) -> bool:
    if isinstance(wanted, re.Pattern):
        return wanted.fullmatch(said.folded.words[place].form) is not None
    return place < len(said.keys) and not wanted.isdisjoint(said.keys[place])


def _signs_stand(wanted: Signs, said: Folded, place: int) -> bool:
    is_last = place + 1 == len(said.words)
    return not (wanted.between and is_last) and Phrase((), (wanted,)).at(said, place)


def _meet(one: WantedWord, other: WantedWord) -> bool:
    if isinstance(one, re.Pattern) and isinstance(other, re.Pattern):
        return one.pattern == other.pattern
    if isinstance(one, re.Pattern):
        return _meet(other, one)
    return any(other.fullmatch(key) for key in one) if isinstance(other, re.Pattern) else not one.isdisjoint(other)


def _pauses(forms: Sequence[str], language: str) -> frozenset[int]:
    singles, several = _fillers(language)
    out = {at for at, form in enumerate(forms) if form in singles}
    for words in several:
        for at in range(len(forms) - len(words) + 1):
            if tuple(forms[at : at + len(words)]) == words:
                out.update(range(at, at + len(words)))
    return frozenset(out)


@cache
def _fillers(language: str) -> tuple[frozenset[str], tuple[tuple[str, ...], ...]]:
    known = fillers(language)
    return frozenset(one[0] for one in known if len(one) == 1), tuple(one for one in known if len(one) > 1)
