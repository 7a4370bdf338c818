"""Words that never count as names, so that redacting names changes nothing for earlier finders."""

from __future__ import annotations

from functools import cache

from workbench.corpus.redaction.kinds import KINDS
from workbench.corpus.redaction.letters import folded, is_unspaced
from workbench.corpus.redaction.number_words import number_phrases
from workbench.corpus.redaction.words import joiners, phrases, words

_LISTS = ("phone_cues", "other_cues", "units", "fillers", "email_cues", "roles", "abbreviations")
_UNSPACED = ("phone_cues_unspaced", "other_cues_unspaced")


def is_reserved(word: str) -> bool:
    """Return whether a word is a cue, a number, a role or similar."""
    if is_unspaced(word):
        return any(one in word for name in _UNSPACED for one in phrases(name))
    known = folded(word)
    return known in _all() or any(known in words(name) for name in _LISTS)


@cache
def _all() -> frozenset[str]:
    numbers = (word for phrase in number_phrases() for word in phrase)
    said = (folded(one) for name in ("at", "dot") for one in phrases(name))
    return frozenset((*numbers, *said, *joiners(), *KINDS, "plus"))
