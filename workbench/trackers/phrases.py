"""Lists of words and phrases, as people type them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.domain.errors import InvalidTracker
from workbench.domain.plurals import plural
from workbench.domain.rules import MAX_PHRASE
from workbench.domain.texts import normalise, text_key
from workbench.domain.words import fold
from workbench.trackers.sought import alternatives, words_of
from workbench.trackers.words import count_words


def checked_phrases(field: str, given: Any, least: int, most: int, has_stars: bool = False) -> tuple[str, ...]:
    """Return the phrases, white space normalised, each once whatever its case.

    With ``has_stars`` they may hold alternatives and ``*``, see :mod:`workbench.trackers.sought`; each has a word.

    Raises:
        InvalidTracker: names the field and what is wrong: too few or many, too long, or without a word.
    """
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(one, str) for one in given):
        raise InvalidTracker(f"{field}: give a list of words and phrases")
    distinct = {text_key(fold(one)): normalise(one) for one in reversed(given) if normalise(one)}
    phrases = tuple(reversed(distinct.values()))
    if not least <= len(phrases) <= most:
        given = plural(len(phrases), "word or phrase", "words and phrases")
        raise InvalidTracker(f"{field}: {given}; give at least {least} and at most {most:,}")
    for phrase in phrases:
        if len(phrase) > MAX_PHRASE:
            raise InvalidTracker(f"{field}: {phrase[:40]!r}… has {len(phrase)} characters; at most {MAX_PHRASE}")
        if not all(map(count_words, map(words_of, alternatives(phrase)) if has_stars else (phrase,))):
            raise InvalidTracker(f"{field}: {phrase!r} contains no word")
    return phrases
