"""Tags as the engine uses them, and the model fitted to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.tags import Answer
from workbench.engine.heads import Model, TrainingSet
from workbench.engine.pool import Scores
from workbench.engine.thresholds import Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedSentence:
    """A tag as the engine uses it: where the sentence is, and why it was asked.

    ``at`` is its index in the pool, or among :attr:`~workbench.engine.training.Trainer.outside` if it is not
    ``inside``: such a tag teaches, and is neither asked about nor found. ``probability`` is that of being drawn, None
    if it was picked on purpose. It was drawn from the conversations numbered below ``calls``, or from all (None); if
    the round did not draw from everything in the pool from those, it ``covers`` nothing and is not used in the corpus
    estimate. A ``review`` draws from what was found then, every other round from all sentences. An ``imported`` one was
    not asked about here: it teaches, and is not used in any estimate.

    If the pool is a sample of the calls, one that is not inside may still match the filters: then ``beyond`` is the
    number of its call, and it is used in the corpus estimate as well, if a round drew it. ``share`` was the probability
    of each call to be in the sample for that round.
    """

    at: int
    answer: Answer
    round: int
    probability: float | None
    review: bool = False
    inside: bool = True
    covers: bool = True
    calls: int | None = None
    imported: bool = False
    beyond: int | None = None
    share: float = 1.0

    @property
    def matches(self) -> bool:
        """Return whether it matches the tracker's filters."""
        return self.inside or self.beyond is not None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fitted:
    """A model with its threshold, its scores over the pool, and the training data that estimates need.

    ``boundary`` is the balanced threshold, near which rounds ask; ``threshold`` that of the recipe's own rule.
    """

    model: Model
    threshold: float
    boundary: float
    calibration: Calibration
    scores: Scores
    data: TrainingSet
    unseen: NDArray[np.float64] | None  # scores by machines that did not see the call; None with only one YES or NO
    tags: tuple[TaggedSentence, ...]
    seconds: float
    outside: Scores | None = None  # for tagged sentences outside the pool, if needed

    @property
    def probability(self) -> NDArray[np.float64]:
        """Return the calibrated probability of every sentence of the pool."""
        return self.calibration.probability(self.scores)

    @property
    def sure(self) -> list[TaggedSentence]:
        """Return the YES and NO tags, in the order of the training set, where they follow the examples."""
        return [tag for tag in self.tags if tag.answer is not Answer.NOT_SURE]

    @property
    def tags_of_yes(self) -> list[TaggedSentence]:
        """Return the YES tags, in the order of the training set."""
        return [tag for tag in self.tags if tag.answer is Answer.YES]

    @property
    def found(self) -> NDArray[np.bool_]:
        """Return which of the pool's sentences the tracker finds."""
        hits: NDArray[np.bool_] = self.scores >= self.threshold
        return hits

    @property
    def tagged(self) -> NDArray[np.bool_]:
        """Return which of the pool's sentences have a tag."""
        out = np.zeros(len(self.scores), dtype=bool)
        out[[tag.at for tag in self.tags if tag.inside]] = True
        return out
