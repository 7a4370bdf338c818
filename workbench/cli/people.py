"""``workbench people`` and ``workbench aliases``: who speaks, and which spellings are one name."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say_json, say_line
from workbench.cli.workspace import HERE, WorkspaceOption, opened
from workbench.domain.plurals import plural

aliases = typer.Typer(
    no_args_is_help=True,
    help="Add, list and remove aliases: other spellings of the name of a person, a team or an account.",
)
KindOption = Annotated[str, typer.Option(help="Whose name it is: person, team or account.")]


def people(workspace: WorkspaceOption = HERE, as_json: JsonFlag = False) -> None:
    """List the people in the calls with their spellings, side, team, e-mail addresses and number of calls."""
    rows = opened(workspace).people().to_dict("records")
    if as_json:
        say_json([{str(name): value for name, value in row.items()} for row in rows])
        return
    for row in rows:
        others = [one for one in row["spellings"] if one != row["name"]]
        about = [row["side"] or "", row["team"] or "", ", ".join(row["addresses"]), plural(row["calls"], "call")]
        also = f" (also {', '.join(others)})" if others else ""
        say_line(f"{row['name']}{also}: {', '.join(filter(None, about))}")


@aliases.command()
def add(
    name: Annotated[str, typer.Argument(help="The main name, which is displayed.")],
    spellings: Annotated[list[str], typer.Argument(help="Its other spellings, or a person's e-mail addresses.")],
    kind: KindOption = "person",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Treat several spellings as one name."""
    opened(workspace).aliases.add(name, spellings, kind=kind)


@aliases.command()
def remove(
    name: Annotated[str, typer.Argument(help="One spelling, or a main name to remove all of its spellings.")],
    kind: KindOption = "person",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Remove an alias: its spellings are names of their own again."""
    opened(workspace).aliases.remove(name, kind=kind)


@aliases.command("list")
def list_(workspace: WorkspaceOption = HERE, as_json: JsonFlag = False) -> None:
    """List all aliases."""
    rows = opened(workspace).aliases.table().to_dict("records")
    if as_json:
        say_json([{str(name): value for name, value in row.items()} for row in rows])
        return
    for row in rows:
        say_line(f"{row['kind']} {row['name']}: {row['spelling']}")
