"""The vectors of a corpus's texts, by a workspace's encoder or by word weights, opened when they are needed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from tqdm.auto import tqdm

from workbench.corpus.lake import Lake
from workbench.corpus.manifest import Span
from workbench.domain.arrays import Vectors
from workbench.domain.errors import ReadOnlyWorkspace
from workbench.domain.files import READ_ONLY
from workbench.domain.progress import OnProgress
from workbench.domain.texts import text_key
from workbench.engine.encoders import Encoder
from workbench.engine.keys import Keys
from workbench.engine.recipes import EncoderName
from workbench.engine.vectors import VectorStore, VectorTable, described
from workbench.engine.word_store import WordStore
from workbench.engine.words import WordVectors

CHUNK = 4_096  # texts encoded between two writes: what an interruption can lose
WORDS_CHUNK = 65_536  # texts whose words are in memory at once
AT_ONCE = 32 * CHUNK  # texts in memory at once, of which those of about one length are encoded together

EncodeBatches: TypeAlias = Callable[[Iterable[Sequence[str]]], Iterator[Vectors]]
"""Yields the vectors of each batch of texts, in the order of the batches."""


class TextVectors:
    """Vectors of a workspace's texts.

    Args:
        folder: where the vectors of all encoders lie, one folder an encoder.
        words: the words of each distinct text, which are kept beside them.
    """

    def __init__(self, lake: Lake, encoder: Encoder, folder: Path, words: WordStore, read_only: bool = False):
        self._lake = lake
        self._encoder = encoder
        self._folder = folder
        self._read_only = read_only
        self._store: VectorStore | None = None
        self._weighed: WordVectors | None = None
        # Names of the corpus's parts, which never change, whose texts all had vectors when there were so many removals.
        self._read: frozenset[str] = frozenset()
        self._removals = 0
        self.words = words

    @property
    def store(self) -> VectorStore:
        """The vectors of the encoder, opened on first use."""
        if self._store is None:
            folder = self._folder / self._encoder.key
            known = described(folder)  # so that reading vectors starts no encoder
            about = getattr(self._encoder, "about", None) if known is None and not self._read_only else None
            dimension = self._encoder.dimension if known is None else int(known["dimension"])
            self._store = VectorStore(folder, dimension, about() if about else None, self._read_only)
        return self._store

    @property
    def exist(self) -> bool:
        """Whether there are vectors of the encoder; asking starts no encoder."""
        return self._store is not None or (self._folder / self._encoder.key / "keys.i64").exists()

    @property
    def made_by(self) -> dict[str, Any] | None:
        """What is recorded of the encoder that makes the vectors; None if nothing is. May start it."""
        return described(self.store.folder)

    def encode(
        self, progress: OnProgress | bool | None = None, encoded: EncodeBatches | None = None, link: str = ""
    ) -> int:
        """Make the vectors that are missing, one for each distinct text; return how many were made.

        Each batch is on disk before the next is, so an interrupted run goes on where it was.

        Args:
            progress: called with the number of texts done and the number of all; True shows a bar.
            encoded: what encodes in place of the encoder here, with its vectors.
            link: shown beside the bar: where else to look.

        Raises:
            EncoderUnavailable: the encoder's model cannot be loaded.
            ReadOnlyWorkspace: the workspace was opened for reading.
        """
        if self._read_only:
            raise ReadOnlyWorkspace(f"{self._folder}: {READ_ONLY}")
        parts, removals = self._lake.part_spans(), self._removals_now()
        known = self._read if removals == self._removals else ()
        unread = [span for name, span in parts.items() if name not in known] if known else None
        made = self._encode_parts(unread, progress, encoded, link)
        self._read, self._removals = frozenset(parts), removals
        return made

    def _encode_parts(
        self, spans: Sequence[Span] | None, progress: OnProgress | bool | None, encoded: EncodeBatches | None, link: str
    ) -> int:
        """Make the vectors that conversations in these spans, or all, lack."""
        new = self._new_keys(spans)
        if not len(new):
            return 0
        total, done = int((self.store.lookup(new) < 0).sum()), 0
        given: deque[Keys] = deque()  # of batches that were given out, and whose vectors have not come

        def batches() -> Iterator[Sequence[str]]:
            for keys, texts in self._batches(new, spans):
                given.append(keys)
                yield texts

        made = map(self._encoder.encode, batches()) if encoded is None else encoded(batches())
        told = f"Encoding ({link})" if link else "Encoding"
        with tqdm(total=total, unit=" texts", desc=told, disable=progress is not True) as bar:
            for vectors in made:
                keys = given.popleft()
                self.store.append(keys, vectors)
                done += len(keys)
                bar.update(len(keys))
                if callable(progress):
                    progress(done, total)
        return done

    def _batches(self, new: Keys, spans: Sequence[Span] | None) -> Iterator[tuple[Keys, Sequence[str]]]:
        """Yield the texts to encode, those of about one length together; the words of these new ones are kept first."""
        for keys, texts in self._gathered(new, spans):
            for start in range(0, len(texts), WORDS_CHUNK):
                end = start + WORDS_CHUNK
                self.words.append(keys[start:end], texts[start:end])
            self.store.refresh()
            missing = np.flatnonzero(self.store.lookup(keys) < 0)
            missing = missing[np.argsort([len(texts[at]) for at in missing.tolist()], kind="stable")]
            for start in range(0, len(missing), CHUNK):
                part = missing[start : start + CHUNK]
                yield keys[part], [texts[at] for at in part.tolist()]

    def _gathered(self, new: Keys, spans: Sequence[Span] | None) -> Iterator[tuple[Keys, list[str]]]:
        """Yield the texts with these keys, about ``AT_ONCE`` at once."""
        batches: list[pa.RecordBatch] = []
        for batch in self._lake.distinct_texts(keys=new, spans=spans):
            batches.append(batch)
            if sum(map(len, batches)) >= AT_ONCE:
                yield _joined(batches)
                batches = []
        yield _joined(batches)

    def table(self, encoder: EncoderName) -> VectorTable:
        """Return the vectors of a recipe's encoder, up to date with the corpus; word weights follow its growth."""
        if encoder == "sentences":
            self.store.refresh()
            return self.store
        keys, texts = _joined(self._lake.distinct_texts())
        if self._weighed is None or self._weighed.size != len(keys):
            self._weighed = WordVectors(keys, texts)
        return self._weighed

    def encode_with(self, encoder: EncoderName) -> Callable[[Sequence[str]], np.ndarray]:
        """Return what computes vectors of texts with a recipe's encoder, without storing them."""
        table = self.table(encoder)
        return table.encode if isinstance(table, WordVectors) else self._encoder.encode

    def of(self, texts: Sequence[str], encoder: EncoderName) -> np.ndarray:
        """Return the vectors of these texts, ``[len(texts), dimension]``, by a recipe's encoder; new ones are kept."""
        table = self.table(encoder)
        if isinstance(table, WordVectors):
            return table.encode(texts)
        keys = np.array([text_key(text) for text in texts], dtype=np.int64)
        rows = table.lookup(keys)
        missing = np.flatnonzero(rows < 0)
        if not len(missing):
            return np.array(table.vectors[rows])
        made = self._encoder.encode([texts[i] for i in missing.tolist()])
        if not self._read_only:
            self.store.append(keys[missing], made)
            return np.array(table.vectors[table.lookup(keys)])
        out = np.zeros((len(keys), self.store.dimension), dtype=np.float32)
        out[rows >= 0], out[missing] = table.vectors[rows[rows >= 0]], made
        return out

    def close(self) -> None:
        """Release files and memory; what is used afterwards is opened again."""
        self._store = self._weighed = None
        self._read, self._removals = frozenset(), 0
        self.words = WordStore(self.words.folder, self._read_only)

    def _removals_now(self) -> int:
        """Return how often vectors or words were taken out: as long as it stays, what was encoded still is."""
        if self._store is None:
            return 0
        self._store.refresh()
        self.words.refresh()
        return self._store.removals + self.words.removals

    def _new_keys(self, spans: Sequence[Span] | None) -> Keys:
        """Return the keys of the texts that lack a vector, or their words."""
        keys = self._lake.text_keys(spans)
        if not len(keys):
            return keys
        self.store.refresh()
        self.words.refresh()
        return keys[(self.store.lookup(keys) < 0) | (self.words.lookup(keys) < 0)]


def _joined(batches: Iterable[pa.RecordBatch]) -> tuple[Keys, list[str]]:
    """Return the keys and the texts of batches of :meth:`workbench.corpus.lake.Lake.distinct_texts`."""
    keys, texts = [np.zeros(0, dtype=np.int64)], list[str]()
    for batch in batches:
        keys.append(batch["text_key"].to_numpy())
        texts += batch["text"].to_pylist()
    return np.concatenate(keys), texts
