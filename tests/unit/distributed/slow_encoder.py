"""An encoder that takes its time, so that a worker can be killed while it is at it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from workbench.domain.arrays import Vectors
from workbench.engine.encoders import HashingEncoder


class SlowEncoder(HashingEncoder):
    """Hashed words, a tenth of a second a batch."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.1)
        return super().encode(texts)
