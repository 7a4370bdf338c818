"""Finding in a million encoded sentences, beside the bare product of the same vectors with the same weights.

The vectors lie memory-mapped in a VectorStore, 1,000,000 rows of 384 float32, each the text of one sentence; the turn
before is the row before. They scatter around topics, of which one is the concept (1% of all) and another lies near it;
words are drawn with the frequencies of speech. A tracker is trained on a tenth for four rounds. The bare product is
``vectors @ weights`` in numpy with the detector's own two columns (sentence, turn before), with the same threads. Both
are run in turn, and both have read the file before. Bound: the detector takes at most twice the bare product's time.

Beside it, what the cheap reading costs in finds: how many the kernel alone, over every sentence, finds more.

usage: python -m benchmarks.detection [SENTENCES]
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.tags import Answer
from workbench.engine.detection import Detector, detector_of
from workbench.engine.pool import Pool
from workbench.engine.recipes import DEFAULT
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.engine.vectors import VectorStore
from workbench.engine.word_store import WIDTH, csr_words

SENTENCES, DIMENSION, TOPICS, ROUNDS, REPEATS = 1_000_000, 384, 40, 4, 9
PREVALENCE, NOISE, WORDS = 0.01, 0.07, 14  # noise a dimension; words and pairs of words a sentence
MOST_TIMES = 2.0
_AT_ONCE = 50_000


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else SENTENCES
    with tempfile.TemporaryDirectory() as folder:
        pool, truth = _pool(Path(folder), wanted)
        detector = _trained(pool, truth)
        weights = np.stack(detector.model.slopes()[:2], axis=1)
        _read_once(pool)
        bare, whole = _in_turn(lambda: pool.vectors @ weights, lambda: detector.found(pool))
        at, _ = detector.found(pool)
        peak = _peak_mib()
        every = replace(detector, cut=-np.inf).found(pool)[0]
    times = statistics.median(whole) / statistics.median(bare)
    print(f"{wanted:,} sentences, {len(detector.model.data.labels)} training sentences, {len(at):,} found")
    print(f"bare product: median {_seconds(bare)}")
    print(f"detector:     median {_seconds(whole)}")
    print(f"times the bare product: {times:.2f} (at most {MOST_TIMES} wanted)")
    print(f"peak memory of the process: {peak:,.0f} MiB, {pool.vectors.nbytes / 2**20:,.0f} MiB of it mapped vectors")
    print(f"the kernel over every sentence finds {len(every):,}; {len(np.setdiff1d(every, at)):,} of them are missed")
    return 0 if times <= MOST_TIMES else 1


def _pool(folder: Path, count: int) -> tuple[Pool, NDArray[np.bool_]]:
    rng = np.random.default_rng(0)
    topics = rng.normal(size=(TOPICS, DIMENSION)).astype(np.float32)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    topics[1] = topics[0] + 0.8 * topics[1]  # a concept has something near it that is not meant
    topics[1] /= np.linalg.norm(topics[1])
    truth = rng.random(count) < PREVALENCE
    topic = np.where(truth, 0, rng.integers(1, TOPICS, count))
    store = VectorStore(folder, DIMENSION)
    for start in range(0, count, _AT_ONCE):
        part = topics[topic[start : start + _AT_ONCE]]
        part = part + NOISE * rng.standard_normal(part.shape, dtype=np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
        store.append(np.arange(start, start + len(part)), part)
    rows = np.arange(count, dtype=np.int32)
    words = np.minimum(rng.zipf(1.3, size=WORDS * count) - 1, WIDTH - 1).astype(np.int32)
    said = csr_words(np.arange(0, WORDS * count + 1, WORDS), words)
    return Pool(
        store.vectors, rows, np.where(rows % 300, rows - 1, -1).astype(np.int32), rows // 300, said, rows
    ), truth


def _trained(pool: Pool, truth: NDArray[np.bool_]) -> Detector:
    """Return a model after four rounds over the first tenth, answered from the truth."""
    inside = np.arange(len(pool)) < len(pool) // 10
    own = pool.part(inside)
    at = np.flatnonzero(truth)[:5]
    trainer = Trainer(own, own.sentence_vectors(at), DEFAULT, 1, own.words_at(at))
    tags: list[TaggedSentence] = []
    fitted: Fitted | None = None
    for number in range(1, ROUNDS + 1):
        draw = trainer.draw(number, tags, fitted)
        tags += [
            TaggedSentence(at=at, answer=Answer.YES if truth[at] else Answer.NO, round=number, probability=chance)
            for at, chance in zip(draw.at, draw.probabilities, strict=True)
        ]
        fitted = trainer.fit(tags)
    assert fitted is not None
    return detector_of(fitted, own)


def _read_once(pool: Pool) -> None:
    for start in range(0, len(pool.vectors), _AT_ONCE):
        pool.vectors[start : start + _AT_ONCE].sum()


def _in_turn(*works: Callable[[], Any]) -> list[list[float]]:
    """Return the seconds of each, ``REPEATS`` times in turn after a warm-up."""
    seconds: list[list[float]] = [[] for _ in works]
    for repeat in range(REPEATS + 1):
        for work, taken in zip(works, seconds, strict=True):
            began = time.perf_counter()
            work()
            if repeat:
                taken.append(time.perf_counter() - began)
    return seconds


def _seconds(taken: list[float]) -> str:
    return f"{statistics.median(taken):.3f} s ({min(taken):.3f} to {max(taken):.3f})"


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
