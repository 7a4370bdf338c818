"""Finding by examples, words and phrases: from sentences to detections, without a workspace, so anywhere.

These are pure: what they find depends on their arguments alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from workbench.engine.detection import Detector
from workbench.resources.pools import NamedPool
from workbench.store.publications import Detection
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings
from workbench.trackers.phrase import PhraseSettings, nearest


class Part(NamedTuple):
    """Some conversations as a reader reads them: ``find(by, *content)`` gives what it finds, in any process.

    Attributes:
        find: one of this module's functions.
        by: what the reader finds by; the same in all its parts.
        content: what there is to read.
    """

    find: Callable[..., list[Detection]]
    by: Any
    content: tuple[Any, ...]


def found_by_examples(detector: Detector, named: NamedPool) -> list[Detection]:
    """Return what has a likeness to what was answered YES."""
    return _detections(named, *detector.found(named.pool)) if len(named) else []


def found_by_words(matcher: KeywordMatcher, said: Iterable[Any]) -> list[Detection]:
    """Return the sentences that say one of the words, of batches as ``Lake.said_in`` gives them; every score is 1."""
    return [
        Detection(batch["id"][at].as_py(), batch["number"][at].as_py(), 1.0)
        for batch in said
        for at in _saying(batch, matcher)
    ]


def found_by_phrases(by: tuple[PhraseSettings, Any], named: NamedPool, said: Iterable[Any]) -> list[Detection]:
    """Return the sentences that come close enough to a vocabulary; see :func:`scores_by_phrases`."""
    settings, vocabulary = by
    scores = scores_by_phrases(settings, vocabulary, named, said)
    at = np.flatnonzero(scores >= settings.closeness)
    return _detections(named, at, scores[at])


def scores_by_phrases(settings: PhraseSettings, vocabulary: Any, named: NamedPool, said: Iterable[Any]) -> Any:
    """Return the score of each sentence of a pool.

    Args:
        settings: of the tracker.
        vocabulary: the vectors of its entries, ``[entries, dimension]``.
        named: the sentences.
        said: the same as batches of ``Lake.said_in``; only needed where there are short entries.
    """
    rows, place = np.unique(named.pool.text, return_inverse=True)
    scores, _ = nearest(_rows_of(named.pool.vectors, rows), vocabulary)
    out = scores[place]
    if settings.literal:
        out[_literally(settings, len(named), said)] = 1
    return out


def _literally(settings: PhraseSettings, count: int, said: Iterable[Any]) -> list[int]:
    """Places of the first ``count`` sentences that say a short entry as it is; pool and batches have one order."""
    matcher, start, places = KeywordMatcher(KeywordSettings(words=settings.literal)), 0, []
    for batch in said:
        places += [start + at for at in _saying(batch, matcher)]
        start += len(batch)
    return [at for at in places if at < count]


def _saying(batch: Any, matcher: KeywordMatcher) -> Iterator[int]:
    """Places in a batch of ``said_in`` that say what the matcher looks for."""
    said = zip(batch["text"].to_pylist(), batch["language"].to_pylist(), strict=True)
    return (at for at, (text, language) in enumerate(said) if matcher.occurrences(text, language))


def _detections(named: NamedPool, at: Any, scores: Any) -> list[Detection]:
    numbers = named.pool.call[at].tolist()
    return [
        Detection(named.id_at(place), number, score)
        for place, number, score in zip(at.tolist(), numbers, scores.tolist(), strict=True)
    ]


def _rows_of(vectors: Any, rows: np.ndarray) -> Any:
    """Return some rows of a memory-mapped table; the table itself if they are all of it."""
    return vectors if len(rows) == len(vectors) else vectors[rows]
