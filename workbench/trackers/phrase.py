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

COSINES = 1
"""Rules by which the score is the mean of two cosines, as earlier versions had it."""

SHARES = 2
"""Rules by which the score counts how few sentences of the corpus come as near, and "not" matters."""

CLOSENESS = 0.4  # the best F1 of five examples over both corpora of benchmarks/phrases.py
LITERAL_WORDS = 3
_BLOCK = 16_384
_SAME = 0.98  # cosine from which two texts differ by case, stops and the like


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseSettings:
    """What is looked for.

    Attributes:
        vocabulary: words, phrases and sentences.
        closeness: the least score, in (0, 1), of what is found. With one entry, 0.4 finds the nearest 1% of the
            corpus's sentences, and each 0.2 more a tenth as many, up to 0.8. Further entries find more, never less; of
            twenty, 0.8 is a good beginning. See :mod:`workbench.trackers.phrase_model`. A sentence that says the
            opposite of an entry ("I don't need more time") is not found by it in English, Spanish and German. A
            repeated entry is always found. One of up to three words is found wherever it is said, in any form. Both
            have a score of 1.
        rules: 2 is the above. With 1, the rules of earlier versions, the score is the mean of two cosines: to the
            nearest entry, and to all of them. New trackers have 2; an older one keeps its own, which its closeness
            was chosen for, until it is changed with ``rules=2``.
    """

    vocabulary: tuple[str, ...]
    closeness: float = CLOSENESS
    rules: int = COSINES

    @classmethod
    def checked(cls, settings: dict[str, Any]) -> PhraseSettings:
        """Return checked settings; raises ``InvalidTracker``, which names the field."""
        unknown = set(settings) - set(cls.__dataclass_fields__)
        if unknown:
            raise InvalidTracker(
                f"{', '.join(sorted(unknown))}: a phrase tracker takes vocabulary, closeness and rules"
            )
        closeness = settings.get("closeness", CLOSENESS)
        if isinstance(closeness, bool) or not isinstance(closeness, (int, float)) or not 0 < closeness < 1:
            raise InvalidTracker(f"closeness: {closeness!r} is not between 0 and 1")
        vocabulary = checked_phrases("vocabulary", settings.get("vocabulary", ()), 1, MAX_VOCABULARY)
        rules = settings.get("rules", COSINES)
        if isinstance(rules, bool) or not isinstance(rules, (int, float)) or rules not in (COSINES, SHARES):
            raise InvalidTracker(f"rules: must be {COSINES} or {SHARES}, not {rules!r}; leave it out for {SHARES}")
        return cls(vocabulary=vocabulary, closeness=float(closeness), rules=int(rules))

    @property
    def literal(self) -> tuple[str, ...]:
        """The entries that are found wherever they are said."""
        return tuple(one for one in self.vocabulary if count_words(one) <= LITERAL_WORDS)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; :meth:`checked` reads it."""
        plain = asdict(self) | {"vocabulary": list(self.vocabulary)}
        return {name: value for name, value in plain.items() if name != "rules" or value != COSINES}


def nearest(vectors: Any, vocabulary: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Of each of ``vectors`` (``[n, d]``, unit length) the score by ``COSINES``, and the nearest row of ``vocabulary``.

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
