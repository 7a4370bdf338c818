"""The error from sampling calls: the uncertainty of precision and hit rate due to the sample.

Each call is in the sample with the same probability (Poisson sampling of clusters), so that a ratio of two totals is
nearly unbiased, and its variance is that of the linearised ratio, summed call by call (Särndal, Swensson & Wretman
1992, sections 4.2 and 5.6). Log-odds of two totals A and B vary by ``a/A - b/B`` of each call. Whether a sentence
expresses the concept is modelled by its probability, corrected to the rate of its stratum, which adds its own variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Bools, Floats
from workbench.domain.tags import Answer
from workbench.engine.corpus_estimate import FOUND, Population, Posterior
from workbench.engine.covering import Cover
from workbench.engine.fitted import Fitted
from workbench.engine.pool import Pool

_VALUE = {Answer.YES: 1.0, Answer.NO: 0.0, Answer.NOT_SURE: 0.5}
_LEAST = 0.5  # the minimum of a total, in sentences: with none, log-odds would be undefined


@dataclass(frozen=True, slots=True, eq=False)
class SampledCalls:
    """The sentences that the estimate covers, in a sample of the calls.

    ``share`` is each call's probability, ``call`` counts from 0, and ``answer`` is NaN for a sentence without one.
    """

    share: float
    call: NDArray[np.int64]
    scores: NDArray[np.float32]
    probability: Floats
    answer: Floats

    @staticmethod
    def of(fitted: Fitted, pool: Pool, cover: Cover, share: float) -> SampledCalls:
        """Return the sentences that the cover includes."""
        answer = np.full(len(pool), np.nan)
        for tag in fitted.tags:
            if tag.inside:
                answer[tag.at] = _VALUE[tag.answer]
        _, call = np.unique(pool.call[cover.part], return_inverse=True)
        part = cover.part
        return SampledCalls(share, call, fitted.scores[part], fitted.probability[part], answer[part])

    def error(self, population: Population, known: Posterior) -> Floats:
        """Return standard errors of the log-odds of precision, hit rate and prevalence; zeros for a whole corpus."""
        stratum = population.of(self.scores.astype(np.float64))
        moved = known.rate.mean(axis=0) / np.maximum(population.mean, 1e-12)
        likely = np.where(np.isnan(self.answer), np.minimum(self.probability * moved[stratum], 1.0), self.answer)
        found = stratum == FOUND
        right, missed = likely * found, likely * ~found
        return np.array(
            [
                self._spread(right, (1 - likely) * found, likely, apart=False),
                self._spread(right, missed, likely, apart=True),
                self._spread(likely, 1 - likely, likely, apart=False),
            ]
        )

    def _spread(self, one: Floats, other: Floats, likely: Floats, apart: bool) -> float:
        """Return the spread of the log-odds of two totals; ``apart``: no answer moves a sentence to the other."""
        a, b = max(one.sum(), _LEAST), max(other.sum(), _LEAST)
        variance = (np.bincount(self.call, one / a - other / b) ** 2).sum()
        either: Bools = one + other > 0
        chance = likely * (1 - likely) * either
        slope = np.where(one > 0, 1 / a, 1 / b) if apart else 1 / a + 1 / b
        variance += (chance * slope**2).sum()
        return float(np.sqrt((1 - self.share) * variance))
