"""Phrase trackers (K2): words, phrases and sentences as vocabulary; the same meaning is found in other words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import InvalidTracker
from workbench.domain.rules import MAX_VOCABULARY
from workbench.trackers.phrases import checked_phrases
from workbench.trackers.words import count_words

CLOSENESS = 0.4  # the best F1 of five examples over both corpora of benchmarks/phrases.py
LITERAL_WORDS = 3
_BLOCK = 16_384
_SAME = 0.98  # cosine from which two texts differ by case, stops and the like


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseSettings:
    """What is looked for.

    Attributes:
        vocabulary: words, phrases and sentences.
        closeness: the least score, in (0, 1), of what is found: how near a sentence comes to the nearest entry and,
            on average, to all of them; the mean of both cosines. Lower finds more and is wrong more often. A repeated
            entry is always found. One of up to three words, which no whole sentence comes near to, is found wherever
            it is said, in any inflection. Both have a score of 1.
    """

    vocabulary: tuple[str, ...]
    closeness: float = CLOSENESS

    @classmethod
    def checked(cls, settings: dict[str, Any]) -> PhraseSettings:
        """Return checked settings; raises ``InvalidTracker``, which names the field."""
        unknown = set(settings) - set(cls.__dataclass_fields__)
        if unknown:
            raise InvalidTracker(f"{', '.join(sorted(unknown))}: a phrase tracker takes vocabulary and closeness")
        closeness = settings.get("closeness", CLOSENESS)
        if isinstance(closeness, bool) or not isinstance(closeness, (int, float)) or not 0 < closeness < 1:
            raise InvalidTracker(f"closeness: {closeness!r} is not between 0 and 1")
        vocabulary = checked_phrases("vocabulary", settings.get("vocabulary", ()), 1, MAX_VOCABULARY)
        return cls(vocabulary=vocabulary, closeness=float(closeness))

    @property
    def literal(self) -> tuple[str, ...]:
        """The entries that are found wherever they are said."""
        return tuple(one for one in self.vocabulary if count_words(one) <= LITERAL_WORDS)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; :meth:`checked` reads it."""
        return asdict(self) | {"vocabulary": list(self.vocabulary)}


def nearest(vectors: Any, vocabulary: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Of each of ``vectors`` (``[n, d]``, unit length) the score, and the row of ``vocabulary`` that is nearest.

    The score is the mean of two cosines: to that nearest entry, and to all entries on average. What is like one entry
    only by a word that they share is less like the others. One that repeats an entry has a score of 1.
    """
    scores = np.empty(len(vectors), dtype=np.float32)
    which = np.empty(len(vectors), dtype=np.intp)
    for start in range(0, len(vectors), _BLOCK):
        block = np.asarray(vectors[start : start + _BLOCK], dtype=np.float32) @ vocabulary.T
        greatest = block.max(axis=1)
        which[start : start + _BLOCK] = block.argmax(axis=1)
        scores[start : start + _BLOCK] = np.where(greatest >= _SAME, 1, (greatest + block.mean(axis=1)) / 2)
    return scores, which
