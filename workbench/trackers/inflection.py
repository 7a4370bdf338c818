"""What a word's inflections have in common, the irregular ones too: "paid" is a form of "pay", "ging" of "gehen".

Snowball's stems join regular forms; a dictionary of base forms (simplemma) joins irregular ones, and
``inflection.toml`` those that it has wrong or that stand for two words, as "left" does. Forms that share a stem are
still joined.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from workbench.domain.words import fold
from workbench.trackers.words import stem

LANGUAGES = ("en", "es", "de")
"""Those with base forms; in others, words are compared by their stems alone."""


@lru_cache(maxsize=200_000)
def keys_of(form: str, language: str) -> tuple[str, ...]:
    """Return what a word that is said has in common with others: two share a key if one is a form of the other."""
    own = stem(form, language)
    return tuple(dict.fromkeys((own, *(stem(base, language) for base in bases_of(form, language)))))


def keys_wanted(form: str, language: str) -> tuple[str, ...]:
    """Return the keys of a word that is looked for.

    One that is a base form is looked for as that alone: "left" finds no "leaves", though "leave" finds "left".
    """
    bases = bases_of(form, language)
    return (stem(form, language),) if form in bases else keys_of(form, language)


def bases_of(form: str, language: str) -> tuple[str, ...]:
    """Return the base forms that a folded word may be a form of; nothing in a language without them."""
    if language not in LANGUAGES:
        return ()
    plain = form.removesuffix("'s")
    known = _irregular()[language].get(plain)
    return known if known is not None else _looked_up(plain, language)


def _looked_up(form: str, language: str) -> tuple[str, ...]:
    from simplemma import lemmatize

    written = [form]
    if language == "de":  # text is folded: "ß" is "ss", and nouns have lost their capital
        sharp = form.replace("ss", "ß")
        written = [*dict.fromkeys((form, form.capitalize(), sharp, sharp.capitalize()))]
    found = (fold(lemmatize(one, lang=language, low_memory=True)) for one in written)
    return tuple(dict.fromkeys(found))


@cache
def fillers(language: str) -> frozenset[tuple[str, ...]]:
    """Return what people say while they think, each as its folded words; of an unknown language only sounds."""
    known = _file().get(language, _file()["en"])["fillers"]
    return frozenset(tuple(fold(one).split()) for one in known if language in _file() or " " not in one)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("inflection.toml").read_text(encoding="utf-8"))


@cache
def _irregular() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the base forms of each irregular form, by language."""
    out: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, words in _file().items():
        found: dict[str, list[str]] = {fold(form): [fold(form)] for form in words["own"].split()}
        for base, forms in words["forms"].items():
            found.setdefault(fold(base), []).insert(0, fold(base))
            for form in forms.split():
                found.setdefault(fold(form), []).append(fold(base))
        out[language] = {form: tuple(dict.fromkeys(bases)) for form, bases in found.items()}
    return out
