"""From tags to a model, its estimates and the next round; nothing is kept between calls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.engine.populations import play, population, tagged
from workbench.domain.errors import Cancelled, NotEnoughTags
from workbench.domain.tags import Answer, Reason
from workbench.engine.recipes import RECIPES
from workbench.engine.training import TaggedSentence, Trainer

DEFAULT = RECIPES["default"]


@pytest.fixture(scope="module")
def scene():
    """A trainer, the truth, and two rounds' tags with the model of them."""
    pool, truth = population(1_500, 0.15, seed=2)
    trainer = Trainer(pool, pool.sentence_vectors(np.flatnonzero(truth)[:5]), DEFAULT, seed=7)
    return trainer, truth, *play(trainer, truth, 2)


def test_the_same_tags_and_seed_give_the_same_model_and_round(scene):
    trainer, _, tags, fitted = scene
    again = Trainer(trainer.pool, trainer.examples, DEFAULT, seed=7)
    refitted = again.fit(tags)
    assert (refitted.scores == fitted.scores).all()
    assert refitted.threshold == fitted.threshold
    assert again.draw(3, tags, refitted) == trainer.draw(3, tags, fitted)
    assert again.estimate(2, refitted) == trainer.estimate(2, fitted)


def test_another_seed_asks_other_sentences(scene):
    trainer, _, tags, fitted = scene
    other = Trainer(trainer.pool, trainer.examples, DEFAULT, seed=8)
    assert set(other.draw(3, tags, fitted).at) != set(trainer.draw(3, tags, fitted).at)


def test_the_first_round_is_near_the_examples(scene):
    trainer, truth, *_ = scene
    likeness = trainer.similarity()
    assert likeness[np.flatnonzero(truth)[:5]] == pytest.approx([1] * 5, abs=1e-5)
    draw = trainer.draw(1, [], None)
    likely = [at for at, reason in zip(draw.at, draw.reasons, strict=True) if reason is Reason.LIKELY]
    assert likeness[likely].min() > np.quantile(likeness, 0.9)


def test_nothing_is_asked_twice(scene):
    trainer, truth, *_ = scene
    tags, _ = play(trainer, truth, 4)
    asked = [tag.at for tag in tags]
    assert len(set(asked)) == len(asked) == 100


def test_not_sure_is_no_training_data(scene):
    trainer, _, tags, fitted = scene
    free = np.setdiff1d(np.arange(1_500), [tag.at for tag in tags])[:10]
    unsure = [TaggedSentence(at=int(at), answer=Answer.NOT_SURE, round=2, probability=0.1) for at in free]
    refitted = trainer.fit([*tags, *unsure])
    assert (refitted.scores == fitted.scores).all()
    assert trainer.estimate(2, refitted).heldout == trainer.estimate(2, fitted).heldout


def test_what_is_surfaced_was_found_and_not_tagged(scene):
    trainer, _, tags, fitted = scene
    shown = trainer.surfaced(fitted, 20)
    assert len(set(shown.tolist())) == 20
    assert fitted.found[shown].all()
    assert not set(shown.tolist()) & {tag.at for tag in tags}
    assert (np.diff(fitted.scores[shown]) <= 0).all()
    left = fitted.found.sum() - sum(fitted.found[tag.at] for tag in tags)
    assert len(trainer.surfaced(fitted, 10_000)) == left


def test_without_a_no_there_is_nothing_to_learn(scene):
    trainer, _, tags, _ = scene
    with pytest.raises(NotEnoughTags, match="at least one NO"):
        trainer.fit([tag for tag in tags if tag.answer is Answer.YES])


def test_one_no_is_enough_for_a_model_but_not_for_an_estimate(scene):
    trainer, _, tags, _ = scene
    no = next(tag for tag in tags if tag.answer is Answer.NO)
    fitted = trainer.fit([no])
    assert np.isfinite(fitted.scores).all()
    estimate = trainer.estimate(1, fitted)
    assert (estimate.heldout.precision, estimate.corpus.precision) == (None, None)


@pytest.mark.parametrize("stop_at", [1, 2])
def test_the_person_can_cancel_between_steps(scene, stop_at):
    trainer, _, tags, _ = scene
    told: list[tuple[float, str]] = []

    def report(fraction: float, message: str) -> bool:
        told.append((fraction, message))
        return len(told) < stop_at

    with pytest.raises(Cancelled, match="answers are kept"):
        trainer.fit(tags, report)
    assert len(told) == stop_at
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)


def test_most_intervals_of_the_corpus_estimate_hold_the_truth():
    """Six people tag four rounds each: 18 intervals of 95%, on a population that their priors know nothing of."""
    inside = []
    for seed in range(6):
        pool, truth = population(1_000, 0.1, seed=seed, noise=0.45)
        examples = np.random.default_rng(seed).permutation(np.flatnonzero(truth))[:5]
        trainer = Trainer(pool, pool.sentence_vectors(examples), DEFAULT, seed)
        _, fitted = play(trainer, truth, 4)
        estimate = trainer.estimate(4, fitted).corpus
        right = (fitted.found & truth).sum()
        for interval, true in (
            (estimate.precision, right / fitted.found.sum()),
            (estimate.hit_rate, right / truth.sum()),
            (estimate.prevalence, truth.mean()),
        ):
            assert 0 <= interval.low <= interval.point <= interval.high <= 1
            inside.append(interval.low <= true <= interval.high)
    assert sum(inside) >= 15


def test_a_round_holds_as_many_as_asked_for(scene):
    trainer, truth, tags, fitted = scene
    draw = trainer.draw(3, tags, fitted, size=10)
    assert len(tagged(draw, truth, 3)) == 10


def test_reviews_put_precision_right_and_do_not_flatter_more_generous_settings():
    """Strict trackers on a population that the priors know nothing of; the truth is known at every setting."""
    off, flattered, inside = [], [], []
    for seed in range(8):
        pool, truth = population(3_000, 0.06, seed=seed, noise=0.45)
        examples = np.random.default_rng(seed).permutation(np.flatnonzero(truth))[:5]
        strict = replace(DEFAULT, threshold="precision>=0.9")
        trainer = Trainer(pool, pool.sentence_vectors(examples), strict, seed)
        tags, fitted = play(trainer, truth, 4)
        again = trainer.fit([*tags, *tagged(trainer.draw_review(5, fitted, 20), truth, 5)])
        generous = trainer.dial(again)[-4]
        for threshold, said, errors in (
            (again.threshold, trainer.in_corpus(again).precision, off),
            (generous.threshold, generous.precision, flattered),
        ):
            hits = again.scores >= threshold
            true = float(truth[hits].mean())
            errors.append(said.point - true)
            inside.append(said.low <= true <= said.high)
    assert abs(np.mean(off)) < 0.1
    assert abs(np.mean(flattered)) < 0.08
    assert sum(inside) >= 14
