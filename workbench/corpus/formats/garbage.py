"""Postpones Python's cyclic garbage collection while many objects are made that cannot be part of a cycle."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_was_enabled = False


@contextmanager
def garbage_left() -> Iterator[None]:
    """Postpone garbage collection: reading JSON makes no cycles, and looking for them takes longer than parsing.

    Several threads may be inside; the last to leave turns collection on again.
    """
    global _inside, _was_enabled
    with _lock:
        if not _inside:
            _was_enabled = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _was_enabled:
                gc.enable()
