"""Real sentences to use as examples: found by words and by meaning among those that match the filters (E3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.corpus.views import SentenceInContext
from workbench.domain.filters import Filters
from workbench.domain.texts import normalise, text_key
from workbench.engine.pool import Scores
from workbench.resources import Resources
from workbench.resources.patient_encoder import PatientEncoder
from workbench.trackers.coaching import ALIKE, coach_example, likeness, telling_words

MOST_TEXTS = 100_000
"""The most texts that are compared with the query; of more, a random sample, so that the kernel stays responsive."""

CLOSE = 0.5
"""The cosine from which a sentence counts as close to an example (all-MiniLM-L6-v2)."""

_LOOKED_AT = 5  # candidates for each requested sentence: many are duplicates
_EXAMPLES_COUNT = 0.25  # weight of the examples next to a query: they show which of its meanings is meant
_RANK = 10.0  # how slowly a rank's weight falls (reciprocal rank fusion: Cormack et al. 2009)
_CHUNK = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What was found, best first.

    ``meaning`` says whether the search used meaning, ``pending`` whether it will once the encoder is ready; ``note``
    says why not, or what was left out. ``close`` counts the sentences near the examples, None if unknown.
    """

    sentences: tuple[SentenceInContext, ...] = ()
    meaning: bool = False
    pending: bool = False
    note: str = ""
    close: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """The distinct texts that match: vectors' ``rows``, sentence ``ids``, how many ``times`` each is said."""

    rows: NDArray[np.int32]
    ids: NDArray[np.object_]
    times: NDArray[np.int64]
    note: str = ""


class Suggester:
    """Finds sentences in one workspace; caches the texts for the latest filters."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self._encoder = PatientEncoder(resources.encoder)
        self._texts: tuple[tuple[str, int, Filters], _Texts] | None = None

    def find(
        self, query: str, filters: Filters, count: int = 12, examples: Sequence[str] = (), wait: bool = True
    ) -> Suggestions:
        """Return sentences for ``query``, or similar to the ``examples`` if it is empty; none that repeats an example.

        Without ``wait``, the search does not wait for an encoder that is not ready: the result uses words and is
        ``pending``; a later call also searches by meaning.
        """
        query, examples = normalise(query), [normalise(text) for text in examples if text.strip()]
        if not query and not examples:
            return Suggestions()
        scored = self._by_meaning(query, examples, filters, count * _LOOKED_AT, wait)
        words = _sought(query, examples)
        by_words = [] if scored.meaning and not query else self._resources.lake.said(words, filters, count * _LOOKED_AT)
        ids = _fused([by_words, scored.ids])
        found = self._resources.lake.sentences(ids, 0)
        return Suggestions(
            sentences=tuple(_different([found[name] for name in ids if name in found], examples, count)),
            meaning=scored.meaning,
            pending=scored.pending,
            note=scored.note,
            close=scored.close,
        )

    def _by_meaning(self, query: str, examples: Sequence[str], filters: Filters, count: int, wait: bool) -> _Meaning:
        texts = self._matching(filters)
        if texts is None:
            return _Meaning(note="By words only: run ws.encode() to search by meaning too.")
        wanted = [*([query] if query else []), *examples]
        vectors = self._encoder.encode(wanted, wait)
        if vectors is None:
            note = f"By words only: {self._encoder.error}" if self._encoder.error else ""
            return _Meaning(pending=not self._encoder.error, note=note)
        similar = self._similar(texts.rows, vectors)
        like = similar[:, bool(query) :].max(axis=1) if examples else np.zeros(len(similar), np.float32)
        score = (1 - _EXAMPLES_COUNT) * similar[:, 0] + _EXAMPLES_COUNT * like if query else like
        best = np.argsort(-score, kind="stable")[:count]
        close = int(texts.times[like >= CLOSE].sum()) if examples else None
        return _Meaning(ids=[str(texts.ids[at]) for at in best], meaning=True, note=texts.note, close=close)

    def _similar(self, rows: NDArray[np.int32], vectors: Scores) -> Scores:
        """Return cosines ``[len(rows), len(vectors)]``."""
        table, out = self._resources.vectors.store.vectors, np.empty((len(rows), len(vectors)), dtype=np.float32)
        for start in range(0, len(rows), _CHUNK):
            out[start : start + _CHUNK] = table[rows[start : start + _CHUNK]] @ vectors.T
        return out

    def _matching(self, filters: Filters) -> _Texts | None:
        """Return the matching texts; None if none of them has a vector."""
        resources = self._resources
        if not resources.is_encoded:
            return None
        resources.vectors.store.refresh()
        known = (resources.lake.version, len(resources.vectors.store), filters)
        if self._texts is None or self._texts[0] != known:
            self._texts = known, self._read(filters)
        return self._texts[1] if len(self._texts[1].rows) else None

    def _read(self, filters: Filters) -> _Texts:
        table = self._resources.lake.texts(filters)
        rows = self._resources.vectors.store.lookup(table["text_key"].to_numpy())
        at = np.flatnonzero(rows >= 0)
        notes = [f"Not encoded yet, so found by words only: {len(rows) - len(at):,}."] if len(at) < len(rows) else []
        if len(at) > MOST_TEXTS:
            notes.append(f"By meaning {MOST_TEXTS:,} of {len(at):,} sentences were looked at.")
            at = np.sort(np.random.default_rng(0).choice(at, MOST_TEXTS, replace=False))
        taken = table.take(at)
        return _Texts(rows[at], taken["id"].to_numpy(), taken["times"].to_numpy(), " ".join(notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    ids: Sequence[str] = ()
    meaning: bool = False
    pending: bool = False
    note: str = ""
    close: int | None = None


def contradicting(resources: Resources, examples: Sequence[str], filters: Filters) -> list[int]:
    """Return the indices of examples that calls contain, word for word, but never on the filters' side."""
    if filters.side == "anyone" or not examples:
        return []
    keys = [text_key(text) for text in examples]
    sides = resources.lake.sides(keys)
    return [at for at, key in enumerate(keys) if sides.get(key) and filters.side not in sides[key]]


def _sought(query: str, examples: Sequence[str]) -> list[str]:
    """Return the words to search for: those of the query, else those that most examples share."""
    if query:
        return telling_words(query) or query.lower().split()
    words = [word for text in examples for word in dict.fromkeys(telling_words(text))]
    return sorted(dict.fromkeys(words), key=lambda word: -words.count(word))


def _fused(rankings: Sequence[Sequence[str]]) -> list[str]:
    worth: dict[str, float] = {}
    for ranking in rankings:
        for place, name in enumerate(ranking):
            worth[name] = worth.get(name, 0.0) + 1 / (_RANK + place)
    return sorted(worth, key=lambda name: -worth[name])


def _different(found: Sequence[SentenceInContext], examples: Sequence[str], count: int) -> list[SentenceInContext]:
    """Return the first ``count`` that work as examples, and repeat neither one another nor existing ones."""
    out: list[SentenceInContext] = []
    said = list(examples)
    for sentence in found:
        advice = coach_example(sentence.text)
        if (advice is None or advice.level == "tip") and all(likeness(sentence.text, text) < ALIKE for text in said):
            out.append(sentence)
            said.append(sentence.text)
        if len(out) == count:
            break
    return out
