"""What one tracker has found, as every query over results takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from workbench.corpus.units import Reach
from workbench.domain.estimates import CorpusEstimate
from workbench.domain.filters import Filters


@dataclass(frozen=True, eq=False, kw_only=True)
class Finds:
    """A tracker's finds, and in what it looked for them.

    ``ids`` are the sentences, each once, ``scores`` their probabilities. It looked at what passes ``filters`` in the
    conversations within ``reach``. ``estimate`` is of its own error; ``version`` None where it is not published.
    """

    tracker_id: str
    name: str
    filters: Filters
    reach: Reach
    ids: pa.Array
    scores: pa.Array
    estimate: CorpusEstimate | None = None
    version: int | None = None


Find = Callable[[str], Finds]
"""What gives the finds of a tracker by id or name; raises ``TrackerNotFound`` or ``NotEnoughTags``."""
