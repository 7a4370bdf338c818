"""Words as keyword trackers compare them: by their stem in the conversation's language, or as they are written."""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import Any, NamedTuple

# What Snowball has a stemmer for, by the first part of a BCP 47 code.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Scripts without spaces: there each sign is a word of its own, and a phrase is signs that follow each other.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’][^\W{_UNSPACED}]+)*")


_STEMMING = threading.Lock()  # a stemmer keeps the word that it is at


class Word(NamedTuple):
    """``form`` is what is compared; ``text[start:end]`` is what was said."""

    form: str
    start: int
    end: int


def language_of(code: str | None) -> str:
    """The part of a BCP 47 code that names the language; ``en`` where it is unknown."""
    return (code or "en").replace("_", "-").split("-")[0].lower()


def words_in(text: str, language: str, exact: bool = False) -> list[Word]:
    """The words of a text in order; by their stems unless ``exact``. Case never counts."""
    found = [(match.group().casefold().replace("’", "'"), *match.span()) for match in _WORD.finditer(text)]
    return [Word(form if exact else stem(form, language), start, end) for form, start, end in found]


@lru_cache(maxsize=200_000)
def stem(form: str, language: str) -> str:
    """What a word's inflections have in common; the word itself in a language without a stemmer."""
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
