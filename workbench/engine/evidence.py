"""Which words of a sentence its score depends on: how much the score falls without them (occlusion).

Zeiler & Fergus 2014, section 4.2, with words for patches; it uses the model itself, not an approximation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from workbench.domain.arrays import Vectors
from workbench.domain.evidence import Piece
from workbench.domain.texts import normalise
from workbench.engine.heads import Model
from workbench.engine.pool import Pool
from workbench.engine.word_store import words_of

MOST = 40  # parts of a sentence; in a longer one, several words are one part
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def evidence(
    model: Model, pool: Pool, at: int, text: str, encode: Callable[[Sequence[str]], Vectors]
) -> tuple[Piece, ...]:
    """Return the sentence ``at`` of the pool, split at its words, with the effect of each on the decision value.

    The pieces' texts joined are the text; what is between words has no effect.
    """
    parts = _parts(text)
    if not parts:
        return (Piece(text, 0.0),)
    scores = model.decide(_without(model, pool, at, text, parts, encode), np.arange(len(parts) + 1))
    pieces, last = [], 0
    for (start, end), rest in zip(parts, scores[1:].tolist(), strict=True):
        pieces += [Piece(text[last:start], 0.0), Piece(text[start:end], float(scores[0]) - rest)]
        last = end
    return tuple(piece for piece in (*pieces, Piece(text[last:], 0.0)) if piece.text)


def _parts(text: str) -> list[tuple[int, int]]:
    """Return where the words begin and end; neighbours are joined if there are more than ``MOST``."""
    spans = [match.span() for match in _WORD.finditer(text)]
    groups = np.array_split(np.arange(len(spans)), min(MOST, len(spans)) or 1)
    return [(spans[group[0]][0], spans[group[-1]][1]) for group in groups if len(group)]


def _without(
    model: Model,
    pool: Pool,
    at: int,
    text: str,
    parts: Sequence[tuple[int, int]],
    encode: Callable[[Sequence[str]], Vectors],
) -> Pool:
    """Return scores of the whole sentence, then without each part, all after the same turn."""
    texts = [normalise(part) for part in (text, *(f"{text[:start]}{text[end:]}" for start, end in parts))]
    place = np.array([at])
    before = len(texts) if pool.before[at] >= 0 else -1
    rows = np.arange(len(texts), dtype=np.int32)
    return Pool(
        vectors=np.vstack([encode(texts), pool.before_vectors(place)]).astype(np.float32),
        text=rows,
        before=np.full(len(texts), before, dtype=np.int32),
        call=np.zeros(len(texts), dtype=np.int32),
        words=None if model.data.words is None else words_of(texts),
        said=None if model.data.words is None else rows,
    )
