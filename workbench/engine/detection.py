"""A trained tracker that judges every sentence by itself, so that it can be kept and run on any batch of calls.

A cheap reading, linear in the vectors, passes over what is far below; the kernel decides on the rest. The cut between
them lets pass what the tracker found in its own pool, and as many again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.heads import Head, Model, TrainingSet, head_of
from workbench.engine.pool import Pool
from workbench.engine.recipes import Recipe, from_dict
from workbench.engine.thresholds import Calibration
from workbench.engine.training import Fitted
from workbench.engine.word_store import WIDTH, csr_words

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
            at = np.flatnonzero(self.model.first_order(pool) >= self.cut - self._rounding)
        scores = self.model.decide(pool, at)
        hits = scores >= self.threshold
        return at[hits], self.calibration.probability(scores[hits])

    @property
    def _rounding(self) -> float:
        """What the linear reading of a sentence can change by with those beside it in a matrix product."""
        return ROUNDING * float(sum(np.linalg.norm(part) for part in self.model.slopes() if part is not None))


def detector_of(fitted: Fitted, pool: Pool) -> Detector:
    """What a fit comes to, apart from the pool that it was made over."""
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


def to_arrays(detector: Detector) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays, and plain JSON; :func:`from_arrays` reads them."""
    data, head = detector.model.data, detector.model.head
    arrays: dict[str, NDArray[Any]] = {
        "sentence": data.sentence,
        "before": data.before,
        "labels": data.labels,
        "weights": np.asarray(head.weights, dtype=np.float64),
    }
    if data.words is not None:
        arrays["words"] = data.words.indices.astype(np.int32)
        arrays["word_ends"] = data.words.indptr[1:].astype(np.int64)
    about = {
        "recipe": detector.model.recipe.to_dict(),
        "intercept": head.intercept,
        "calibration": [detector.calibration.slope, detector.calibration.offset],
        "threshold": detector.threshold,
        "cut": None if detector.cut == -np.inf else detector.cut,
    }
    return arrays, about


def from_arrays(arrays: dict[str, NDArray[Any]], about: dict[str, Any]) -> Detector:
    """Raises ``KeyError``, ``TypeError`` or ``ValueError`` where something is missing, or fits nothing else."""
    recipe = from_dict(about["recipe"])
    words = None
    if "words" in arrays:
        words = csr_words(np.concatenate([[0], arrays["word_ends"]]), arrays["words"])
    data = TrainingSet(
        sentence=arrays["sentence"],
        before=arrays["before"],
        labels=arrays["labels"],
        call=np.full(len(arrays["labels"]), -1),
        words=words,
    )
    _check(data, arrays, recipe)
    head: Head = head_of(arrays["weights"], float(about["intercept"]), data.labels, recipe)
    cut = about["cut"]
    return Detector(
        model=Model(recipe=recipe, data=data, head=head),
        calibration=Calibration(*map(float, about["calibration"])),
        threshold=float(about["threshold"]),
        cut=-np.inf if cut is None else float(cut),
    )


def _check(data: TrainingSet, arrays: dict[str, NDArray[Any]], recipe: Recipe) -> None:
    count, dimension = data.sentence.shape
    words = arrays.get("words", np.zeros(0, dtype=np.int32))
    fits = (
        data.before.shape == (count, dimension)
        and data.labels.shape == arrays["weights"].shape == (count,)
        and (data.words is None or data.words.shape[0] == count)
        and (not len(words) or (words.min() >= 0 and words.max() < WIDTH))
        and all(np.isfinite(arrays[name]).all() for name in ("sentence", "before", "weights"))
        and bool(recipe.words) == (data.words is not None)
    )
    if not fits:
        raise ValueError("its arrays do not fit each other")
