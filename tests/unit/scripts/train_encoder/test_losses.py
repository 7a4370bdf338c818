"""The losses are small where they should be, and say nothing where there is nothing to learn."""

from __future__ import annotations

import pytest


def unit(rows):
    import torch

    return torch.nn.functional.normalize(torch.tensor(rows, dtype=torch.float32), dim=1)


def test_like_sentences_near_each_other_cost_less():
    import torch

    from scripts.train_encoder.losses import contrast

    alike = torch.tensor([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=torch.float32)
    itself = torch.eye(4, dtype=torch.bool)
    good, bad = unit([[1, 0], [1, 0.1], [0, 1], [0.1, 1]]), unit([[1, 0], [0, 1], [1, 0.1], [0.1, 1]])
    costs = [contrast(one @ one.T, alike, itself, 0.1).item() for one in (good, bad)]
    assert costs[0] < 0.01
    assert costs[1] > 5
    nothing = contrast(good @ good.T, torch.zeros(4, 4), itself, 0.1)
    assert nothing.item() == 0


def test_the_same_words_are_not_held_against_a_sentence():
    import torch

    from scripts.train_encoder.losses import contrast

    vectors = unit([[1, 0], [1, 0], [1, 0.2]])
    alike = torch.tensor([[0, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=torch.float32)
    itself = torch.eye(3, dtype=torch.bool)
    repeated = itself.clone()
    repeated[0, 1] = repeated[1, 0] = True
    told = [contrast(vectors @ vectors.T, alike, same, 0.1).item() for same in (itself, repeated)]
    assert told[1] < told[0]


def test_sentences_and_statements_find_each_other():
    import torch

    from scripts.train_encoder.losses import statements

    sentences, said = unit([[1, 0], [1, 0.1], [0, 1]]), unit([[1, 0], [0, 1]])
    holds = torch.tensor([[1, 0], [1, 0], [0, 1]], dtype=torch.float32)
    assert statements(sentences, said, holds, 0.1) < statements(sentences, said, 1 - holds, 0.1)
    assert statements(sentences, said, torch.zeros(3, 2), 0.1).item() == 0


def test_drift_is_the_mean_square_by_which_cosines_change():
    from scripts.train_encoder.losses import drift

    old, new = unit([[1, 0], [0, 1]]), unit([[1, 0], [1, 1]])
    assert drift(old, old).item() == 0
    assert drift(new, old).item() == pytest.approx(0.5)
    assert drift(unit([[1, 0]]), unit([[0, 1]])).item() == 0  # of one text there is no cosine
