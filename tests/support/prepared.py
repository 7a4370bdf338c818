"""Workspaces that take long to make, made once in a process and copied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path

import workbench as wb
from workbench.store.database import STATE

_MADE: dict[Hashable, tempfile.TemporaryDirectory[str]] = {}


def prepared(key: Hashable, make: Callable[[Path], wb.Workspace], folder: Path) -> Path:
    """Fill ``folder`` as ``make`` does; gives the folder. What ``make`` gives for a key must always be the same."""
    if os.environ.get(STATE):  # the state on a server is not copied with the folder
        make(folder).close()
        return folder
    if key not in _MADE:
        place = tempfile.TemporaryDirectory(prefix="prepared-")
        make(Path(place.name) / "w").close()
        _MADE[key] = place
    shutil.copytree(Path(_MADE[key].name) / "w", folder, dirs_exist_ok=True)
    return folder
