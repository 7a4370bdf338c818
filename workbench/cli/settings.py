"""``workbench settings``: the settings that everyone in a workspace shares."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, WorkspaceOption, opened

TIME_ZONE = "An IANA name, such as Europe/Berlin."


def settings(
    time_zone: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"The time zone that defines days, weeks and months. {TIME_ZONE}")
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Show a workspace's settings or set its time zone. `workbench redaction` sets what imports redact."""
    known = opened(workspace)
    if time_zone is not None:
        known.time_zone = time_zone
    found = {"time_zone": known.time_zone, "redaction": list(known.redaction)}
    if as_json:
        say_json(found)
    else:
        say(f"time zone: {known.time_zone}\nredaction: {', '.join(known.redaction) or 'nothing'}")
