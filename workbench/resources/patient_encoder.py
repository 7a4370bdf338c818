"""An encoder that may take seconds to start, for those who can't wait for it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, TimeoutError
from contextlib import suppress
from itertools import islice

import numpy as np

from workbench.domain.arrays import Vectors
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import Encoder

MOMENT_S = 0.3
MOST_KEPT = 2_000

_Made = Mapping[str, Vectors]


class PatientEncoder:
    """Encodes in a thread of its own, and keeps the vectors of what it was last asked for.

    Each request is encoded once: it succeeds, or fails and says why. It is up to the caller to ask again.
    """

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._kept: dict[str, Vectors] = {}  # the newest last
        self._newest: _Made = {}  # what the last request came to: it may be more than is kept
        self._under_way: tuple[frozenset[str], Future[_Made]] | None = None
        self.error = ""
        """Why the last encoding failed, in words; empty if it did not."""

    def encode(self, texts: Sequence[str], wait: bool = True) -> Vectors | None:
        """Return the vectors ``[len(texts), dimension]``, or None: not yet, or ``error`` says why not.

        Without ``wait`` it takes at most a moment, and what is under way then goes on.
        """
        known = self._known(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            with suppress(TimeoutError):
                known = {**known, **self._future(missing, wait).result(None if wait else MOMENT_S)}
        return np.stack([known[text] for text in texts]) if all(text in known for text in texts) else None

    def _known(self, texts: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            found = {text: self._newest.get(text, self._kept.get(text)) for text in texts}
        return {text: one for text, one in found.items() if one is not None}

    def _future(self, missing: Sequence[str], wait: bool) -> Future[_Made]:
        """Return what encodes these; without ``wait``, what is under way is not queued up behind."""
        with self._lock:
            if self._under_way is not None and not self._under_way[1].done():
                asked, future = self._under_way
                if not wait or asked.issuperset(missing):
                    return future
            self.error = ""
            future = Future()
            self._under_way = frozenset(missing), future
        threading.Thread(target=self._run, args=(missing, future), daemon=True, name="patient-encoder").start()
        return future

    def _run(self, texts: Sequence[str], future: Future[_Made]) -> None:
        made: _Made = {}
        try:
            with self._one_at_a_time:
                made = dict(zip(texts, np.asarray(self._encoder.encode(texts)), strict=True))
        except BaseException as error:  # noqa: BLE001, kept as ``error``; the thread's end tells nobody
            self.error = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
        else:
            with self._lock:
                self._newest = made
                newest = {**self._kept, **made}
                self._kept = dict(islice(newest.items(), max(0, len(newest) - MOST_KEPT), None))
        finally:
            future.set_result(made)
