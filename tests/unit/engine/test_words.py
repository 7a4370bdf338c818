"""Vectors of words alone: what shares words is near, and what has none of them is nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.words import DIMENSION, WordVectors

TEXTS = ("the price is too high", "the price is far too high", "see you on monday", "see you on friday")


@pytest.fixture(scope="module")
def known():
    return WordVectors(np.array([40, 10, 30, 20]), TEXTS)


def test_texts_that_share_words_are_nearer_than_others(known):
    near, far = known.vectors @ known.vectors[0], known.vectors @ known.vectors[2]
    assert near[1] > 0.5 > abs(near[2:]).max()
    assert far[3] > 0.3 > abs(far[:2]).max()


def test_a_text_is_found_by_its_key_and_encoded_alike_again(known):
    assert known.lookup(np.array([10, 99, 40])).tolist() == [1, -1, 0]
    assert np.allclose(known.encode(TEXTS), known.vectors)
    assert known.vectors.shape == (known.size, DIMENSION)
    assert np.allclose(np.linalg.norm(known.vectors, axis=1), 1, atol=1e-6)


def test_a_text_without_a_known_word_has_no_direction(known):
    assert not known.encode(["völlig anders", ""]).any()
