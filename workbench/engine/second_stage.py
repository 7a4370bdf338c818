"""The second stage for the rest of the engine, without torch: what it reads, and how its scores are used.

:mod:`workbench.engine.fine_tuning` makes it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.engine.thresholds import Calibration

Pair = tuple[str, str]  # the end of the turn before, and the sentence
VERSION = "fine-tuning-1"  # part of the key of stored outcomes: change it when the same tags give another one
SHORTLIST = 1_500  # sentences that the second stage reads; the first ranks the rest


def shortlist(first: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the indices of the first stage's most likely sentences, ascending."""
    order: NDArray[np.int64] = np.sort(np.argsort(-first, kind="stable")[:SHORTLIST])
    return order


def behind(
    first: NDArray[np.float32], meaning: Calibration, at: NDArray[np.int64], both: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return all sentences' log-odds: ``both`` stages' at the indices ``at``, the others after them in old order."""
    rest = np.minimum(meaning.log_odds(first), both.min(initial=0) - 1e-3)
    out: NDArray[np.float32] = rest.astype(np.float32)
    out[at] = both
    return out
