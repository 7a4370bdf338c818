"""``workbench notify``: who is notified when results are ready, a run fails or a tracker is paused."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.output import say, say_line
from workbench.cli.workspace import HERE, WorkspaceOption, opened


def notify(
    workspace: WorkspaceOption = HERE,
    email: Annotated[str | None, typer.Option(help="An address to notify from now on.")] = None,
    webhook: Annotated[str | None, typer.Option(help="A URL to notify from now on; prints the signing key.")] = None,
    forget: Annotated[str | None, typer.Option(help="An address or URL to stop notifying.")] = None,
) -> None:
    """Notify an address when results are ready, a run fails or a tracker is paused; list who is notified.

    For trackers that a stream collects, the stream's addresses are notified.
    """
    if sum(one is not None for one in (email, webhook, forget)) > 1:
        raise typer.BadParameter("give only one of --email, --webhook and --forget", param_hint="--email")
    notices = opened(workspace).notices
    if forget is not None:
        found = [one for one in notices.channels if forget in (one.id, one.target)]
        if not found:
            raise typer.BadParameter(
                f"{forget} is not on the list; run the command without options to see who is", param_hint="--forget"
            )
        for one in found:
            notices.forget(one)
    elif email is not None or webhook is not None:
        channel = notices.notify(email=email, webhook=webhook)
        if channel.key:
            say(f"The signing key, shown only once: {channel.key}")
    told = notices.channels
    for one in told:
        say_line(f"{one.kind}: {one.target}")
    if not told:
        say("Nobody is notified yet. Add an address with --email or --webhook.")
