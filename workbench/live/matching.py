"""The trackers in use, ready to be matched sentence by sentence.

Each judges by what its version froze, as it does when it reads recorded calls. What a version needs is made ready once
and kept for all calls of a workspace.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from workbench.corpus.admission import admissions
from workbench.domain.conventions import Conventions
from workbench.domain.conversations import Conversation
from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.publications import Version
from workbench.engine.detection import Detector
from workbench.engine.many_detectors import ManyDetectors
from workbench.engine.pool import Pool
from workbench.engine.word_store import words_of
from workbench.live.finds import Finder
from workbench.live.transcript import Heard, texts_of
from workbench.reading.finding import literal_matcher
from workbench.reading.question_reader import QuestionReader
from workbench.reading.readers import ExampleReader, KeywordReader, PhraseReader, Reader
from workbench.reading.versions import version_reader
from workbench.resources import Resources
from workbench.store.publications import PublicationRepository
from workbench.trackers.keyword import KeywordMatcher
from workbench.trackers.phrase import nearest
from workbench.trackers.phrase_model import PhraseModel

VectorsByText = Mapping[str, Any]  # by text
ScoresByTracker = dict[str, float]  # by tracker


PlacedScores = list[tuple[int, float]]  # places of sentences, and their scores


class HeardSentences(NamedTuple):
    """Sentences with their vectors; ``pool`` is None if there are none."""

    heard: Sequence[Heard]
    pool: Pool | None


FindIn = Callable[[HeardSentences], PlacedScores]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Watcher:
    """A version in use: it is matched by ``found``, or with others of its kind by its ``detector``.

    ``later`` says why it reads a call only when that has ended; empty if it is matched as the call goes on. Where
    it ``failed``, the next call may find it ready.
    """

    version: Version
    filters: Filters
    found: FindIn | None = None
    detector: Detector | None = None
    needs_vectors: bool = False
    later: str = ""
    failed: bool = False

    @property
    def tracker_id(self) -> str:
        return self.version.tracker_id

    @property
    def name(self) -> str:
        """The tracker's, as it was published."""
        return str(self.version.definition["name"])

    @property
    def finder(self) -> Finder:
        return Finder(self.tracker_id, self.name, self.version.version)


class Watchers:
    """All versions in use of a workspace. Safe to use from threads."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self._rows = PublicationRepository(resources.state)
        self._making = threading.Lock()
        self._ready = Ready([], resources.lake.conventions)

    def ids(self) -> frozenset[str]:
        """Return a key of the versions in use now; cheap to compute."""
        return self._rows.ids_in_use("active")

    def ready(self) -> Ready:
        """Return all of them; those that were not known before are made ready."""
        with self._making:
            known = {one.version.id: one for one in self._ready.watchers if not one.failed}
            if self.ids() != known.keys():
                in_use = self._rows.in_use("active")
                found = [known.get(one.id) or self._made(one) for one in in_use]
                self._ready = Ready(found, self._resources.lake.conventions)
            return self._ready

    def _made(self, version: Version) -> Watcher:
        filters = Filters.stored(version.definition["filters"])
        try:
            return _watcher(version, filters, version_reader(self._resources, version))
        except WorkbenchError as error:
            return Watcher(version=version, filters=filters, later=str(error), failed=True)


class Ready:
    """Watchers, with what is computed once for all of them."""

    def __init__(self, watchers: Sequence[Watcher], conventions: Callable[[], Conventions]):
        self.watchers = list(watchers)
        self.conventions = conventions
        self.ids = frozenset(one.version.id for one in watchers)
        self._trained = [one for one in watchers if one.detector is not None]
        self._detectors = ManyDetectors([one.detector for one in self._trained if one.detector is not None])
        self.needs_words = any(one.detector.model.recipe.words > 0 for one in self._trained if one.detector)

    def trained(self, pool: Pool) -> dict[str, PlacedScores]:
        """Return what those of examples find, by tracker."""
        found = self._detectors.found(pool)
        return {
            one.tracker_id: list(zip(at.tolist(), scores.tolist(), strict=True))
            for one, (at, scores) in zip(self._trained, found, strict=True)
            if len(at)
        }


def _watcher(version: Version, filters: Filters, reader: Reader) -> Watcher:
    if isinstance(reader, KeywordReader):
        return Watcher(version=version, filters=filters, found=_saying(reader.matcher))
    if isinstance(reader, PhraseReader):
        return Watcher(version=version, filters=filters, found=_near(reader), needs_vectors=True)
    if isinstance(reader, ExampleReader):
        if reader.detector.model.recipe.encoder != "sentences":
            return Watcher(version=version, filters=filters, later="Its recipe weights words by the whole corpus.")
        return Watcher(version=version, filters=filters, detector=reader.detector, needs_vectors=True)
    assert isinstance(reader, QuestionReader)
    if not reader.is_local:
        later = f"Its judge, {reader.settings.judge}, reads whole calls."
        return Watcher(version=version, filters=filters, later=later)
    return Watcher(version=version, filters=filters, found=_meant(reader), needs_vectors=True)


def _saying(matcher: KeywordMatcher) -> FindIn:
    def found(said: HeardSentences) -> list[tuple[int, float]]:
        return [(at, 1.0) for at, one in enumerate(said.heard) if matcher.occurrences(one.text, one.language)]

    return found


def _near(reader: PhraseReader) -> FindIn:
    settings, learnt, matcher = reader.settings, reader.learnt(), literal_matcher(reader.settings)
    literal = _saying(matcher) if matcher is not None else None

    def found(said: HeardSentences) -> list[tuple[int, float]]:
        pool = _pool_of(said)
        vectors = pool.vectors[pool.text]
        if isinstance(learnt, PhraseModel):
            heard = [(one.text, one.language) for one in said.heard]
            scores = learnt.scores_said(vectors, heard, settings.vocabulary)
        else:
            scores = nearest(vectors, learnt)[0]
        for at, score in literal(said) if literal is not None else ():
            scores[at] = score
        return [(at, float(scores[at])) for at in np.flatnonzero(scores >= settings.closeness).tolist()]

    return found


def _meant(reader: QuestionReader) -> FindIn:
    meaning, least = reader.fitted(), reader.settings.least

    def found(said: HeardSentences) -> list[tuple[int, float]]:
        scores = meaning.scores(_pool_of(said))
        return [(at, float(scores[at])) for at in np.flatnonzero(scores >= least).tolist()]

    return found


def _pool_of(said: HeardSentences) -> Pool:
    assert said.pool is not None
    return said.pool


class Matcher:
    """The trackers in use over one call: ``watching`` are matched at once, ``later`` when it has ended, and why."""

    def __init__(self, ready: Ready, conversation: Conversation):
        self._ready = ready
        by_key = {repr(one.filters): one.filters for one in ready.watchers}
        admitted = dict(zip(by_key, admissions(conversation, list(by_key.values()), ready.conventions()), strict=True))
        mine = [(one, admitted[repr(one.filters)]) for one in ready.watchers]
        mine = [(one, admission) for one, admission in mine if admission.admitted]
        self._watching = [(one, admission) for one, admission in mine if not (one.later or admission.later)]
        self.later = [(one, one.later or admission.later) for one, admission in mine if one.later or admission.later]
        self.ids = ready.ids
        self.needs_vectors = any(one.needs_vectors for one, _ in self._watching)

    @property
    def watching(self) -> list[Watcher]:
        return [one for one, _ in self._watching]

    def judge(self, heard: Sequence[Heard], vectors: VectorsByText | None) -> list[ScoresByTracker]:
        """Return for each sentence the scores by the trackers that find it.

        Without ``vectors``, which are those of all texts in ``texts_of(heard)``, matches by words only.
        """
        out: list[ScoresByTracker] = [{} for _ in heard]
        said = HeardSentences(heard, None if vectors is None else self._pool(heard, vectors))
        trained = {} if said.pool is None else self._ready.trained(said.pool)
        for one, admission in self._watching:
            passing = [admission.passes(sentence.side, sentence.start_s) for sentence in heard]
            if not any(passing) or (one.needs_vectors and said.pool is None):
                continue
            found = trained.get(one.tracker_id, []) if one.found is None else one.found(said)
            for at, score in found:
                if passing[at]:
                    out[at][one.tracker_id] = score
        return out

    def _pool(self, heard: Sequence[Heard], vectors: VectorsByText) -> Pool:
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts_of(heard)))}
        every = np.arange(len(heard), dtype=np.int32)
        return Pool(
            vectors=np.stack([vectors[text] for text in rows]),
            text=np.array([rows[one.text] for one in heard], dtype=np.int32),
            before=np.array([rows[one.before] if one.before else -1 for one in heard], dtype=np.int32),
            call=np.zeros(len(heard), dtype=np.int32),
            words=words_of([one.text for one in heard]) if self._ready.needs_words else None,
            said=every if self._ready.needs_words else None,
        )
