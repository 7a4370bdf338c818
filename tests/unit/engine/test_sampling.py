"""Rounds: known probabilities, no near-duplicates, nothing twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.tags import Reason
from workbench.engine.pool import Pool
from workbench.engine.recipes import RECIPES
from workbench.engine.sampling import first_round, inclusion, next_round, systematic

sizes = st.lists(st.floats(0.001, 100), min_size=3, max_size=40)


@given(sizes, st.integers(1, 10), st.data())
def test_inclusion_probabilities_sum_to_the_count_and_leave_out_what_is_taken(values, count, data):
    taken = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    found = inclusion(np.array(values), taken, count)
    assert np.isclose(found.sum(), min(count, int((~taken).sum())))
    assert (found <= 1 + 1e-9).all()
    assert (found[taken] == 0).all()


def test_each_item_is_drawn_as_often_as_its_probability_says():
    probability = np.array([0.1, 0.9, 0.4, 0.35, 0.25])
    rng = np.random.default_rng(0)
    counts = np.zeros(5)
    for _ in range(20_000):
        drawn = systematic(probability, rng)
        assert len(drawn) == len(set(drawn.tolist())) == 2
        counts[drawn] += 1
    assert np.allclose(counts / 20_000, probability, atol=0.015)


def pool_of(count: int, seed: int = 0) -> Pool:
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = np.arange(count, dtype=np.int32)
    return Pool(vectors, rows, rows - 1, rows // 10)


@pytest.mark.parametrize(("sampler", "later"), [("weighted", 13), ("mixed", 5), ("uncertainty", 0), ("random", 25)])
def test_a_round_has_25_different_sentences_of_which_some_are_drawn(sampler, later):
    recipe = replace(RECIPES["default"], sampler=sampler)
    pool = pool_of(400)
    taken = np.zeros(400, dtype=bool)
    taken[:50] = True
    similarity = pool.vectors @ pool.vectors[0]
    rng = np.random.default_rng(1)
    one = first_round(pool, similarity, taken, recipe, rng)
    scores = (3 * similarity).astype(np.float32)
    two = next_round(pool, scores, 1 / (1 + np.exp(-scores.astype(float))), 0.0, taken, recipe, rng)
    for draw, drawn in ((one, min(later, 5) if sampler != "random" else 25), (two, later)):
        assert len(set(draw.at)) == 25
        assert sum(p is not None for p in draw.probabilities) == drawn
        assert not taken[draw.at].any()


def test_what_is_left_is_asked_even_where_little_is():
    pool, rng = pool_of(40), np.random.default_rng(4)
    scores = (3 * (pool.vectors @ pool.vectors[0])).astype(np.float32)
    probability = 1 / (1 + np.exp(-scores.astype(float)))
    for left in (1, 6, 14, 30):
        taken = np.arange(40) >= left
        for threshold in (-np.inf, 0.0, np.inf):
            draw = next_round(pool, scores, probability, threshold, taken, RECIPES["default"], rng)
            assert len(set(draw.at)) == len(draw.at) == min(left, 25)
            assert not taken[draw.at].any()
            assert all(chance is None or 0 < chance <= 1 + 1e-9 for chance in draw.probabilities)


def test_picks_are_no_near_duplicates():
    pool = pool_of(300)
    doubled = Pool(
        np.vstack([pool.vectors, pool.vectors]), *(np.tile(a, 2) for a in (pool.text, pool.before, pool.call))
    )
    doubled = Pool(doubled.vectors, np.arange(600, dtype=np.int32), doubled.before, doubled.call)
    similarity = doubled.vectors @ doubled.vectors[0]
    draw = first_round(doubled, similarity, np.zeros(600, dtype=bool), RECIPES["default"], np.random.default_rng(2))
    picked = [at for at, p in zip(draw.at, draw.probabilities, strict=True) if p is None]
    alike = doubled.vectors[picked] @ doubled.vectors[picked].T - np.eye(len(picked))
    assert alike.max() <= 0.95


def test_a_small_pool_gives_what_it_has():
    pool = pool_of(7)
    draw = first_round(
        pool, pool.vectors @ pool.vectors[0], np.zeros(7, dtype=bool), RECIPES["default"], np.random.default_rng(0)
    )
    assert sorted(draw.at) == list(range(7))


def test_by_weights_what_is_likely_is_drawn_with_known_chance_too():
    """Over many rounds each sentence is drawn as often as its stated chance says, found ones far oftener."""
    pool, rng = pool_of(400), np.random.default_rng(3)
    scores = (6 * (pool.vectors @ pool.vectors[0])).astype(np.float32)
    taken = np.zeros(400, dtype=bool)
    taken[np.argsort(-scores)[:10]] = True
    recipe = replace(RECIPES["default"], sampler="weighted", likely=5)
    probability = 1 / (1 + np.exp(-scores.astype(float)))
    threshold = float(np.sort(scores)[-60])
    stated, drawn = np.zeros(400), np.zeros(400)
    rounds = 3_000
    for _ in range(rounds):
        draw = next_round(pool, scores, probability, threshold, taken, recipe, rng)
        assert len(set(draw.at)) == 25
        assert not taken[draw.at].any()
        for at, chance, reason in zip(draw.at, draw.probabilities, draw.reasons, strict=True):
            assert (chance is None) == (reason is Reason.UNSURE)
            if chance is not None:
                stated[at], drawn[at] = chance, drawn[at] + 1
    found = (scores >= threshold) & ~taken
    assert (drawn > 0).sum() > 300
    assert np.allclose(drawn[drawn > 0] / rounds, stated[drawn > 0], atol=0.03)
    assert stated[found].sum() > 5 > stated[~found].sum()
