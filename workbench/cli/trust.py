"""``workbench trust``: show what a workspace sends and spends, and agree to it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from workbench.cli.output import say
from workbench.cli.workspace import HERE, WorkspaceOption, opened


def trust(
    workspace: WorkspaceOption = HERE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree without being asked.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Show it without asking.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Revoke the agreement.")] = False,
) -> None:
    """Show what a workspace sends and spends on its own, and agree to it. Exits with 1 if you do not."""
    from workbench.store.trust import forget

    known = opened(workspace)
    if revoke:
        say("Agreement revoked." if forget(known.database) else "There was no agreement.")
        return
    found = known.sending()
    say(found)
    if show or not found or found.trusted:
        return
    if not yes:
        if not sys.stdin.isatty():
            say("Use --yes to agree.", err=True)
            raise typer.Exit(1)
        if not typer.confirm("Do you agree?"):
            raise typer.Exit(1)
    known.trust()
    say("Agreed: from now on, it sends and spends in your name.")
