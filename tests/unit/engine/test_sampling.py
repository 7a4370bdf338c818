"""Rounds: known probabilities, no near-duplicates, nothing twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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


def test_a_round_has_25_different_sentences_of_which_five_are_drawn():
    pool = pool_of(400)
    taken = np.zeros(400, dtype=bool)
    taken[:50] = True
    similarity = pool.vectors @ pool.vectors[0]
    rng = np.random.default_rng(1)
    one = first_round(pool, similarity, taken, RECIPES["default"], rng)
    scores = (3 * similarity).astype(np.float32)
    two = next_round(pool, scores, 1 / (1 + np.exp(-scores.astype(float))), 0.0, taken, RECIPES["default"], rng)
    for draw in (one, two):
        assert len(set(draw.at)) == 25
        assert sum(p is not None for p in draw.probabilities) == 5
        assert not taken[draw.at].any()


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
