"""One tracker's learning, from tags to a model, its threshold, its estimates and its next round. No state is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from workbench.domain.errors import Cancelled, NotEnoughTags
from workbench.domain.estimates import CorpusEstimate, DialPoint, Estimate, Interval
from workbench.domain.rounds import BASIC_ROUNDS, ROUND_SIZE
from workbench.domain.tags import Answer
from workbench.engine.corpus_estimate import DrawnTags, Population, allocate, corrected, in_corpus, posterior, stratify
from workbench.engine.dial import RULES, Ladder, dial
from workbench.engine.estimation import held_out
from workbench.engine.heads import Model, TrainingSet, fit
from workbench.engine.pool import Pool, Scores, Vectors
from workbench.engine.recipes import Recipe
from workbench.engine.sampling import Draw, audit_round, first_round, next_round, review_round
from workbench.engine.thresholds import Calibration, calibrate, choose, out_of_fold
from workbench.engine.word_store import WIDTH, Words

DOUBTFUL = 0.9  # probability of the opposite from which an answer is worth a second look
LEAST_TAGS = 40  # under which calibration is too poor to say anything of the corpus
Report = Callable[[float, str], bool]  # fraction done, what is being done -> go on?


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedSentence:
    """A tag as the engine sees it: the place in the pool, and how it came to be asked.

    A ``review`` draws from what was found then, every other round from all sentences.
    """

    at: int
    answer: Answer
    round: int
    probability: float | None
    review: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fitted:
    """A model with its threshold, its scores over the pool, and what of its training set the estimates need.

    ``boundary`` is the balanced threshold, about which rounds ask; ``threshold`` that of the recipe's own rule.
    """

    model: Model
    threshold: float
    boundary: float
    calibration: Calibration
    scores: Scores
    data: TrainingSet
    unseen: NDArray[np.float64] | None  # scores by machines that did not see the sentence; None from one YES or NO
    tags: tuple[TaggedSentence, ...]
    seconds: float

    @property
    def probability(self) -> NDArray[np.float64]:
        """The calibrated probability of every sentence of the pool."""
        return self.calibration.probability(self.scores)

    @property
    def sure(self) -> list[TaggedSentence]:
        """The YES and NO tags, in the order of the training set, which has the examples before them."""
        return [tag for tag in self.tags if tag.answer is not Answer.NOT_SURE]

    @property
    def tags_of_yes(self) -> list[TaggedSentence]:
        """The YES tags, in the order of the training set."""
        return [tag for tag in self.tags if tag.answer is Answer.YES]

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
        words: those of the examples, where the pool has its own too.
        taught: labelled sentences from elsewhere; they teach, as the examples do, and count in no estimate.
    """

    def __init__(
        self,
        pool: Pool,
        examples: Vectors,
        recipe: Recipe,
        seed: int,
        words: Words | None = None,
        taught: TrainingSet | None = None,
    ):
        self.pool = pool
        self.examples = examples
        self.words = words
        self.recipe = recipe
        self.seed = seed
        self.taught = taught

    @property
    def given(self) -> int:
        """How many sentences of a training set come before the tags: the examples, and what was taught elsewhere."""
        return len(self.examples) + (0 if self.taught is None else len(self.taught.labels))

    def draw(self, number: int, tags: Sequence[TaggedSentence], fitted: Fitted | None, size: int = ROUND_SIZE) -> Draw:
        """The sentences of round ``number``; by likeness to the examples where there is no model."""
        rng = np.random.default_rng([self.seed, number])
        taken = np.zeros(len(self.pool), dtype=bool)
        taken[[tag.at for tag in tags]] = True
        if fitted is None:
            return first_round(self.pool, self.similarity(), taken, self.recipe, rng, size)
        return next_round(self.pool, fitted.scores, fitted.probability, fitted.boundary, taken, self.recipe, rng, size)

    def draw_audit(self, number: int, fitted: Fitted, size: int = ROUND_SIZE) -> Draw:
        """Sentences drawn from the strata so that the corpus estimate narrows the most.

        Raises:
            NotEnoughTags: the model has no honest scores yet.
        """
        if fitted.unseen is None:
            raise NotEnoughTags("An audit needs at least two YES and two NO answers; tag a round first.")
        rng = np.random.default_rng([self.seed, number])
        population = self._population(fitted)
        known = posterior(population, self._drawn_tags(fitted, population).sure(), rng)
        return audit_round(population.stratum, allocate(known, size), rng)

    def draw_review(self, number: int, fitted: Fitted, size: int, skip: int = 0) -> Draw:
        """Up to ``size`` untagged sentences drawn evenly from all that are found; empty where none is.

        Raises:
            NotEnoughTags: the model has no honest scores yet.
        """
        if fitted.unseen is None:
            raise NotEnoughTags("A review needs at least two YES and two NO answers; tag a round first.")
        found = np.flatnonzero(fitted.found & ~self._tagged(fitted))
        return review_round(found, size, skip, np.random.default_rng([self.seed, number]))

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
        unseen = out_of_fold(gram, data.labels, self.recipe, self.seed, calls=data.call)
        model = fit(data, self.recipe, gram)
        _go_on(report, 0.3, "Reading all sentences")
        scores, calibration, boundary = self._read(model, unseen, data)
        return Fitted(
            model=model,
            threshold=self._threshold(self.recipe.threshold, scores, calibration, boundary),
            boundary=boundary,
            calibration=calibration,
            scores=scores,
            data=data,
            unseen=unseen,
            tags=tuple(tags),
            seconds=time.perf_counter() - start,
        )

    def _read(
        self, model: Model, unseen: NDArray[np.float64] | None, data: TrainingSet
    ) -> tuple[Scores, Calibration, float]:
        """Scores of the whole pool, what they mean, and the balanced threshold.

        Where a large part of the shortlist is found, a longer one would find more; before the basic training is done
        that says more of a poor threshold.
        """
        keep = self.recipe.shortlist
        calibration = Calibration(2.0, 0.0) if unseen is None else calibrate(unseen, data.labels)
        while True:
            scores = model.scores(self.pool, keep)
            boundary = 0.0 if unseen is None else choose("balanced", scores, calibration.probability(scores))
            trained = len(data.labels) >= BASIC_ROUNDS * ROUND_SIZE
            if keep >= len(self.pool) or not trained or (scores >= boundary).sum() <= keep / 3:
                return scores, calibration, boundary
            keep *= 4

    def rescored(self, fitted: Fitted, scores: Scores, unseen: NDArray[np.float64]) -> Fitted:
        """The same tags judged by a second stage.

        Args:
            scores: its scores of the whole pool.
            unseen: its scores of the YES and NO tags, by encoders that did not see them.
        """
        given = self.given
        calibration = calibrate(unseen, fitted.data.labels[given:])
        boundary = choose("balanced", scores, calibration.probability(scores))
        return replace(
            fitted,
            scores=scores,
            calibration=calibration,
            boundary=boundary,
            threshold=self._threshold(self.recipe.threshold, scores, calibration, boundary),
            unseen=np.concatenate([np.zeros(given), unseen]),
        )

    def estimate(self, number: int, fitted: Fitted, report: Report | None = None) -> Estimate:
        """Both estimates after round ``number``."""
        _go_on(report, 0.6, "Estimating")
        return Estimate(
            round=number,
            heldout=held_out(fitted.data, fitted.data.gram(self.recipe), self.recipe, self.seed),
            corpus=self.in_corpus(fitted),
            threshold=fitted.threshold,
            rule=self.recipe.threshold,
        )

    def dial(self, fitted: Fitted) -> tuple[DialPoint, ...]:
        """What other thresholds would find, and how good that would be; strictest first."""
        ladder = Ladder(fitted.scores, fitted.probability, self._tagged(fitted))
        rules = {rule: self._threshold(rule, fitted.scores, fitted.calibration, fitted.boundary) for rule in RULES}
        rules.pop(self.recipe.threshold, None)
        rules[self.recipe.threshold] = fitted.threshold
        untagged = np.zeros(len(self.pool), dtype=bool)
        likely = corrected(fitted.probability, stratify(fitted.scores, fitted.probability, fitted.boundary, untagged))
        mass = np.cumsum(np.sort(likely)[::-1])

        def estimate(threshold: float, population: Population) -> tuple[Interval | None, Interval | None]:
            if not self._can_tell(fitted):
                return None, None
            tags = self._drawn_tags(replace(fitted, threshold=threshold), population)
            found = in_corpus(population, tags, self.seed)
            return found.precision, found.hit_rate

        return dial(ladder, rules, lambda found: float(mass[found - 1] / mass[-1]), estimate)

    def surfaced(
        self, fitted: Fitted, count: int, threshold: float | None = None, below: float = np.inf
    ) -> NDArray[np.int64]:
        """Up to ``count`` sentences drawn evenly from what the tracker finds and nobody has tagged, likeliest first.

        With another ``threshold``, what that would find; ``below`` leaves out what a stricter one finds too.
        """
        least = fitted.threshold if threshold is None else threshold
        hits = (fitted.scores >= least) & (fitted.scores < below)
        hits[[tag.at for tag in fitted.tags]] = False
        at = np.flatnonzero(hits)
        rng = np.random.default_rng([self.seed, len(fitted.tags)])
        chosen = rng.permutation(at)[:count]
        return chosen[np.argsort(-fitted.scores[chosen], kind="stable")]

    def doubtful(self, fitted: Fitted, count: int) -> list[TaggedSentence]:
        """Tags that a machine which did not see them takes for the opposite, the surest contradiction first."""
        if fitted.unseen is None:
            return []
        sure = fitted.sure
        yes = np.array([tag.answer is Answer.YES for tag in sure])
        probability = fitted.calibration.probability(fitted.unseen[self.given :])
        against = np.where(yes, 1 - probability, probability)
        order = np.argsort(-against, kind="stable")[:count]
        return [sure[at] for at in order.tolist() if against[at] >= DOUBTFUL]

    def _threshold(self, rule: str, scores: Scores, calibration: Calibration, boundary: float) -> float:
        """By a rule; the two that promise a share go by probabilities set right for the far sentences."""
        if rule == "balanced":
            return boundary
        probability = calibration.probability(scores)
        population = stratify(scores, probability, boundary, np.zeros(len(scores), dtype=bool))
        return choose(rule, scores, corrected(probability, population))

    def in_corpus(self, fitted: Fitted) -> CorpusEstimate:
        """How well it does in the corpus (E7), as far as the drawn tags tell."""
        if not self._can_tell(fitted):
            return CorpusEstimate(precision=None, hit_rate=None, prevalence=None, drawn=0)
        population = self._population(fitted)
        return in_corpus(population, self._drawn_tags(fitted, population), self.seed)

    @staticmethod
    def _can_tell(fitted: Fitted) -> bool:
        return fitted.unseen is not None and len(fitted.tags) >= LEAST_TAGS

    def _population(self, fitted: Fitted) -> Population:
        return stratify(fitted.scores, fitted.probability, fitted.threshold, self._tagged(fitted))

    def _tagged(self, fitted: Fitted) -> NDArray[np.bool_]:
        tagged = np.zeros(len(self.pool), dtype=bool)
        tagged[[tag.at for tag in fitted.tags]] = True
        return tagged

    def _drawn_tags(self, fitted: Fitted, population: Population) -> DrawnTags:
        """Tags with what a model that did not see them says; NOT SURE ones were never seen."""
        assert fitted.unseen is not None
        unseen = iter(fitted.unseen[self.given :])
        honest = [fitted.scores[t.at] if t.answer is Answer.NOT_SURE else next(unseen) for t in fitted.tags]
        value = {Answer.YES: 1.0, Answer.NO: 0.0, Answer.NOT_SURE: np.nan}
        number = np.array([tag.round for tag in fitted.tags], dtype=np.int64)
        probability = np.array([np.nan if t.probability is None else t.probability for t in fitted.tags], dtype=float)
        reach = np.full(len(fitted.tags), np.inf)
        for review in {tag.round for tag in fitted.tags if tag.review}:
            reach[number == review] = (1 / probability[number == review]).sum()
        return DrawnTags(
            answer=np.array([value[tag.answer] for tag in fitted.tags]),
            found=fitted.found[[tag.at for tag in fitted.tags]],
            stratum=population.of(np.array(honest, dtype=np.float64)),
            round=number,
            probability=probability,
            reach=reach,
        )

    def _training_set(self, tags: Sequence[TaggedSentence]) -> TrainingSet:
        """Examples first, as YES, with the mean of the others' turns before; then the taught, then YES and NO tags."""
        sure = [tag for tag in tags if tag.answer is not Answer.NOT_SURE]
        at = np.array([tag.at for tag in sure], dtype=np.int64)
        taught = self._taught()
        sentence = np.vstack([taught.sentence, self.pool.sentence_vectors(at)])
        before = np.vstack([taught.before, self.pool.before_vectors(at)])
        usual = before.mean(axis=0) if len(before) else np.zeros(self.examples.shape[1], dtype=np.float32)
        count = len(self.examples)
        words = self.pool.words_at(at) if self.recipe.words and self.words is not None else None
        labels = [1] * count + taught.labels.tolist() + [tag.answer is Answer.YES for tag in sure]
        return TrainingSet(
            sentence=np.vstack([self.examples, sentence]).astype(np.float32),
            before=np.vstack([np.tile(usual, (count, 1)), before]).astype(np.float32),
            labels=np.array(labels, dtype=np.int8),
            call=np.concatenate([np.full(self.given, -1), self.pool.call[at].astype(np.int64)]),
            words=None if words is None else vstack([self.words, taught.words, words], format="csr"),
        )

    def _taught(self) -> TrainingSet:
        """Of no sentence where there is none; without words where they are not known."""
        if self.taught is None:
            nothing = np.zeros((0, self.examples.shape[1]), dtype=np.float32)
            labels, call = np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int64)
            return TrainingSet(nothing, nothing, labels, call, csr_array((0, WIDTH), dtype=np.float32))
        if self.taught.words is not None:
            return self.taught
        return replace(self.taught, words=csr_array((len(self.taught.labels), WIDTH), dtype=np.float32))


def _go_on(report: Report | None, fraction: float, message: str) -> None:
    if report is not None and not report(fraction, message):
        raise Cancelled("Cancelled; your answers are kept.")
