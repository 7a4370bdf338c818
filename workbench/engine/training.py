"""One tracker's learning, from tags to a model, its threshold, its estimates and its next round. No state is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import Cancelled, NotEnoughTags
from workbench.domain.estimates import Estimate
from workbench.domain.rounds import ROUND_SIZE
from workbench.domain.tags import Answer
from workbench.engine.estimation import DrawnTags, held_out, in_corpus
from workbench.engine.heads import Model, TrainingSet, fit
from workbench.engine.pool import Pool, Scores, Vectors
from workbench.engine.recipes import Recipe
from workbench.engine.sampling import Draw, first_round, next_round
from workbench.engine.thresholds import Calibration, best_expected_f1, calibrate, out_of_fold

Report = Callable[[float, str], bool]  # fraction done, what is being done -> go on?


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedSentence:
    """A tag as the engine sees it: the place in the pool, and how it came to be asked."""

    at: int
    answer: Answer
    round: int
    probability: float | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fitted:
    """A model with its threshold, its scores over the pool, and what of its training set the estimates need."""

    model: Model
    threshold: float
    calibration: Calibration
    scores: Scores
    data: TrainingSet
    unseen: NDArray[np.float64]
    tags: tuple[TaggedSentence, ...]
    seconds: float

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which of the pool's sentences the tracker finds."""
        hits: NDArray[np.bool_] = self.scores >= self.threshold
        return hits


class Trainer:
    """The engine over one pool, for one tracker: its examples, its recipe and its seed.

    Args:
        pool: the sentences that match the tracker's filters.
        examples: their vectors, ``[k, dimension]``.
        recipe: how to pick and to learn.
        seed: of every random choice; the same tags give the same rounds.
    """

    def __init__(self, pool: Pool, examples: Vectors, recipe: Recipe, seed: int):
        self.pool = pool
        self.examples = examples
        self.recipe = recipe
        self.seed = seed

    def draw(self, number: int, tags: Sequence[TaggedSentence], fitted: Fitted | None, size: int = ROUND_SIZE) -> Draw:
        """The sentences of round ``number``; by likeness to the examples where there is no model."""
        rng = np.random.default_rng([self.seed, number])
        taken = np.zeros(len(self.pool), dtype=bool)
        taken[[tag.at for tag in tags]] = True
        if fitted is None:
            return first_round(self.pool, self.similarity(), taken, self.recipe, rng, size)
        probability = fitted.calibration.probability(fitted.scores)
        return next_round(self.pool, fitted.scores, probability, fitted.threshold, taken, self.recipe, rng, size)

    def similarity(self) -> Scores:
        """Cosine of every sentence to its nearest example."""
        nearest: Scores = np.asarray(self.pool.vectors @ self.examples.T, dtype=np.float32).max(axis=1)
        return nearest[self.pool.text]

    def fit(self, tags: Sequence[TaggedSentence], report: Report | None = None) -> Fitted:
        """The model of these tags.

        Raises:
            NotEnoughTags: there is no NO among them (the examples count as YES).
            Cancelled: ``report`` answered False.
        """
        start = time.perf_counter()
        _go_on(report, 0.1, "Learning from your answers")
        data = self._training_set(tags)
        if not data.has_both:
            raise NotEnoughTags("Training needs at least one NO among the answers; tag a few more sentences.")
        gram = data.gram(self.recipe)
        unseen = out_of_fold(gram, data.labels, self.recipe, self.seed)
        model = fit(data, self.recipe, gram)
        _go_on(report, 0.3, "Reading all sentences")
        scores = model.scores(self.pool)
        if unseen is None:
            unseen, calibration, threshold = np.zeros(len(data.labels)), Calibration(2.0, 0.0), 0.0
        else:
            calibration = calibrate(unseen, data.labels)
            threshold = best_expected_f1(scores, calibration)
        return Fitted(
            model=model,
            threshold=threshold,
            calibration=calibration,
            scores=scores,
            data=data,
            unseen=unseen,
            tags=tuple(tags),
            seconds=time.perf_counter() - start,
        )

    def estimate(self, number: int, fitted: Fitted, report: Report | None = None) -> Estimate:
        """Both estimates after round ``number``."""
        _go_on(report, 0.6, "Estimating")
        drawn = _drawn_tags(fitted, len(self.examples))
        return Estimate(
            round=number,
            heldout=held_out(fitted.data, fitted.data.gram(self.recipe), self.recipe, self.seed),
            corpus=in_corpus(drawn, int(fitted.found.sum()), len(self.pool)),
            threshold=fitted.threshold,
        )

    def surfaced(self, fitted: Fitted, count: int) -> NDArray[np.int64]:
        """Up to ``count`` sentences drawn evenly from what the tracker finds and nobody has tagged, likeliest first."""
        hits = fitted.found.copy()
        hits[[tag.at for tag in fitted.tags]] = False
        at = np.flatnonzero(hits)
        rng = np.random.default_rng([self.seed, len(fitted.tags)])
        chosen = rng.permutation(at)[:count]
        return chosen[np.argsort(-fitted.scores[chosen], kind="stable")]

    def _training_set(self, tags: Sequence[TaggedSentence]) -> TrainingSet:
        """Examples first, as YES, with the mean of the tagged sentences' turns before; then YES and NO tags."""
        sure = [tag for tag in tags if tag.answer is not Answer.NOT_SURE]
        at = np.array([tag.at for tag in sure], dtype=np.int64)
        before = self.pool.before_vectors(at)
        usual = before.mean(axis=0) if len(at) else np.zeros(self.examples.shape[1], dtype=np.float32)
        count = len(self.examples)
        return TrainingSet(
            sentence=np.vstack([self.examples, self.pool.sentence_vectors(at)]).astype(np.float32),
            before=np.vstack([np.tile(usual, (count, 1)), before]).astype(np.float32),
            labels=np.array([1] * count + [tag.answer is Answer.YES for tag in sure], dtype=np.int8),
            call=np.concatenate([np.full(count, -1), self.pool.call[at].astype(np.int64)]),
        )


def _drawn_tags(fitted: Fitted, examples: int) -> DrawnTags:
    """Tags with what a model that did not see them says; NOT SURE ones were never seen."""
    found = []
    unseen = iter(fitted.unseen[examples:])
    for tag in fitted.tags:
        score = fitted.scores[tag.at] if tag.answer is Answer.NOT_SURE else next(unseen)
        found.append(score >= fitted.threshold)
    return DrawnTags(
        yes=np.array([tag.answer is Answer.YES for tag in fitted.tags], dtype=bool),
        found=np.array(found, dtype=bool),
        round=np.array([tag.round for tag in fitted.tags], dtype=np.int64),
        probability=np.array([np.nan if t.probability is None else t.probability for t in fitted.tags], dtype=float),
    )


def _go_on(report: Report | None, fraction: float, message: str) -> None:
    if report is not None and not report(fraction, message):
        raise Cancelled("Cancelled; your answers are kept.")
