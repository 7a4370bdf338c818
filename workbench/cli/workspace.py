"""The workspace that a command works on. Only commands that import something create one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from workbench.workspace.workspace import Workspace

HERE = Path("demo.workspace")
MADE = "The workspace's folder; created if it does not exist."
KNOWN = "The workspace's folder."
MadeOption = Annotated[Path, typer.Option("--workspace", "-w", help=MADE)]
SchedulerOption = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Compute on the workers of this Dask scheduler, such as tcp://10.0.0.5:8786."),
]
WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help=KNOWN)]


def opened(folder: Path) -> Workspace:
    """Open a workspace; raises ``WorkspaceNotFound`` if there is none."""
    from workbench.workspace.workspace import Workspace

    return Workspace(folder, create=False)


def made(folder: Path) -> Workspace:
    """Open a workspace; create it if there is none."""
    from workbench.workspace.workspace import Workspace

    return Workspace(folder)


def state_of(folder: Path) -> Engine:
    """Open only the state of a workspace; raises ``WorkspaceNotFound`` if there is none."""
    from workbench.domain.paths import resolved
    from workbench.resources.opening import STATE_FILE, check_state, prepare
    from workbench.store.database import STATE, open_database

    path = resolved(folder)
    read_only = prepare(path, create=False)
    if elsewhere := os.environ.get(STATE):
        return open_database(elsewhere, path / "backups", read_only)
    check_state(path)
    return open_database(path / STATE_FILE, path / "backups", read_only)
