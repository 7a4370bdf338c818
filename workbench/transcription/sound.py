"""Shared by all readers of recordings: blocks of samples, the limit on channels, and one error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import WorkbenchError

MAX_CHANNELS = 16

Block = NDArray[np.int16]
"""Samples of all channels, one row each."""


class UnreadableAudio(WorkbenchError):
    """A recording cannot be read; the message says why, and what to do."""
