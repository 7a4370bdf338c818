"""Which calls training uses: all, or a sample small enough that a round stays fast and fits into memory.

The limit is on sentences that match the filters. Detection reads everything, whatever training uses.
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
"""The least calls of a sample: with fewer, a single call would noticeably change the estimates."""


def sample_of(lake: Lake, filters: Filters, seed: int) -> CallSample | None:
    """Return which calls to use, so that about as many sentences match as the limit allows; None for all.

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
    """Return the maximum number of sentences that training uses; raises ``InvalidArgument``."""
    said = re.sub("[_, ]", "", os.environ.get(LIMIT, ""))
    if not said:
        return USUAL_LIMIT
    if not (said.isascii() and said.isdigit() and int(said)):
        raise InvalidArgument(f"{LIMIT} is {said!r}; give a whole number of sentences above 0, or remove it")
    return int(said)
