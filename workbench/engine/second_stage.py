"""The second stage as the rest of the engine sees it, without torch: what it reads, and what its scores become.

:mod:`workbench.engine.fine_tuning` makes it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.engine.thresholds import Calibration

Pair = tuple[str, str]  # what the turn before ends with, the sentence
VERSION = "fine-tuning-1"  # names what outcomes are kept by: change it when the same tags come to another one
SHORTLIST = 1_500  # sentences that the second stage reads; the first orders the rest


def shortlist(first: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return where the first stage's most likely sentences stand, rising."""
    order: NDArray[np.int64] = np.sort(np.argsort(-first, kind="stable")[:SHORTLIST])
    return order


def behind(
    first: NDArray[np.float32], meaning: Calibration, at: NDArray[np.int64], both: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Log-odds of all sentences: ``both`` stages' at the places ``at``, the others behind them in their old order."""
    rest = np.minimum(meaning.log_odds(first), both.min(initial=0) - 1e-3)
    out: NDArray[np.float32] = rest.astype(np.float32)
    out[at] = both
    return out
