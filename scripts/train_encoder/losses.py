"""What training makes small: all three are of unit vectors (needs torch)."""

from __future__ import annotations

import torch
from torch.nn import functional


def contrast(likeness: torch.Tensor, alike: torch.Tensor, same: torch.Tensor, temperature: float) -> torch.Tensor:
    """Return the supervised contrastive loss (Khosla et al. 2020, eq. 2), positives weighed by how alike they are.

    Args:
        likeness: of all pairs, ``[n, n]``, at most 1.
        alike: weights of the positives, ``[n, n]``; a sentence without any counts for nothing.
        same: pairs that say nothing, such as a sentence and itself, ``[n, n]``.
        temperature: what likeness is divided by.
    """
    logits = (likeness / temperature).masked_fill(same, -1e4)
    logs = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    return _weighed(logs, alike)


def statements(
    sentence: torch.Tensor, statement: torch.Tensor, holds: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Return how badly sentences tell the statements that hold of them, and statements their sentences.

    Args:
        sentence: vectors, ``[n, d]``.
        statement: vectors, ``[m, d]``.
        holds: 1 where a statement is true of a sentence, ``[n, m]``.
        temperature: what cosines are divided by.
    """
    logits = sentence @ statement.T / temperature
    to_statement = _weighed(functional.log_softmax(logits, dim=1), holds)
    to_sentence = _weighed(functional.log_softmax(logits.T, dim=1), holds.T)
    return (to_statement + to_sentence) / 2


def drift(new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    """Return the mean square by which cosines between texts have changed; vectors are ``[n, d]``."""
    change = (new @ new.T - old @ old.T) ** 2
    apart = 1 - torch.eye(len(new))
    return (change * apart).sum() / apart.sum().clamp(min=1)


def _weighed(logs: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return minus the weighted mean of each row, over the rows that have weights."""
    total = weights.sum(dim=1)
    rows = (logs * weights).sum(dim=1) / total.clamp(min=1e-9)
    return -rows[total > 0].mean() if bool((total > 0).any()) else logs.sum() * 0
