"""Words as keyword trackers compare them: by their stem in the conversation's language, or as they are written."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Any

from workbench.domain.language_tags import primary_language
from workbench.domain.words import Folded, Phrase, Word, folded, forms_in, signs_of

# What Snowball has a stemmer for, by the first part of a BCP 47 code.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_STEMMING = threading.Lock()  # a stemmer keeps the word that it is at


def language_of(code: str | None) -> str:
    """Return the part of a language's tag that names the language, whatever form it has; ``en`` where it is unknown."""
    return primary_language(code)


def said_in(text: str, language: str, exact: bool = False) -> Folded:
    """Return a text as it is compared, and its words in order: by their stems unless ``exact``."""
    said = folded(text, joined=not exact)
    return said if exact else Folded(said.text, [Word(stem(one.form, language), *one[1:]) for one in said.words])


def forms_of(text: str, language: str, exact: bool = False) -> list[str]:
    """Return the words of a text as :func:`said_in` does, without their places, which is faster."""
    forms = forms_in(text, joined=not exact)
    return forms if exact else [stem(form, language) for form in forms]


def words_in(text: str, language: str, exact: bool = False) -> list[Word]:
    """Return the words of a text; see :func:`said_in`."""
    return said_in(text, language, exact).words


def phrase_in(typed: str, language: str, exact: bool = False) -> Phrase:
    """Return the words that were typed, by their stems unless ``exact``, and the signs that have to be there."""
    said = said_in(typed, language, exact)
    return Phrase(tuple(word.form for word in said.words), signs_of(said))


def count_words(text: str) -> int:
    """Return how many words a text has; one with an apostrophe is one."""
    return len(forms_in(text, joined=True))


@lru_cache(maxsize=200_000)
def stem(form: str, language: str) -> str:
    """Return what a word's inflections have in common; the word itself in a language without a stemmer."""
    stemmer = _stemmer(language)
    base = form.removesuffix("'s")
    if stemmer is None:
        return base
    with _STEMMING:
        return str(stemmer.stemWord(base))


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    name = _STEMMERS.get(language)
    return None if name is None else snowballstemmer.stemmer(name)
