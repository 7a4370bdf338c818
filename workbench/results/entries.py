"""Counts of sentences by call and group, which rates and their differences are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """One entry for each call of each group: how many sentences count there, and how many of them are found.

    Attributes:
        call: the call of each entry, ``[entries]``; a call of two groups has two entries.
        group: the group of each entry, from 0.
        sentences: how many sentences count.
        found: how many of those were found.
    """

    call: NDArray[np.int64]
    group: NDArray[np.int64]
    sentences: Floats
    found: Floats

    def found_rates(self, groups: int) -> Floats:
        """Compute the share of sentences found in each group, ``[groups]``; NaN if none count."""
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Floats = np.bincount(self.group, self.found, groups) / np.bincount(self.group, self.sentences, groups)
        return out
