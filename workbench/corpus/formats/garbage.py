"""Python's search for circles of objects, put off while many are made that cannot be in one."""

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
    """Leave garbage where it is: parsing and reading JSON make none, and looking for it takes longer than they do.

    Several threads may be inside; the last that leaves has the search go on.
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
