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
from workbench.trackers.phrase import COSINES, SHARES, PhraseSettings, nearest
from workbench.trackers.phrase_model import PhraseModel
from workbench.trackers.sought import FORMS

_AT_ONCE = 4_096  # sentences whose entries are looked at one by one


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
    settings, learnt = by
    scores = scores_by_phrases(settings, learnt, named, said, settings.closeness)
    at = np.flatnonzero(scores >= settings.closeness)
    return _detections(named, at, scores[at])


def scores_by_phrases(
    settings: PhraseSettings, learnt: PhraseModel | Any, named: NamedPool, said: Iterable[Any], least: float = 0.0
) -> Any:
    """Return the score of each sentence of a pool.

    Args:
        settings: of the tracker.
        learnt: the vectors of its entries, ``[entries, dimension]``, or what was measured of them.
        named: the sentences.
        said: the same as batches of ``Lake.said_in``; only needed where :func:`needs_texts` says so.
        least: lower scores may be too high, as "not" in those sentences is not looked for.
    """
    rows, place = np.unique(named.pool.text, return_inverse=True)
    vectors = _rows_of(named.pool.vectors, rows)
    out = (learnt.scores(vectors) if isinstance(learnt, PhraseModel) else nearest(vectors, learnt)[0])[place]
    if not needs_texts(settings):
        return out
    matcher, start = literal_matcher(settings), 0
    for batch in said:
        here = range(start, min(start + len(batch), len(out)))
        if isinstance(learnt, PhraseModel):
            at = start + np.flatnonzero(out[here.start : here.stop] >= least)
            texts = [(batch["text"][x].as_py(), batch["language"][x].as_py()) for x in (at - start).tolist()]
            for some in (slice(n, n + _AT_ONCE) for n in range(0, len(at), _AT_ONCE)):
                near = np.asarray(named.pool.vectors[named.pool.text[at[some]]])
                out[at[some]] = learnt.scores_said(near, texts[some], settings.vocabulary)
        if matcher is not None:
            out[[start + at for at in _saying(batch, matcher) if start + at in here]] = 1
        start += len(batch)
    return out


def needs_texts(settings: PhraseSettings) -> bool:
    """Return whether a phrase tracker looks at what sentences say, and not only at their vectors."""
    return settings.rules == SHARES or bool(settings.literal)


def literal_matcher(settings: PhraseSettings) -> KeywordMatcher | None:
    """Return what finds short entries as they are said; None if there are none."""
    if not settings.literal:
        return None
    if settings.rules == COSINES:
        return KeywordMatcher(KeywordSettings(words=settings.literal))
    plain = (one.replace("\\", "\\\\").replace("*", "\\*") for one in settings.literal)
    return KeywordMatcher(KeywordSettings(words=tuple(plain), rules=FORMS))


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
