"""What a keyword or phrase tracker would find, shown while it is being defined.

Both look at all sentences that match the filters; of many, at those of whole conversations drawn at random, so that
shares of conversations hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbench.corpus.lake import Lake
from workbench.corpus.views import SentenceInContext
from workbench.domain.filters import Filters
from workbench.domain.plurals import plural
from workbench.domain.tags import FoundCounts
from workbench.domain.texts import text_key
from workbench.domain.words import fold
from workbench.judges.neutral import NEUTRAL
from workbench.reading.finding import literal_matcher
from workbench.reading.phrase_models import measured
from workbench.resources import Resources
from workbench.resources.patient_encoder import PatientEncoder
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings, Occurrence
from workbench.trackers.phrase import COSINES, PhraseSettings, nearest
from workbench.trackers.words import language_of

MOST = 20_000
"""Sentences that are looked at, so that an answer comes while people type."""

CALLS_AT_ONCE = 2_000
"""Conversations that are read at once."""

SHOWN = 12
NEAR = 4  # sentences shown on either side of a setting
SETTINGS = tuple(round(0.15 + step / 20, 2) for step in range(17))

Postings = dict[tuple[str, str], list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """The sentences looked at, of ``calls`` of ``all_calls`` conversations; ``numbers`` says which each is in."""

    ids: list[str]
    texts: list[str]
    languages: list[str]
    numbers: NDArray[np.int64]
    calls: int
    all_calls: int
    postings: dict[tuple[int, str], Postings] = field(default_factory=dict)

    def saying(self, settings: KeywordSettings) -> dict[int, list[Occurrence]]:
        """Return the places of the sentences that say one of the words, with where in them."""
        matcher = KeywordMatcher(settings)
        known = self._known(matcher)
        places: set[int] = set()
        for language in dict.fromkeys(self.languages):
            keys = matcher.keys(language)
            if keys is None:  # any word may begin it
                places.update(at for at, one in enumerate(self.languages) if one == language)
            for key in keys or ():
                places.update(known.get((language, key), ()))
        found = ((at, matcher.occurrences(self.texts[at], self.languages[at])) for at in sorted(places))
        return {at: said for at, said in found if said}

    def count(self, places: Any) -> int:
        """In how many conversations these sentences are."""
        return len(np.unique(self.numbers[np.fromiter(places, dtype=np.int64)]))

    def _known(self, matcher: KeywordMatcher) -> Postings:
        by = (matcher.settings.rules, matcher.settings.match)
        if by not in self.postings:
            known: Postings = defaultdict(list)
            for at, (text, language) in enumerate(zip(self.texts, self.languages, strict=True)):
                for key in set(matcher.comparison(language).keys_in(text)):
                    known[language, key].append(at)
            self.postings[by] = dict(known)
        return self.postings[by]


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence that is found, or nearly; ``marks`` are where it says what is looked for."""

    sentence: SentenceInContext
    score: float
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WordFinds:
    """``forms`` are how the word was said, the most frequent first; ``calls`` counts conversations."""

    word: str
    sentences: int
    calls: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingFinds:
    """What is found with a ``closeness``: ``above`` are the least close of it, ``below`` what is just not found."""

    closeness: float
    sentences: int
    calls: int
    above: tuple[Seen, ...]
    below: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPreview:
    """Of the conversations looked at, in how many sentences and conversations something is found, and some to read.

    ``pending`` says that meaning will be looked at once the encoder is there; ``note`` says why it will not.
    """

    calls_looked_at: int
    of_calls: int
    sentences: int = 0
    calls: int = 0
    shown: tuple[Seen, ...] = ()
    words: tuple[WordFinds, ...] = ()
    settings: tuple[SettingFinds, ...] = ()
    pending: bool = False
    note: str = ""

    @property
    def found(self) -> FoundCounts:
        """In the conversations looked at."""
        return FoundCounts(sentences=self.sentences, calls=self.calls, of_calls=self.calls_looked_at)


class Previewer:
    """Looks ahead in one workspace; remembers the sentences and scores that it was last asked for."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self._encoder = PatientEncoder(resources.encoder)
        self._looked: tuple[Any, Looked] | None = None
        self._scores: tuple[Any, NDArray[np.float32]] | None = None

    def keywords(self, settings: KeywordSettings, filters: Filters, count: int = SHOWN) -> KindPreview:
        """Return what the words find."""
        looked = self._look(filters)
        found = looked.saying(settings)
        shown = [(at, 1.0, found[at]) for at in _mixed(found, count)]
        return KindPreview(
            calls_looked_at=looked.calls,
            of_calls=looked.all_calls,
            sentences=len(found),
            calls=looked.count(found),
            words=tuple(_of_word(word, found, looked) for word in settings.words),
            shown=self._seen(looked, shown),
        )

    def phrases(
        self, settings: PhraseSettings, filters: Filters, count: int = SHOWN, wait: bool = False
    ) -> KindPreview:
        """Return what the vocabulary finds, as close as ``settings`` wants it and with each of ``SETTINGS``."""
        looked = self._look(filters)
        scores, note, pending = self._scored(looked, settings, filters, wait)
        if scores is None:
            return KindPreview(calls_looked_at=looked.calls, of_calls=looked.all_calls, note=note, pending=pending)
        order = np.argsort(-scores, kind="stable")
        order = order[np.isfinite(scores[order])]
        found = order[scores[order] >= settings.closeness]
        drawn = found[np.sort(np.random.default_rng(0).permutation(len(found))[:count])]
        return KindPreview(
            calls_looked_at=looked.calls,
            of_calls=looked.all_calls,
            sentences=len(found),
            calls=looked.count(found),
            shown=self._seen(looked, [(int(at), float(scores[at]), ()) for at in drawn]),
            settings=self._settings(looked, scores, order, settings.closeness),
            note=note,
        )

    def _settings(self, looked: Looked, scores: Any, order: Any, own: float) -> tuple[SettingFinds, ...]:
        grid = sorted({*SETTINGS, own})
        ends = [int((scores[order] >= closeness).sum()) for closeness in grid]
        near = {at for end in ends for at in _different(looked, order[max(0, end - 40) : end][::-1])}
        near |= {at for end in ends for at in _different(looked, order[end : end + 40])}
        seen = {one.sentence.id: one for one in self._seen(looked, [(at, float(scores[at]), ()) for at in near])}

        def shown(places: Any) -> tuple[Seen, ...]:
            return tuple(seen[looked.ids[at]] for at in _different(looked, places) if looked.ids[at] in seen)

        return tuple(
            SettingFinds(
                closeness=closeness,
                sentences=end,
                calls=looked.count(order[:end]),
                above=shown(order[max(0, end - 40) : end][::-1]),
                below=shown(order[end : end + 40]),
            )
            for closeness, end in zip(grid, ends, strict=True)
        )

    def _scored(self, looked: Looked, settings: PhraseSettings, filters: Filters, wait: bool) -> Any:
        """Scores (those without a vector are minus infinity), a note, and whether to ask again."""
        resources = self._resources
        if not resources.is_encoded:
            return None, "Phrases are found by meaning: run ws.encode() first.", False
        vectors = self._encoder.encode([*settings.vocabulary, *NEUTRAL], wait)
        if vectors is None:
            return None, self._encoder.error, not self._encoder.error
        resources.vectors.store.refresh()
        least = min(SETTINGS[0], settings.closeness)
        of = (settings.vocabulary, settings.rules, least)
        known = (resources.lake.version, len(resources.vectors.store), filters, of)
        if self._scores is None or self._scores[0] != known:
            made = np.asarray(vectors, dtype=np.float32)
            count = len(settings.vocabulary)
            self._scores = known, self._phrase_scores(looked, settings, filters, made[:count], made[count:], least)
        scores = self._scores[1]
        left = int((~np.isfinite(scores)).sum())
        return scores, f"Not encoded yet, so not looked at: {plural(left, 'sentence')}." if left else "", False

    def _phrase_scores(
        self, looked: Looked, settings: PhraseSettings, filters: Filters, entries: Any, neutral: Any, least: float
    ) -> NDArray[np.float32]:
        store = self._resources.vectors.store
        rows = store.lookup(np.array([text_key(text) for text in looked.texts], dtype=np.int64))
        scores = np.full(len(rows), -np.inf, dtype=np.float32)
        at = np.flatnonzero(rows >= 0)
        if len(at) and settings.rules == COSINES:
            scores[at] = nearest(store.vectors[rows[at]], entries)[0]
        elif len(at):
            model = measured(self._resources, filters, entries, lambda _: neutral)
            scores[at] = model.scores(store.vectors[rows[at]])
            near = np.flatnonzero(scores >= least)
            said = [(looked.texts[one], looked.languages[one]) for one in near.tolist()]
            if said:
                scores[near] = model.scores_said(store.vectors[rows[near]], said, settings.vocabulary)
        matcher = literal_matcher(settings)
        if matcher is not None:
            scores[list(looked.saying(matcher.settings))] = 1
        return scores

    def _seen(self, looked: Looked, wanted: Sequence[tuple[int, float, Sequence[Occurrence]]]) -> tuple[Seen, ...]:
        found = self._resources.lake.sentences([looked.ids[at] for at, _, _ in wanted], 1)
        return tuple(
            Seen(found[looked.ids[at]], score, tuple((one.start, one.end) for one in said))
            for at, score, said in wanted
            if looked.ids[at] in found
        )

    def _look(self, filters: Filters) -> Looked:
        known = (self._resources.lake.version, filters)
        if self._looked is None or self._looked[0] != known:
            self._looked = known, _read(self._resources, filters)
        return self._looked[1]


def _read(resources: Resources, filters: Filters) -> Looked:
    batches, found = list[pa.RecordBatch](), [np.empty(0, np.int64)]
    for batch in _said_in(resources.lake, filters):
        found.append(batch["number"].to_numpy().astype(np.int64))
        batches = [*batches, batch] if sum(map(len, found)) <= MOST else []  # of a large corpus no text is held
    numbers = np.concatenate(found)
    calls, sizes = np.unique(numbers, return_counts=True)
    drawn = np.arange(len(calls))
    if len(numbers) > MOST:
        drawn = np.random.default_rng(0).permutation(len(calls))
        drawn = drawn[: max(1, int((sizes[drawn].cumsum() <= MOST).sum()))]
        chosen = pa.array(np.sort(calls[drawn]))
        again = _said_in(resources.lake, filters)
        batches = [batch.filter(pc.is_in(batch["number"], chosen)) for batch in again]
    if not batches:
        return Looked([], [], [], np.empty(0, np.int64), 0, 0)
    table = pa.Table.from_batches(batches)
    return Looked(
        ids=table["id"].to_pylist(),
        texts=table["text"].to_pylist(),
        languages=[language_of(one) for one in table["language"].to_pylist()],
        numbers=table["number"].to_numpy().astype(np.int64),
        calls=len(drawn),
        all_calls=len(calls),
    )


def _said_in(lake: Lake, filters: Filters) -> Iterator[pa.RecordBatch]:
    """Yield what is said, some conversations at once: to put them in order, DuckDB holds all that it is asked for."""
    for start in range(0, lake.size, CALLS_AT_ONCE):
        yield from lake.said_in(filters, range(start, start + CALLS_AT_ONCE))


def _of_word(word: str, found: dict[int, list[Occurrence]], looked: Looked) -> WordFinds:
    said = {at: one for at, all_of in found.items() for one in all_of if one.phrase == word}
    times: dict[str, int] = defaultdict(int)
    for at, one in said.items():
        times[fold(looked.texts[at][one.start : one.end])] += 1
    forms = sorted(times, key=lambda form: (-times[form], form))
    return WordFinds(word, len(said), looked.count(said), tuple(forms))


def _mixed(found: dict[int, list[Occurrence]], count: int) -> list[int]:
    """Places drawn at random, each word in turn, so that a frequent one does not hide the others."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for at in np.random.default_rng(0).permutation(np.fromiter(found, dtype=np.int64)).tolist():
        by_word[found[at][0].phrase].append(at)
    depth = max(map(len, by_word.values()), default=0)
    turns = [places[turn] for turn in range(depth) for places in by_word.values() if turn < len(places)]
    return turns[:count]


def _different(looked: Looked, places: Any) -> list[int]:
    """Return the first few that do not repeat each other word for word."""
    first = {fold(looked.texts[at]): at for at in reversed(np.asarray(places).tolist())}
    return sorted(first.values(), key=np.asarray(places).tolist().index)[:NEAR]
