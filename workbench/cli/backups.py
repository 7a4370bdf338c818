"""``workbench backup``, ``restore`` and ``check``: write a workspace to one file, restore it, check it for damage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, WorkspaceOption, state_of


def backup(
    file: Annotated[
        Path, typer.Argument(help="The file to write, or a folder, in which the file is named by date and time.")
    ],
    workspace: WorkspaceOption = HERE,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write a whole workspace to one file while others keep working. Exits with 1 if a file in it is damaged."""
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
    repair: Annotated[
        bool, typer.Option("--repair", help="Repair what can be repaired, and report what was done.")
    ] = False,
    encoder: Annotated[str | None, typer.Option(help="The workspace's encoder, if not the default one.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check files, hashes, counts, vectors and state against each other. Exits with 1 if something is wrong."""
    from workbench.checking.whole import check as checked
    from workbench.engine.encoder_process import SharedEncoder

    found = checked(workspace, repair=repair, encoder=None if encoder is None else SharedEncoder(encoder))
    say_json(found.to_dict()) if as_json else say(found)
    if not found.is_whole:
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(help="A file written by workbench backup.")],
    folder: Annotated[Path, typer.Argument(help="The folder to restore to; must be empty or not exist yet.")],
    state: Annotated[
        str | None, typer.Option(help="The state's database URL; default: WORKBENCH_STATE, else a file in the folder.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there; it is moved aside, not deleted.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Verify a backup and restore it to a folder. If anything fails, nothing is restored."""
    from workbench.backups.restoring import restore as restored

    done = restored(file, folder, state, force)
    about = {"path": str(done.path), "files": done.files, "conversations": done.conversations, "made": done.made}
    say_json(about | {"replaced": done.replaced and str(done.replaced)}) if as_json else say(done)
