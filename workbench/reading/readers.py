"""Reading conversations with a tracker, whatever its kind: from a definition to what it finds.

A reader is made of a version's definition or of a draft's; both read in the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from workbench.domain import plain_json
from workbench.domain.filters import Filters
from workbench.domain.publications import Version, definition_of
from workbench.domain.trackers import TrackerKind, TrackerSpec
from workbench.engine.detection import Detector
from workbench.engine.model_file import read
from workbench.judges.meaning import Meaning
from workbench.judges.meaning_file import read_meaning
from workbench.reading.finding import (
    Part,
    found_by_examples,
    found_by_phrases,
    found_by_words,
    needs_texts,
    scores_by_phrases,
)
from workbench.reading.phrase_models import measured
from workbench.reading.question_reader import PLAIN, QuestionReader, Taken
from workbench.resources import Resources
from workbench.resources.pools import NamedPool
from workbench.store.publications import Detection
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings
from workbench.trackers.phrase import SHARES, PhraseSettings
from workbench.trackers.phrase_model import PhraseModel
from workbench.trackers.phrase_model_file import read_phrase_model
from workbench.trackers.question import QuestionSettings


class Reader(Protocol):
    """Reads some conversations, and gives what it finds in them, in the corpus's order."""

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        """Of the conversations with these numbers; with ``since`` of those begun then or later, or no one knows when.

        Raises:
            CorpusNotEncoded: it needs vectors that are not there yet.
        """
        ...


@runtime_checkable
class PartReader(Reader, Protocol):
    """A reader that reads each conversation by itself, so that what it reads can be found in elsewhere."""

    def part(self, numbers: range, since: datetime | None) -> Part:
        """Return what ``read`` would read of these, with all that it takes to find in it.

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
        return found_by_examples(self.detector, self._pool(numbers, since))

    def part(self, numbers: range, since: datetime | None) -> Part:
        return Part(found_by_examples, self.detector, (self._pool(numbers, since).apart(),))

    def _pool(self, numbers: range | None, since: datetime | None) -> NamedPool:
        return self.resources.pool(self.filters, self.detector.model.recipe, numbers=numbers, since=since)


@dataclass(frozen=True, slots=True, eq=False)
class KeywordReader:
    """By words; needs no vectors. Every score is 1."""

    resources: Resources
    filters: Filters
    matcher: KeywordMatcher

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        return found_by_words(self.matcher, self.resources.lake.said_in(self.filters, numbers, since))

    def part(self, numbers: range, since: datetime | None) -> Part:
        said = list(self.resources.lake.said_in(self.filters, numbers, since))
        return Part(found_by_words, self.matcher, (said,))


@dataclass(frozen=True, slots=True, eq=False)
class PhraseReader:
    """By how near a sentence comes to a vocabulary; see :class:`PhraseSettings` for scores.

    ``model`` is a version's; without one, the vocabulary is measured over the corpus as it is now, where the rules ask.
    """

    resources: Resources
    filters: Filters
    settings: PhraseSettings
    model: PhraseModel | None = None
    _made: dict[str, PhraseModel] = field(default_factory=dict)

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        return found_by_phrases((self.settings, self.learnt()), self._pool(numbers, since), self._said(numbers, since))

    def part(self, numbers: range, since: datetime | None) -> Part:
        named = self._pool(numbers, since).apart()
        return Part(found_by_phrases, (self.settings, self.learnt()), (named, list(self._said(numbers, since))))

    def scored(
        self, numbers: range | None = None, since: datetime | None = None, least: float = 0.0
    ) -> tuple[NamedPool, Any]:
        """Return all sentences that match the filters, with the score of each; below ``least`` it may be too high."""
        named = self._pool(numbers, since)
        return named, scores_by_phrases(self.settings, self.learnt(), named, self._said(numbers, since), least)

    def learnt(self) -> PhraseModel | Any:
        """Return what it finds by: what was measured of the entries, or by older rules just their vectors."""
        return self.fitted() if self.settings.rules == SHARES else self.vocabulary()

    def fitted(self) -> PhraseModel:
        """Return the version's model, or that over the corpus as it is now."""
        if self.model is not None:
            return self.model
        if "model" not in self._made:
            self._made["model"] = measured(self.resources, self.filters, self.vocabulary())
        return self._made["model"]

    def vocabulary(self) -> Any:
        """Return the vectors of its entries, ``[entries, dimension]``."""
        return np.asarray(self.resources.vectors.of(self.settings.vocabulary, "sentences"), dtype=np.float32)

    def _pool(self, numbers: range | None, since: datetime | None) -> NamedPool:
        return self.resources.pool(self.filters, PLAIN, numbers, since)

    def _said(self, numbers: range | None, since: datetime | None) -> Iterator[Any]:
        """Yield what is said in the sentences of the pool, as far as it is looked at."""
        return self.resources.lake.said_in(self.filters, numbers, since) if needs_texts(self.settings) else iter(())


def reader_of(
    resources: Resources,
    definition: Mapping[str, Any],
    learnt: Detector | Meaning | PhraseModel | None = None,
    version: Version | None = None,
) -> Reader:
    """Return what reads by a definition, as ``definition_of`` gives it, or by the ``version`` that froze it.

    A tracker of examples needs what it has ``learnt``; of a version, so does any that :func:`has_file`.
    """
    filters = Filters.stored(definition["filters"])
    kind = kind_of(definition)
    if kind is TrackerKind.KEYWORD:
        return KeywordReader(resources, filters, KeywordMatcher(KeywordSettings.checked(definition["settings"])))
    if kind is TrackerKind.PHRASE:
        model = learnt if isinstance(learnt, PhraseModel) else None
        return PhraseReader(resources, filters, PhraseSettings.checked(definition["settings"]), model)
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
    if kind_of(definition) is TrackerKind.PHRASE:
        return PhraseSettings.checked(definition["settings"]).rules == SHARES
    return kind_of(definition) in (TrackerKind.EXAMPLE, TrackerKind.QUESTION)


def learnt_in(definition: Mapping[str, Any], file: Path) -> Detector | Meaning | PhraseModel:
    """Return what a version's file holds. Raises ``InvalidModelFile``."""
    if kind_of(definition) is TrackerKind.PHRASE:
        return read_phrase_model(file)
    return read(file)[0] if is_trained(definition) else read_meaning(file)


def threshold_of(spec: TrackerSpec) -> float:
    """Return the least score that a tracker without a model finds."""
    return float(spec.settings.get("closeness", spec.settings.get("least", 1.0)))


def definition_hash(spec: TrackerSpec) -> str:
    """Of what a tracker without a model finds by."""
    return hashlib.sha256(plain_json.dumps(definition_of(spec), sort_keys=True).encode()).hexdigest()
