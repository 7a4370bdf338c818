"""A trained tracker that judges every sentence independently, so that it can be stored and run on any batch of calls.

A cheap score, linear in the vectors, skips sentences far below; the kernel decides on the rest. The cut-off between
them admits twice as many sentences as the tracker found in its own pool.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.engine.heads import Model
from workbench.engine.pool import Pool
from workbench.engine.thresholds import Calibration
from workbench.engine.training import Fitted

ALLOWANCE = 500  # sentences, beyond twice those found, for which the kernel is computed
ROUNDING = 1e-5  # rounding error of products of float32 unit vectors, generously


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Detector:
    """A detector; ``cut`` is the linear score from which the kernel is computed, -inf to compute it for all."""

    model: Model
    calibration: Calibration
    threshold: float
    cut: float

    def found(self, pool: Pool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the indices of the sentences that it finds, ascending, and the probability of each."""
        at = np.arange(len(pool))
        if self.cut > -np.inf:
            at = np.flatnonzero(self.model.first_order(pool) >= self.least_looked_at())
        scores = self.model.decide(pool, at)
        hits = scores >= self.threshold
        return at[hits], self.calibration.probability(scores[hits])

    def least_looked_at(self) -> float:
        """Return the linear score from which the kernel is computed.

        It allows for rounding that depends on the other rows of a matrix product.
        """
        lengths = [np.linalg.norm(part) for part in self.model.slopes() if part is not None]
        return self.cut - ROUNDING * float(sum(lengths))


def detector_of(fitted: Fitted, pool: Pool) -> Detector:
    """Return the detector of a fit, independent of its pool."""
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
