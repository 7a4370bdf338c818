"""The modules of the package, for tests of what holds for each of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import workbench

NOT_IMPORTED = (".migrations.", "workbench.serving")  # scripts of Alembic; what only a server of dashboards has


def every_module() -> Iterator[ModuleType]:
    """Import and yield every module below ``workbench``."""
    for module in pkgutil.walk_packages(workbench.__path__, "workbench."):
        if not any(part in module.name for part in NOT_IMPORTED):
            yield importlib.import_module(module.name)
