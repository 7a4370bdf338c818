"""What all readers of recordings share: blocks of samples, how many channels there may be, and one error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import WorkbenchError

MAX_CHANNELS = 16

Block = NDArray[np.int16]
"""Samples of all channels, a row each."""


class UnreadableAudio(WorkbenchError):
    """A recording cannot be read; the message says why, and what to do."""
