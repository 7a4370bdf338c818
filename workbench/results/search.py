"""Search in what was said (R1): by words, by meaning, by what trackers found, and by every filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbench.corpus.lake import Lake
from workbench.domain.arrays import SmallFloats
from workbench.domain.errors import CorpusNotEncoded, InvalidArgument
from workbench.domain.filters import Filters
from workbench.domain.words import phrases_of
from workbench.engine.vectors import VectorTable
from workbench.results.finds import Finds
from workbench.results.standing import Mark

MOST_ROWS = 10_000
_CHUNK = 20_000
_COLUMNS = (
    *("sentence_id", "text", "before", "after", "speaker", "side", "start_s", "conversation_id", "kind", "title"),
    *("started", "team", "account", "deal", "stage", "trackers", "versions", "score"),
)

FoundBy = Callable[[Sequence[str]], dict[str, dict[str, Mark]]]
"""Gives for sentences, by id, the trackers that found each."""


def search(
    lake: Lake,
    words: str = "",
    meaning: SmallFloats | None = None,
    finds: Sequence[Finds] = (),
    filters: Filters | None = None,
    limit: int = 50,
    offset: int = 0,
    *,
    vectors: Callable[[], VectorTable],
    found_by: FoundBy = lambda _: {},
    upto: int | None = None,
    calls: Sequence[int] | None = None,
    closeness: float | None = None,
) -> pd.DataFrame:
    """Return a page of the sentences that pass everything given; without anything, of all.

    Nearest in meaning first, where a meaning is given; else the newest conversation first, each in its order. The
    order does not change while the corpus does not, so pages neither overlap nor leave out any.

    Args:
        lake: the corpus.
        filters: only sentences that pass these.
        offset: rows to skip.
        words: all of them, whole, folded as :mod:`workbench.domain.words` does; those in quotes as they follow each
            other, and signs at a word's edge, as in C++, as they are typed.
        meaning: a vector of the encoder's, by which sentences are ranked.
        finds: sentences that one of these trackers found.
        limit: rows of a page, at most ``MOST_ROWS``.
        vectors: gives the corpus's vectors; called where there is a meaning only.
        found_by: gives for sentences, by id, the trackers that found each, with score and version.
        upto: only among the first so many conversations, so that those that arrive meanwhile move no page.
        calls: only in the conversations with these numbers.
        closeness: the least cosine to the meaning; without it every sentence is ranked, and none is cut off.

    Returns:
        A sentence a row: ``_COLUMNS``. ``trackers`` found it, in the ``versions`` beside them, None for a draft;
        ``score`` is the cosine to the meaning, else the highest of its trackers'; ``before`` and ``after`` are the
        sentences around it. ``attrs`` hold the ``total``, in how many ``calls`` that is, and a ``note``.

    Raises:
        CorpusNotEncoded: a meaning is given, and no sentence that passes has a vector.
        InvalidArgument: ``limit`` or ``offset`` is not a number of rows.
    """
    if not 0 < limit <= MOST_ROWS or offset < 0:
        raise InvalidArgument(f"limit: give 1 to {MOST_ROWS:,} rows, and an offset of 0 or more")
    phrases = phrases_of(words)
    if words.strip() and not phrases:
        raise InvalidArgument(f"words: {words!r} contains no searchable word")
    among = pc.unique(pa.chunked_array([one.ids for one in finds], pa.string())) if finds else None
    table = lake.matching(phrases, filters, among, None if upto is None else range(upto), calls)
    rows, numbers, scores, note = table["row"].to_numpy(), table["number"].to_numpy(), None, ""
    if meaning is not None and len(rows):
        order, scores, note = _ranked(table["text_key"].to_numpy(), meaning, vectors())
        near = len(order) if closeness is None else int((scores >= closeness).sum())
        order, scores = order[:near], scores[:near]
        rows, numbers = rows[order], numbers[order]
    page = rows[offset : offset + limit]
    frame = _page(lake, page, found_by, finds)
    if scores is not None:
        frame["score"] = scores[offset : offset + limit].astype(float)
    frame.attrs |= {"total": len(rows), "calls": len(np.unique(numbers)), "note": note}
    return frame


def _ranked(
    keys: NDArray[np.int64], meaning: SmallFloats, store: VectorTable
) -> tuple[NDArray[np.int64], SmallFloats, str]:
    """Return the places of those that have a vector, the closest first, and their cosines."""
    at = store.lookup(keys)
    known = at >= 0
    if not known.any():
        raise CorpusNotEncoded("no matching sentence has a vector yet; run ws.encode() or `workbench encode`")
    places, which = np.unique(at[known], return_inverse=True)
    cosines = np.empty(len(places), dtype=np.float32)
    for start in range(0, len(places), _CHUNK):
        cosines[start : start + _CHUNK] = store.vectors[places[start : start + _CHUNK]] @ meaning
    scores = cosines[which]
    order = np.argsort(-scores, kind="stable")
    left_out = int((~known).sum())
    note = f"Not encoded yet, so left out: {left_out:,}." if left_out else ""
    return np.flatnonzero(known)[order], scores[order], note


def _page(
    lake: Lake,
    rows: NDArray[np.int64],
    found_by: FoundBy,
    finds: Sequence[Finds],
) -> pd.DataFrame:
    frame = lake.known(rows.tolist()).reset_index(drop=True)
    ids = frame["sentence_id"].tolist()
    around = lake.sentences(ids, 1)
    found = found_by(ids)
    for one in finds:
        for name, mark in _marks(one, ids).items():
            found.setdefault(name, {})[one.name] = mark
    trackers = [dict(sorted(found.get(name, {}).items())) for name in ids]
    wanted = {one.name for one in finds}
    best = [max((m.score for t, m in by.items() if not wanted or t in wanted), default=np.nan) for by in trackers]
    frame = frame.assign(
        before=[around[name].before[-1].text if around[name].before else "" for name in ids],
        after=[around[name].after[0].text if around[name].after else "" for name in ids],
        trackers=pd.Series([tuple(by) for by in trackers], dtype=object),
        versions=pd.Series([tuple(mark.version for mark in by.values()) for by in trackers], dtype=object),
        score=np.array(best, dtype=float),
    )
    return frame[list(_COLUMNS)]


def _marks(finds: Finds, ids: Sequence[str]) -> dict[str, Mark]:
    wanted = pa.array(ids, pa.string())
    out: dict[str, Mark] = {}
    for part in finds.parts:
        scores = pc.take(part.scores, pc.index_in(wanted, part.ids)).to_pylist()
        out |= {name: Mark(s, part.version) for name, s in zip(ids, scores, strict=True) if s is not None}
    return out
