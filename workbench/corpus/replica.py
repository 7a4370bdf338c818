"""The copy of a corpus that is stored elsewhere: updated before queries, and locked while it is changed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.corpus.manifest import is_linked, read_manifest
from workbench.corpus.merging import sweep
from workbench.corpus.remote.pulling import is_current, pull
from workbench.domain.access import file_lock, make_folder

WRITERS = "writers.lock"
FRESH_S = 1.0
"""The maximum delay in seconds until changes by others are seen; one's own are seen at once."""


class Replica:
    """A corpus's folder. An original is left unchanged, at no cost."""

    def __init__(self, root: Path):
        self._root = root
        self._own = threading.local()
        self._looked: float | None = None

    def look(self) -> None:
        """Update the copy, unless that was just done.

        A copy in a read-only folder stays as it is.

        Raises:
            CorpusUnavailable: the store cannot be reached, or does not allow it.
            WorkspaceDamaged: the corpus is damaged there.
            OSError: the disk is full.
        """
        if not is_linked(self._root) or self._is_held or self._is_fresh():
            return
        if not os.access(self._root, os.W_OK):
            return
        if self._looked is not None and is_current(self._root):
            self._looked = time.monotonic()
            return
        with self.writing():
            pass

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writers' lock, over an up-to-date copy."""
        make_folder(self._root)
        with file_lock(self._root / WRITERS):
            if not is_linked(self._root) or self._is_held:
                yield
                return
            if pull(self._root, thorough=self._looked is None):
                sweep(self._root, read_manifest(self._root))
            self._looked = time.monotonic()
            self._own.held = True
            try:
                yield
            finally:
                self._own.held = False

    @property
    def _is_held(self) -> bool:
        return getattr(self._own, "held", False)

    def _is_fresh(self) -> bool:
        return self._looked is not None and time.monotonic() - self._looked < FRESH_S
