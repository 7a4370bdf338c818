"""Whether two texts say the opposite of each other, as "I have money to spend" and "I don't have any money" do.

These are rules over words, not a parse. A clause is about its words, and it is turned if it says "not" or the like an
odd number of times. Texts are compared by the two clauses that share most of what they are about.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from workbench.domain.words import fold, forms_in
from workbench.trackers.inflection import keys_of
from workbench.trackers.words import language_of, stem

SHORT = 12
"""Words up to which a text is about one thing, so that two such texts need not share a word to be compared, and each
word that is the opposite of one of the other's counts."""

_ANSWERS = frozenset({"no", "nein"})
_DOUBLE = frozenset({"es"})  # languages in which two of them are one: "no me llamó nadie"
_MARK = "\u2016"  # where a clause ends; nobody types it
_MARKS = str.maketrans(dict.fromkeys(",;:.!?–—¿¡", f" {_MARK} "))


class Clause(NamedTuple):
    """The keys of the words that a clause is about, and whether it is turned.

    ``left`` and ``right`` are the numbers of the opposites that it says the one or the other side of.
    """

    about: frozenset[str]
    turned: bool
    left: frozenset[int]
    right: frozenset[int]


class Clauses(NamedTuple):
    """A text's clauses, and how many words it has."""

    clauses: tuple[Clause, ...]
    words: int


class _Rules(NamedTuple):
    turning: frozenset[str]
    phrases: tuple[str, ...]
    polite: tuple[str, ...]
    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    ends: frozenset[str]
    light: frozenset[str]


def opposed(one: str, other: str, language: str | None = None) -> bool:
    """Return whether two texts say the opposite, as far as words tell; False in a language without rules.

    >>> opposed("I agree.", "I don't agree."), opposed("I agree.", "I don't disagree.")
    (True, False)
    """
    known = language_of(language)
    if known not in _rules():
        return False
    mine, yours = clauses_of(one, known), clauses_of(other, known)
    both_short = max(mine.words, yours.words) <= SHORT
    counted = _opposites if both_short else lambda *_: 0
    pairs = [(len(a.about & b.about) + counted(a, b), a, b) for a in mine.clauses for b in yours.clauses]
    if not pairs:
        return False
    shared, a, b = max(pairs, key=lambda pair: pair[0])
    if not shared and not (both_short and a.about and b.about):
        return False
    return (a.turned != b.turned) != (counted(a, b) % 2 == 1)


@lru_cache(maxsize=100_000)
def clauses_of(text: str, language: str) -> Clauses:
    """Return what a text says, clause by clause; a "no" that answers a question is left out."""
    rules = _rules()[language]
    clauses: list[list[str]] = [[]]
    for whole in fold(text).translate(_MARKS).split():
        if whole == _MARK or whole in rules.ends:
            clauses.append([])
        if whole != _MARK:
            clauses[-1] += forms_in(whole, True)
    found = [_clause(one, rules, language) for one in clauses if set(one) - rules.turning or len(one) > 1]
    return Clauses(tuple(found), sum(map(len, clauses)))


def _clause(words: list[str], rules: _Rules, language: str) -> Clause:
    turns, text = 0, f" {' '.join(words)} "
    for phrase in rules.polite:
        text = text.replace(f" {phrase} ", " ")
    for phrase in rules.phrases:
        turns += text.count(f" {phrase} ")
        text = text.replace(f" {phrase} ", " ")
    said, about = text.split(), set()
    for at, word in enumerate(said):
        if word in rules.turning or word.endswith("n't"):
            turns += at > 0 or word in rules.turning  # "Don't you think …?" turns nothing
        elif word not in rules.light and "'" not in word:
            about |= {*keys_of(word, language)}
    if turns > 1 and language in _DOUBLE:
        turns = 1
    elif turns > 1 and said[0] in _ANSWERS:  # "No I don't" is "I don't"
        turns -= 1
    left, right = ({at for at, sides in enumerate(rules.opposites) if about & sides[side]} for side in (0, 1))
    return Clause(frozenset(about), turns % 2 == 1, frozenset(left - right), frozenset(right - left))


def _opposites(one: Clause, other: Clause) -> int:
    return len(one.left & other.right | one.right & other.left)


@cache
def _rules() -> dict[str, _Rules]:
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("polarity.toml").read_text(encoding="utf-8"))
    return {language: _read(rules, language) for language, rules in table.items()}


def _read(rules: dict[str, Any], language: str) -> _Rules:
    def stems(words: str) -> frozenset[str]:
        return frozenset(stem(word, language) for word in fold(words).split())

    return _Rules(
        turning=frozenset(fold(rules["not"]).split()),
        phrases=tuple(sorted(map(fold, rules["phrases"]), key=len, reverse=True)),
        polite=tuple(map(fold, rules["polite"])),
        opposites=tuple((stems(left), stems(right)) for left, right in rules["opposites"]),
        ends=frozenset(fold(rules["ends"]).split()),
        light=frozenset(fold(rules["light"]).split()),
    )
