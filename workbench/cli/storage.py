"""``workbench corpus``: show where a workspace's corpus is stored, or move it."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, WorkspaceOption, made, opened

LOCAL = "local"


def corpus(
    to: Annotated[
        str | None,
        typer.Argument(
            help=f"Where to move it: s3://bucket/folder, or {LOCAL!r} for the workspace's folder. Without it, the "
            "command shows where it is."
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Show where the corpus is stored, or move it to an S3 bucket and back. Credentials come from the environment."""
    from workbench.corpus.remote.address import address_of
    from workbench.resources.agreed_stores import agree_to
    from workbench.store.database import STATE

    is_store = to is not None and to != LOCAL
    if is_store:
        agree_to(address_of(str(to)).url)
    joins = is_store and STATE in os.environ  # with a shared state, a new folder belongs to another machine
    known = made(workspace) if joins else opened(workspace)
    if to is not None:
        known.move_corpus(None if to == LOCAL else to)
    where = known.corpus_url or str(known.path / "corpus")
    say_json({"corpus": where}) if as_json else say(where)
