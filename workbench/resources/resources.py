"""Resources: what every room above needs, as one small object that never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.call_sample import CallSample, share_of
from workbench.domain.filters import Filters
from workbench.domain.texts import normalise
from workbench.engine.encoders import Encoder
from workbench.engine.heads import TrainingSet
from workbench.engine.recipes import DEFAULT, Recipe
from workbench.engine.training import Trainer
from workbench.engine.word_store import PREPROCESSING, WordStore, words_of
from workbench.resources.opening import check_writable
from workbench.resources.pools import NamedPool, build_pool
from workbench.resources.vectors import TextVectors


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Resources:
    """What is needed of an opened workspace to read, train and publish.

    Attributes:
        path: the folder.
        lake: the corpus.
        state: the database with trackers, answers, versions and results.
        encoder: what makes vectors of new texts.
        vectors: those of the corpus's texts.
        user: who works here.
        read_only: whether nothing may be written.
    """

    path: Path
    lake: Lake
    state: Engine
    encoder: Encoder
    vectors: TextVectors
    user: str
    read_only: bool = False

    @classmethod
    def of(cls, path: Path, lake: Lake, state: Engine, encoder: Encoder, user: str, read_only: bool) -> Resources:
        """Put together the resources of a folder; opens neither vectors nor encoder."""
        words = WordStore(path / "words" / PREPROCESSING, read_only)
        vectors = TextVectors(lake, encoder, path / "vectors", words, read_only)
        return cls(path=path, lake=lake, state=state, encoder=encoder, vectors=vectors, user=user, read_only=read_only)

    @property
    def words(self) -> WordStore:
        """The words of each distinct text."""
        return self.vectors.words

    @property
    def is_encoded(self) -> bool:
        """Whether there are vectors of the encoder; asking starts no encoder."""
        return self.vectors.exist

    def check_writable(self) -> None:
        """Raise ``ReadOnlyWorkspace`` if nothing may be written."""
        check_writable(self.path, self.read_only)

    def pool(
        self,
        filters: Filters,
        chosen: Recipe = DEFAULT,
        numbers: range | None = None,
        since: datetime | None = None,
        sample: CallSample | None = None,
    ) -> NamedPool:
        """Return the sentences that match, as a recipe's engine sees them; raises ``CorpusNotEncoded``.

        Raises:
            CorpusNotEncoded: some of them have no vector yet.
        """
        words = self.words if chosen.words else None
        return build_pool(self.lake, self.vectors.table(chosen.encoder), filters, words, numbers, since, sample)

    def trainer(
        self,
        filters: Filters,
        examples: Sequence[str],
        chosen: Recipe,
        seed: int,
        taught: TrainingSet | None = None,
        sample: CallSample | None = None,
    ) -> tuple[Trainer, NamedPool]:
        """Return the engine over the sentences that match, and their ids.

        Args:
            filters: which sentences it may find.
            examples: the tracker's own, which count as YES.
            chosen: the recipe to train by.
            seed: of all that is drawn.
            taught: labelled sentences from elsewhere.
            sample: the calls to look at; all where it is None.

        Raises:
            CorpusNotEncoded: run ``encode`` first.
            EncoderUnavailable: the examples could not be encoded.
        """
        named = self.pool(filters, chosen, sample=sample)
        words = words_of([normalise(text) for text in examples]) if chosen.words else None
        own = taught if chosen.encoder == "sentences" else None
        trainer = Trainer(named.pool, self.vectors.of(examples, chosen.encoder), chosen, seed, words, own)
        trainer.share = share_of(sample)
        return trainer, named

    def close(self) -> None:
        """Release open files, database connections and memory; what is used afterwards is opened again."""
        self.lake.close()
        self.state.dispose()
        self.vectors.close()
