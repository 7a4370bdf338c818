"""One tracker's learning, from tags to a model, its threshold, its estimates and its next round. Stateless."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import Cancelled, NotEnoughTags
from workbench.domain.estimates import CorpusEstimate, DialPoint, Estimate, Interval
from workbench.domain.progress import ReportProgress
from workbench.domain.rounds import BASIC_ROUNDS, ROUND_SIZE
from workbench.domain.tags import Answer
from workbench.engine.call_sampling import SampledCalls
from workbench.engine.corpus_estimate import (
    Population,
    SamplingError,
    allocate,
    corrected,
    in_corpus,
    nothing_left_out,
    posterior,
    stratify,
)
from workbench.engine.covering import Cover, cover_of, drawn_tags, population_of
from workbench.engine.dial import RULES, Ladder, dial
from workbench.engine.estimation import held_out
from workbench.engine.fitted import Fitted, TaggedSentence
from workbench.engine.heads import Model, TrainingSet, fit
from workbench.engine.pool import Scores
from workbench.engine.sampling import Draw, audit_round, first_round, next_round, review_round
from workbench.engine.thresholds import Calibration, calibrate, choose, out_of_fold
from workbench.engine.training_data import METHOD, TrainingData

__all__ = ["METHOD", "Fitted", "ReportProgress", "TaggedSentence", "Trainer"]

DOUBTFUL = 0.88  # probability of the opposite from which an answer is worth a second look
ANSWER_BOTH = "Examples don't count as answers: complete rounds until you have answered both YES and NO."
LEAST_TAGS = 40  # with fewer, calibration is too poor for corpus estimates


class Trainer(TrainingData):
    """The engine over one pool, for one tracker: its examples, its recipe and its seed.

    Args:
        pool: the sentences that match the tracker's filters.
        examples: their vectors, ``[k, dimension]``.
        recipe: how to pick and learn.
        seed: for every random choice; the same tags give the same rounds.
        words: those of the examples, if the pool has words.
        taught: labelled sentences from elsewhere; they teach, as the examples do, and are not used in estimates.

    Attributes:
        outside: tagged sentences that do not match the filters, which teach all the same.
        method: an older one to replay rounds of an older version.
        share: the probability of each call to be in the pool, if that is a sample of the calls.
    """

    def draw(self, number: int, tags: Sequence[TaggedSentence], fitted: Fitted | None, size: int = ROUND_SIZE) -> Draw:
        """Return the sentences for round ``number``; by similarity to the examples if there is no model."""
        rng = np.random.default_rng([self.seed, number])
        taken = np.zeros(len(self.pool), dtype=bool)
        taken[[tag.at for tag in tags if tag.inside]] = True
        if taken.all():
            return Draw()
        if fitted is None:
            return first_round(self.pool, self.similarity(), taken, self.recipe, rng, size)
        return next_round(self.pool, fitted.scores, fitted.probability, fitted.boundary, taken, self.recipe, rng, size)

    def draw_instead(
        self,
        number: int,
        again: int,
        tags: Sequence[TaggedSentence],
        fitted: Fitted | None,
        kept: Sequence[int],
        size: int,
    ) -> Draw:
        """Return sentences that teach, to replace some in round ``number``; none counts as drawn at random.

        Args:
            number: the round's, from 1.
            again: how often this has happened in this round, from 1.
            tags: all answers so far.
            fitted: the model of these answers; None without YES and NO.
            kept: indices in the pool that the round already asks about.
            size: how many to return.
        """
        rng = np.random.default_rng([self.seed, number, again])
        taken = np.zeros(len(self.pool), dtype=bool)
        taken[[*kept, *(tag.at for tag in tags if tag.inside)]] = True
        if taken.all():
            return Draw()
        recipe = self.recipe if self.recipe.sampler == "random" else replace(self.recipe, sampler="uncertainty")
        if fitted is None:
            draw = first_round(self.pool, self.similarity(), taken, recipe, rng, size)
        else:
            draw = next_round(self.pool, fitted.scores, fitted.probability, fitted.boundary, taken, recipe, rng, size)
        return replace(draw, probabilities=[None] * len(draw.at))

    def draw_audit(self, number: int, fitted: Fitted, size: int = ROUND_SIZE) -> Draw:
        """Draw sentences from the strata to narrow the corpus estimate the most.

        Raises:
            NotEnoughTags: the model has no held-out scores yet.
        """
        if not self._can_tell(fitted):
            raise NotEnoughTags(f"An audit needs YES and NO answers. {ANSWER_BOTH}")
        rng = np.random.default_rng([self.seed, number])
        every = Cover.whole(fitted)
        population = population_of(fitted, every.part)
        known = posterior(population, drawn_tags(fitted, self.given, population, every, self.share).sure(), rng)
        return audit_round(population.stratum, allocate(known, size), rng)

    def draw_review(self, number: int, fitted: Fitted, size: int, skip: int = 0) -> Draw:
        """Draw up to ``size`` untagged sentences evenly from all that are found; empty if there are none.

        Raises:
            NotEnoughTags: the model has no held-out scores yet.
        """
        if not self._can_tell(fitted):
            raise NotEnoughTags(f"A review needs YES and NO answers. {ANSWER_BOTH}")
        found = np.flatnonzero(fitted.found & ~fitted.tagged)
        return review_round(found, size, skip, np.random.default_rng([self.seed, number]))

    def two_sided(self, fitted: Fitted) -> bool:
        """Return whether there are both YES and NO answers; examples are not answers: they show no limit of YES."""
        return len(np.unique(fitted.data.labels[len(self.examples) :])) == 2

    def fit(self, tags: Sequence[TaggedSentence], report: ReportProgress | None = None) -> Fitted:
        """Return the model for these tags.

        Raises:
            NotEnoughTags: there is no NO among them (the examples count as YES).
            Cancelled: ``report`` returned False.
        """
        start = time.perf_counter()
        _go_on(report, 0.1, "Learning from your answers")
        data = self._training_set(tags)
        if not data.has_both:
            raise NotEnoughTags("Training needs at least one NO among the answers; tag a few more sentences.")
        gram = data.gram(self.recipe)
        calls = data.call if self.method > 1 else None
        unseen = out_of_fold(gram, data.labels, self.recipe, self.seed, calls=calls)
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
            outside=self._outside_scores(model, tags),
        )

    def _outside_scores(self, model: Model, tags: Sequence[TaggedSentence]) -> Scores | None:
        """Return the scores of sentences outside the pool, if some of them are used in the corpus estimate."""
        if self.outside is None or not any(tag.beyond is not None for tag in tags):
            return None
        return model.decide(self.outside, np.arange(len(self.outside)))

    def _read(
        self, model: Model, unseen: NDArray[np.float64] | None, data: TrainingSet
    ) -> tuple[Scores, Calibration, float]:
        """Return scores of the whole pool, their calibration, and the balanced threshold.

        If a large part of the shortlist is found, a longer one would find more; before the end of the basic training it
        rather means a poor threshold.
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
        """Return the same tags with scores from a second stage.

        Args:
            fitted: the first stage, with its tags.
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
            outside=None if fitted.outside is None else fitted.calibration.log_odds(fitted.outside).astype(np.float32),
        )

    def estimate(self, number: int, fitted: Fitted, report: ReportProgress | None = None) -> Estimate:
        """Return both estimates after round ``number``."""
        _go_on(report, 0.6, "Estimating")
        held = held_out(fitted.data, fitted.data.gram(self.recipe), self.recipe, self.seed, self.method > 1)
        return Estimate(
            round=number,
            heldout=replace(held, outside=sum(not (tag.matches or tag.imported) for tag in fitted.sure)),
            corpus=self.in_corpus(fitted),
            threshold=fitted.threshold,
            rule=self.recipe.threshold,
            answers=len(fitted.tags),
            in_scope=sum(tag.matches for tag in fitted.tags),
        )

    def dial(self, fitted: Fitted) -> tuple[DialPoint, ...]:
        """Return what other thresholds would find, and how well; strictest first.

        Raises:
            NotEnoughTags: not both YES and NO were answered.
        """
        if not self.two_sided(fitted):
            raise NotEnoughTags(f"The dial needs YES and NO answers. {ANSWER_BOTH}")
        if not len(self.pool):
            return ()
        ladder = Ladder(fitted.scores, fitted.probability, fitted.tagged)
        rules = {rule: self._threshold(rule, fitted.scores, fitted.calibration, fitted.boundary) for rule in RULES}
        rules.pop(self.recipe.threshold, None)
        rules[self.recipe.threshold] = fitted.threshold
        untagged = np.zeros(len(self.pool), dtype=bool)
        likely = corrected(fitted.probability, stratify(fitted.scores, fitted.probability, fitted.boundary, untagged))
        mass = np.cumsum(np.sort(likely)[::-1])
        cover = cover_of(fitted, self.pool)
        part = cover.part
        spoken_of = Ladder(fitted.scores[part], fitted.probability[part], fitted.tagged[part])
        told = not self._untold(fitted, cover)
        sampled = self._sampled(fitted, cover) if told else None

        def estimate(threshold: float, _: Population) -> tuple[Interval | None, Interval | None]:
            if not told:
                return None, None
            population = spoken_of.at(threshold)
            tags = drawn_tags(replace(fitted, threshold=threshold), self.given, population, cover, self.share)
            found = in_corpus(population, tags, self.seed, _left_out(sampled, population))
            return found.precision, found.hit_rate

        return dial(ladder, rules, lambda found: float(mass[found - 1] / mass[-1]), estimate)

    def surfaced(
        self, fitted: Fitted, count: int, threshold: float | None = None, below: float = np.inf
    ) -> NDArray[np.int64]:
        """Return up to ``count`` untagged sentences drawn evenly from what the tracker finds, most likely first.

        With another ``threshold``, what that would find; ``below`` leaves out what a stricter one finds too.
        """
        least = fitted.threshold if threshold is None else threshold
        hits = (fitted.scores >= least) & (fitted.scores < below)
        at = np.flatnonzero(hits & ~fitted.tagged)
        rng = np.random.default_rng([self.seed, len(fitted.tags)])
        chosen = rng.permutation(at)[:count]
        return chosen[np.argsort(-fitted.scores[chosen], kind="stable")]

    def doubtful(self, fitted: Fitted, count: int) -> list[TaggedSentence]:
        """Return tags contradicted by a machine that did not see them, the most certain contradiction first."""
        if fitted.unseen is None:
            return []
        sure = fitted.sure
        yes = np.array([tag.answer is Answer.YES for tag in sure])
        probability = fitted.calibration.probability(fitted.unseen[self.given :])
        against = np.where(yes, 1 - probability, probability)
        order = np.argsort(-against, kind="stable")[:count]
        return [sure[at] for at in order.tolist() if against[at] >= DOUBTFUL]

    def _threshold(self, rule: str, scores: Scores, calibration: Calibration, boundary: float) -> float:
        """Return the threshold by a rule; two rules use probabilities that are corrected for the far sentences."""
        if rule == "balanced":
            return boundary
        probability = calibration.probability(scores)
        population = stratify(scores, probability, boundary, np.zeros(len(scores), dtype=bool))
        return choose(rule, scores, corrected(probability, population))

    def in_corpus(self, fitted: Fitted) -> CorpusEstimate:
        """Return precision and hit rate in the corpus (E7), from the drawn tags; or why there are none."""
        cover = cover_of(fitted, self.pool) if self.method > 1 else Cover.whole(fitted)
        if reason := self._untold(fitted, cover):
            drawn = int(cover.speaks.sum()) if self.method > 1 else 0
            return CorpusEstimate(precision=None, hit_rate=None, prevalence=None, drawn=drawn, reason=reason)
        population = population_of(fitted, cover.part)
        tags = drawn_tags(fitted, self.given, population, cover, self.share)
        told = in_corpus(population, tags, self.seed, _left_out(self._sampled(fitted, cover), population))
        calls, every = len(np.unique(self.pool.call[cover.part])), len(np.unique(self.pool.call))
        return replace(told, calls=calls, of_calls=every)

    def _sampled(self, fitted: Fitted, cover: Cover) -> SampledCalls | None:
        """Return the error due to a sample of the calls; None if all calls are used."""
        return None if self.share == 1 else SampledCalls.of(fitted, self.pool, cover, self.share)

    def _can_tell(self, fitted: Fitted) -> bool:
        return fitted.unseen is not None and (self.two_sided(fitted) or self.method == 1)

    def _untold(self, fitted: Fitted, cover: Cover) -> str:
        """Return why there is no corpus estimate, empty if there is one."""
        if not self._can_tell(fitted):
            return f"It needs YES and NO answers. {ANSWER_BOTH}"
        if len(fitted.tags) < LEAST_TAGS:
            return f"{len(fitted.tags)} answers are too few to tell; another round helps."
        if not cover.drawn:
            return "No answer was drawn at random yet; an audit round draws 25."
        return cover.reason


def _left_out(sampled: SampledCalls | None, population: Population) -> SamplingError:
    return nothing_left_out if sampled is None else partial(sampled.error, population)


def _go_on(report: ReportProgress | None, fraction: float, message: str) -> None:
    if report is not None and not report(fraction, message):
        raise Cancelled("Cancelled; your answers are kept.")
