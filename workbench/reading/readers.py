"""Reading conversations with a tracker, whatever its kind: from a definition to what it finds.

A reader is made of a version's definition or of a draft's; both read in the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from workbench.domain import plain_json
from workbench.domain.filters import Filters
from workbench.domain.publications import Version, definition_of
from workbench.domain.trackers import TrackerKind, TrackerSpec
from workbench.engine.detection import Detector
from workbench.engine.model_file import read
from workbench.judges.meaning import Meaning
from workbench.judges.meaning_file import read_meaning
from workbench.reading.question_reader import PLAIN, QuestionReader, Taken
from workbench.resources import Resources
from workbench.resources.pools import NamedPool
from workbench.store.publications import Detection
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings
from workbench.trackers.phrase import PhraseSettings, nearest
from workbench.trackers.question import QuestionSettings


class Reader(Protocol):
    """Reads some conversations, and gives what it finds in them, in the corpus's order."""

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        """Of the conversations with these numbers; with ``since`` of those begun then or later, or no one knows when.

        Raises:
            CorpusNotEncoded: it needs vectors that are not there yet.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ExampleReader:
    """By what a tracker of examples has learnt."""

    resources: Resources
    filters: Filters
    detector: Detector

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        named = self.resources.pool(self.filters, self.detector.model.recipe, numbers=numbers, since=since)
        if not len(named):
            return []
        return _detections(named, *self.detector.found(named.pool))


@dataclass(frozen=True, slots=True, eq=False)
class KeywordReader:
    """By words; needs no vectors. Every score is 1."""

    resources: Resources
    filters: Filters
    matcher: KeywordMatcher

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        batches = self.resources.lake.said_in(self.filters, numbers, since)
        return [
            Detection(batch["id"][at].as_py(), batch["number"][at].as_py(), 1.0)
            for batch in batches
            for at in _saying(batch, self.matcher)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class PhraseReader:
    """By how near a sentence comes to what is nearest in the vocabulary; see :class:`PhraseSettings` for scores."""

    resources: Resources
    filters: Filters
    settings: PhraseSettings

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        named, scores = self.scored(numbers, since)
        at = np.flatnonzero(scores >= self.settings.closeness)
        return _detections(named, at, scores[at])

    def scored(self, numbers: range | None = None, since: datetime | None = None) -> tuple[NamedPool, Any]:
        """Return all sentences that match the filters, with the score of each."""
        vocabulary = self.vocabulary()
        named = self.resources.pool(self.filters, PLAIN, numbers, since)
        rows, place = np.unique(named.pool.text, return_inverse=True)
        scores, _ = nearest(_rows_of(named.pool.vectors, rows), vocabulary)
        out = scores[place]
        if self.settings.literal:
            out[self._literally(len(named), numbers, since)] = 1
        return named, out

    def vocabulary(self) -> Any:
        """Return the vectors of its entries, ``[entries, dimension]``."""
        return np.asarray(self.resources.vectors.of(self.settings.vocabulary, "sentences"), dtype=np.float32)

    def _literally(self, count: int, numbers: range | None, since: datetime | None) -> list[int]:
        """Places of the first ``count`` sentences that say a short entry as it is; both queries have one order."""
        matcher, start, places = KeywordMatcher(KeywordSettings(words=self.settings.literal)), 0, []
        for batch in self.resources.lake.said_in(self.filters, numbers, since):
            places += [start + at for at in _saying(batch, matcher)]
            start += len(batch)
        return [at for at in places if at < count]


def reader_of(
    resources: Resources,
    definition: Mapping[str, Any],
    learnt: Detector | Meaning | None = None,
    version: Version | None = None,
) -> Reader:
    """Return what reads by a definition, as ``definition_of`` gives it, or by the ``version`` that froze it.

    A tracker of examples needs what it has ``learnt``; of a version, so does one with a question.
    """
    filters = Filters.stored(definition["filters"])
    kind = kind_of(definition)
    if kind is TrackerKind.KEYWORD:
        return KeywordReader(resources, filters, KeywordMatcher(KeywordSettings.checked(definition["settings"])))
    if kind is TrackerKind.PHRASE:
        return PhraseReader(resources, filters, PhraseSettings.checked(definition["settings"]))
    if kind is TrackerKind.QUESTION:
        return QuestionReader(
            resources=resources,
            filters=filters,
            settings=QuestionSettings.checked(definition["settings"]),
            meaning=learnt if isinstance(learnt, Meaning) else None,
            tracker_id=version.tracker_id if version else "",
            version=version.version if version else None,
            publication_id=version.id if version else "",
        )
    assert isinstance(learnt, Detector), "a tracker of examples is read with its detector"
    return ExampleReader(resources, filters, learnt)


def take(reader: Reader, numbers: range, since: datetime | None = None, newest_first: bool = False) -> Taken:
    """Read these conversations, or as many as can be paid for, for a version's record.

    Raises:
        JudgeUnavailable: it asks a judge, and nothing can be judged now.
    """
    if isinstance(reader, QuestionReader):
        return reader.take(numbers, since, newest_first)
    return Taken(numbers, reader.read(numbers, since))


def kind_of(definition: Mapping[str, Any]) -> TrackerKind:
    return TrackerKind(definition.get("kind", TrackerKind.EXAMPLE))


def needs_vectors(definition: Mapping[str, Any]) -> bool:
    """Return whether sentences must be encoded before it can read them."""
    return kind_of(definition) is not TrackerKind.KEYWORD


def is_trained(definition: Mapping[str, Any]) -> bool:
    """Return whether it finds by a model that has learnt from answers."""
    return kind_of(definition) is TrackerKind.EXAMPLE


def has_file(definition: Mapping[str, Any]) -> bool:
    """Return whether a version's folder holds what it finds by."""
    return kind_of(definition) in (TrackerKind.EXAMPLE, TrackerKind.QUESTION)


def learnt_in(definition: Mapping[str, Any], file: Path) -> Detector | Meaning:
    """Return what a version's file holds. Raises ``InvalidModelFile``."""
    return read(file)[0] if is_trained(definition) else read_meaning(file)


def threshold_of(spec: TrackerSpec) -> float:
    """Return the least score that a tracker without a model finds."""
    return float(spec.settings.get("closeness", spec.settings.get("least", 1.0)))


def definition_hash(spec: TrackerSpec) -> str:
    """Of what a tracker without a model finds by."""
    return hashlib.sha256(plain_json.dumps(definition_of(spec), sort_keys=True).encode()).hexdigest()


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
