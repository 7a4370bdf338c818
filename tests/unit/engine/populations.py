"""Simulated sentences whose truth is known."""

from __future__ import annotations

import numpy as np

from workbench.domain.tags import Answer, Reason
from workbench.engine.heads import TrainingSet
from workbench.engine.pool import Pool
from workbench.engine.training import Fitted, TaggedSentence, Trainer

DIMENSION = 16


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def population(count: int, prevalence: float, seed: int, noise: float = 0.3) -> tuple[Pool, np.ndarray]:
    """Sentences around a few topics, ten a call; YES lies around one of them, and some near it are NO."""
    rng = np.random.default_rng(seed)
    topics = unit(rng.normal(size=(8, DIMENSION)))
    topics[1] = unit((topics[0] + 0.8 * topics[1])[None, :])[0]
    truth = rng.random(count) < prevalence
    topic = np.where(truth, 0, rng.integers(1, 8, count))
    vectors = unit(topics[topic] + noise * rng.normal(size=(count, DIMENSION)))
    rows = np.arange(count, dtype=np.int32)
    return Pool(vectors, rows, np.where(rows % 10 == 0, -1, rows - 1).astype(np.int32), rows // 10), truth


def training_set(pool: Pool, truth: np.ndarray, at: np.ndarray) -> TrainingSet:
    return TrainingSet(
        pool.sentence_vectors(at), pool.before_vectors(at), truth[at].astype(np.int8), pool.call[at].astype(np.int64)
    )


def tagged(draw, truth: np.ndarray, number: int) -> list[TaggedSentence]:
    """The answers of one who knows."""
    return [
        TaggedSentence(
            at=at,
            answer=Answer.YES if truth[at] else Answer.NO,
            round=number,
            probability=probability,
            review=reason is Reason.REVIEW,
        )
        for at, probability, reason in zip(draw.at, draw.probabilities, draw.reasons, strict=True)
    ]


def play(trainer: Trainer, truth: np.ndarray, rounds: int) -> tuple[list[TaggedSentence], Fitted]:
    tags: list[TaggedSentence] = []
    fitted: Fitted | None = None
    for number in range(1, rounds + 1):
        tags += tagged(trainer.draw(number, tags, fitted), truth, number)
        fitted = trainer.fit(tags)
    assert fitted is not None
    return tags, fitted
