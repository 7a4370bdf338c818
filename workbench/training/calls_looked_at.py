"""How many of the calls training looks at: all, or a sample of so many that a round stays quick and fits into memory.

The limit is on sentences that the filters let through. Detection reads everything, whatever training looks at.
"""

from __future__ import annotations

import os
import re

from workbench.corpus.lake import Lake
from workbench.domain.call_sample import CallSample
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters

LIMIT = "WORKBENCH_TRAINING_SENTENCES"
USUAL_LIMIT = 1_000_000
LEAST_CALLS = 100
"""Calls that a sample is to hold at least: of fewer, one more or less would be felt in the estimates."""


def sample_of(lake: Lake, filters: Filters, seed: int) -> CallSample | None:
    """Return which calls to look at, so that at most about as many sentences pass as the limit says; None for all.

    Raises:
        InvalidArgument: the limit in the environment is not a whole number above 0.
    """
    most = limit()
    if lake.sentence_count <= most:
        return None
    counts, halvings = lake.counts(filters), 0
    while counts.sentences > most << halvings and counts.calls >= 2 * LEAST_CALLS << halvings:
        halvings += 1
    return CallSample(halvings=halvings, seed=seed) if halvings else None


def limit() -> int:
    """Return how many sentences training looks at, at most; raises ``InvalidArgument``."""
    said = re.sub("[_, ]", "", os.environ.get(LIMIT, ""))
    if not said:
        return USUAL_LIMIT
    if not (said.isascii() and said.isdigit() and int(said)):
        raise InvalidArgument(f"{LIMIT} is {said!r}; give a whole number of sentences above 0, or remove it")
    return int(said)
