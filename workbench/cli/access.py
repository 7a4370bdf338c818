"""``workbench access``: who on this machine can read a workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.output import say_line
from workbench.cli.workspace import HERE, WorkspaceOption
from workbench.domain.errors import WorkspaceNotFound


def access(
    workspace: WorkspaceOption = HERE,
    private: Annotated[bool, typer.Option("--private", help="Let only its owner read and change it.")] = False,
    shared: Annotated[bool, typer.Option("--shared", help="Let a group read and change it.")] = False,
    group: Annotated[
        str | None,
        typer.Option(help="The group to share with; default: WORKBENCH_SHARED_GROUP, else the folder's group."),
    ] = None,
) -> None:
    """Show who on this machine can read a workspace, or change it with --private or --shared."""
    from workbench.resources.access import make_private, share, who_can_read
    from workbench.resources.opening import is_workspace

    if private and (shared or group):
        raise typer.BadParameter("give --private or --shared, not both", param_hint="--private")
    if not is_workspace(workspace):
        raise WorkspaceNotFound(f"there is no workspace in {workspace}; check the path")
    if private:
        make_private(workspace)
    elif shared or group:
        share(workspace, group)
    say_line(who_can_read(workspace))
