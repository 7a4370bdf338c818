"""Teach a computer to find a concept in recorded conversations, and see honestly how well it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.filters import Filters, PartOfCall

if TYPE_CHECKING:
    from workbench.backups.restoring import restore
    from workbench.research.comparison import compare
    from workbench.research.trackers import compare_trackers
    from workbench.results.csv_export import read_csv
    from workbench.results.csv_export import text_or_file as to_csv
    from workbench.transcription import transcribe
    from workbench.workspace.workspace import Workspace
    from workbench.workspace.workspace import open_workspace as open

__all__ = [
    "Filters",
    "InvalidArgument",
    "PartOfCall",
    "WorkbenchError",
    "Workspace",
    "compare",
    "compare_trackers",
    "open",
    "read_csv",
    "restore",
    "to_csv",
    "transcribe",
]

_LAZY = {
    "restore": ("workbench.backups.restoring", "restore"),
    "open": ("workbench.workspace.workspace", "open_workspace"),
    "Workspace": ("workbench.workspace.workspace", "Workspace"),
    "compare": ("workbench.research.comparison", "compare"),
    "compare_trackers": ("workbench.research.trackers", "compare_trackers"),
    "to_csv": ("workbench.results.csv_export", "text_or_file"),
    "transcribe": ("workbench.transcription", "transcribe"),
    "read_csv": ("workbench.results.csv_export", "read_csv"),
}


def __getattr__(name: str) -> Any:
    """Load the front door when it is used, so that ``import workbench`` costs next to nothing."""
    if name not in _LAZY:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _LAZY[name]
    return getattr(import_module(module), attribute)
