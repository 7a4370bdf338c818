"""``workbench backup``, ``restore`` and ``check``: a whole workspace in one file, and back; whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, WorkspaceOption, state_of


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, or a folder for a file named after the moment.")],
    workspace: WorkspaceOption = HERE,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write all of a workspace to one file, while others go on; exit code 1 where a file of it was damaged."""
    from workbench.backups.taking import take
    from workbench.domain.paths import resolved
    from workbench.resources.opening import can_write

    path = resolved(workspace)
    database = state_of(path)
    try:
        taken = take(path, database, file, force, not can_write(path))
    finally:
        database.dispose()
    about = {"file": str(taken.file), "files": taken.files, "bytes": taken.size, "damaged": list(taken.damaged)}
    say_json(about | {"conversations": taken.conversations}) if as_json else say(taken)
    if taken.damaged:
        raise typer.Exit(1)


def check(
    workspace: WorkspaceOption = HERE,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what can be repaired, and report it.")] = False,
    encoder: Annotated[str | None, typer.Option(help="The workspace's encoder, if it is not the default.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check files, hashes, counts, vectors and state against each other; exit code 1 where something is wrong."""
    from workbench.checking.whole import check as checked
    from workbench.engine.encoder_process import SharedEncoder

    found = checked(workspace, repair=repair, encoder=None if encoder is None else SharedEncoder(encoder))
    say_json(found.to_dict()) if as_json else say(found)
    if not found.is_whole:
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(help="A file written by workbench backup.")],
    folder: Annotated[Path, typer.Argument(help="Where to restore it: a folder that is empty or does not exist yet.")],
    state: Annotated[
        str | None, typer.Option(help="A database URL for the state; else WORKBENCH_STATE, else a file in the folder.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace existing contents, which are kept elsewhere.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Verify a backup and restore it to a folder, whole or not at all."""
    from workbench.backups.restoring import restore as restored

    done = restored(file, folder, state, force)
    about = {"path": str(done.path), "files": done.files, "conversations": done.conversations, "made": done.made}
    say_json(about | {"replaced": done.replaced and str(done.replaced)}) if as_json else say(done)
