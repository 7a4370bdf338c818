"""``workbench trackers``: list, export, import and delete definitions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.output import JsonFlag, say, say_json, say_line
from workbench.cli.workspace import HERE, WorkspaceOption, opened

if TYPE_CHECKING:
    from workbench.workspace.trackers import Trackers

trackers = typer.Typer(
    no_args_is_help=True, help="List, export, import and delete definitions; add ready-made trackers."
)

NamesArgument = Annotated[list[str] | None, typer.Argument(help="Names or ids; default: all.")]
ENDINGS = (".json", ".csv")


@trackers.command("list")
def list_(workspace: WorkspaceOption = HERE, as_json: JsonFlag = False) -> None:
    """List the trackers that are not deleted, oldest first."""
    rows = [{"id": one.id, "name": one.name, "kind": one.kind, "state": one.state} for one in _of(workspace).list()]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say_line(f"{row['name']}: {row['kind']}, {row['state']}")


@trackers.command()
def export(
    file: Annotated[Path, typer.Argument(help="The .json or .csv file to write.")],
    names: NamesArgument = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin the CSV with a byte order mark, for spreadsheets.")] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write definitions to a JSON or CSV file, without what was learnt. For that, use workbench export."""
    known = _of(workspace)
    say_line(str(known.to_csv(file, names, bom) if _is_csv(file) else known.to_json(file, names)))


@trackers.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A .json or .csv file.")],
    skip: Annotated[
        bool, typer.Option("--skip", help="Skip invalid entries; by default, one invalid entry stops the import.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Create drafts from the definitions in a file. Exits with 1 if none could be created."""
    known = _of(workspace)
    brought = known.from_csv(file, skip=skip) if _is_csv(file) else known.from_json(file, skip=skip)
    out: dict[str, Any] = {"made": [{"id": one.id, "name": one.name} for one in brought.trackers]}
    out["refused"] = [{"line": one.line, "reason": one.reason} for one in brought.refused]
    say_json(out) if as_json else say(brought)
    if brought.refused and not brought.trackers:
        raise typer.Exit(1)


@trackers.command()
def delete(
    names: Annotated[list[str], typer.Argument(help="Names or ids.")],
    forever: Annotated[
        bool, typer.Option("--forever", help="Also delete all answers; the trackers cannot be restored.")
    ] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Delete trackers. If one does not exist, none is deleted."""
    known = _of(workspace)
    found = known.get_many(names)
    known.delete_many([one.id for one in found])
    for one in found:
        if forever:
            known.delete(one.id, forever=True)
        say_line(f"{one.name}: deleted")


@trackers.command("ready-made")
def ready_made(
    name: Annotated[str | None, typer.Argument(help="The one to add; without it, all are listed.")] = None,
    as_examples: Annotated[
        bool, typer.Option("--as-examples", help="Add it as a tracker that can be trained.")
    ] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """List the ready-made trackers with their measured quality, or add one as a draft."""
    known = _of(workspace)
    if name is not None:
        made = known.from_ready_made(name, as_examples)
        say_line(f"{made.name}: added as a draft; {'train it' if as_examples else 'publish it to use it'}")
        return
    for one in known.ready_made():
        told, quality = f"{one.name}: {one.description}", one.quality
        if quality is not None:
            told += f" Precision {quality.precision.point:.0%}, hit rate {quality.hit_rate.point:.0%}."
        say_line(told)


def _is_csv(file: Path) -> bool:
    if file.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"must end with .json or .csv, not {file.name!r}", param_hint="FILE")
    return file.suffix.lower() == ".csv"


def _of(folder: Path) -> Trackers:
    return opened(folder).trackers
