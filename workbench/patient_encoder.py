"""An encoder that may take seconds to start, for those who can't wait for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import Encoder

MOMENT_S = 0.3
MOST_KEPT = 2_000

Vectors = NDArray[np.float32]


class PatientEncoder:
    """Encodes in a thread of its own, and keeps the vectors of what it was last asked for."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self._kept: dict[str, Vectors] = {}
        self._thread: threading.Thread | None = None
        self.error = ""
        """Why the last encoding failed, in words; empty where it did not."""

    def encode(self, texts: Sequence[str], wait: bool = True) -> Vectors | None:
        """Vectors ``[len(texts), dimension]``, or None: not yet, or ``error`` says why not.

        Without ``wait`` it takes at most a moment, and what is under way then goes on.
        """
        if any(text not in self._kept for text in texts):
            self._start(texts)
            while self._thread is not None and self._thread.is_alive():
                self._thread.join(None if wait else MOMENT_S)
                if not wait:
                    break
                if any(text not in self._kept for text in texts) and not self.error:
                    self._start(texts)  # what was under way was for others
        found = [self._kept.get(text) for text in texts]
        return None if any(one is None for one in found) else np.stack(found)  # type: ignore[arg-type]

    def _start(self, texts: Sequence[str]) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        self.error = ""
        self._thread = threading.Thread(target=self._run, args=(missing,), daemon=True)
        self._thread.start()

    def _run(self, texts: Sequence[str]) -> None:
        try:
            made = self._encoder.encode(texts)
        except WorkbenchError as error:
            self.error = str(error)
            return
        if len(self._kept) + len(texts) > MOST_KEPT:
            self._kept = {}
        self._kept |= dict(zip(texts, np.asarray(made), strict=True))
