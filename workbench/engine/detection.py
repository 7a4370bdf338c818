"""A trained tracker that judges every sentence by itself, so that it can be kept and run on any batch of calls.

A cheap reading, linear in the vectors, passes over what is far below; the kernel decides on the rest. The cut between
them lets pass what the tracker found in its own pool, and as many again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.engine.heads import Model
from workbench.engine.pool import Pool
from workbench.engine.thresholds import Calibration
from workbench.engine.training import Fitted

ALLOWANCE = 500  # sentences beyond twice those found that the kernel looks at
ROUNDING = 1e-5  # of products of float32 vectors of length one, generously


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Detector:
    """``cut`` is the least of the linear reading from which the kernel looks; -inf where it looks at all."""

    model: Model
    calibration: Calibration
    threshold: float
    cut: float

    def found(self, pool: Pool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Places of the sentences that it finds, rising, and the probability of each."""
        at = np.arange(len(pool))
        if self.cut > -np.inf:
            at = np.flatnonzero(self.model.first_order(pool) >= self.least_looked_at())
        scores = self.model.decide(pool, at)
        hits = scores >= self.threshold
        return at[hits], self.calibration.probability(scores[hits])

    def least_looked_at(self) -> float:
        """Return the least of the linear reading from which the kernel looks.

        It allows for what the reading of a sentence can change by with those beside it in a matrix product.
        """
        lengths = [np.linalg.norm(part) for part in self.model.slopes() if part is not None]
        return self.cut - ROUNDING * float(sum(lengths))


def detector_of(fitted: Fitted, pool: Pool) -> Detector:
    """Return what a fit comes to, apart from the pool that it was made over."""
    rough = fitted.model.first_order(pool)
    found = rough[fitted.found]
    looked_at = min(2 * len(found) + ALLOWANCE, len(pool))
    cut = float(np.partition(rough, len(rough) - looked_at)[-looked_at]) if looked_at < len(pool) else -np.inf
    return Detector(
        model=fitted.model,
        calibration=fitted.calibration,
        threshold=fitted.threshold,
        cut=min(cut, float(found.min(initial=np.inf))),
    )
