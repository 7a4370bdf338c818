"""``workbench corpus``: where a workspace's corpus lies, and moving it."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, MadeOption, made, opened

LOCAL = "local"


def corpus(
    to: Annotated[
        str | None,
        typer.Argument(
            help=f"Where to move it: s3://bucket/folder, or {LOCAL!r} for the workspace's folder. Without it, the "
            "command tells where it lies."
        ),
    ] = None,
    workspace: MadeOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Tell where the corpus lies, or move it to a bucket of S3 and back; credentials come from the environment."""
    from workbench.corpus.remote.address import address_of
    from workbench.resources.agreed_stores import agree_to

    if to is None or to == LOCAL:
        known = opened(workspace)
    else:
        agree_to(address_of(to).url)
        known = made(workspace)
    if to is not None:
        known.move_corpus(None if to == LOCAL else to)
    where = known.corpus_url or str(known.path / "corpus")
    say_json({"corpus": where}) if as_json else say(where)
