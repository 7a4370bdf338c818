"""``workbench tokens``: tokens for programs that call the REST API and for readers of dashboards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.output import JsonFlag, say_json, say_line
from workbench.cli.workspace import HERE, WorkspaceOption, state_of

if TYPE_CHECKING:
    from workbench.domain.api_tokens import ApiToken
    from workbench.store.api_tokens import ApiTokenRepository

tokens = typer.Typer(
    no_args_is_help=True,
    help="Create, list and revoke tokens for programs that call the REST API and for readers of dashboards.",
)

_MAY = {"read": "may read", "write": "may read and write", "reader": "opens the dashboards"}
_MOMENTS = ("created", "expires", "last_used", "revoked")


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for; for a reader, the name that others see.")],
    rights: Annotated[
        str,
        typer.Option("--rights", "--scope", help="read or write, for the REST API, or reader, for dashboards only."),
    ] = "read",
    expires: Annotated[int | None, typer.Option(help="Days until it expires; default: never.")] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Create a token. It is shown only once."""
    made, text = _of(workspace).create(name, rights, expires)
    if as_json:
        say_json(_row(made) | {"token": text})
        return
    say_line(text)
    until = f"until {made.expires:%Y-%m-%d %H:%M} UTC" if made.expires else "without expiry"
    say_line(f"{made.name}: {_MAY[made.rights]}, {until}. Keep it safe: it is not shown again.", err=True)


@tokens.command("list")
def list_(workspace: WorkspaceOption = HERE, as_json: JsonFlag = False) -> None:
    """List all tokens, including revoked ones, by name; never their text."""
    rows = [_row(one) for one in _of(workspace).list()]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        moments = [f"{about} {row[about][:16]}" for about in _MOMENTS if row[about]]
        say_line(f"{row['name']}: {', '.join([row['rights'], *moments])}")


@tokens.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The token's name.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Revoke a token: it stops working at once."""
    _of(workspace).revoke(name)
    say_line(f"{name}: revoked")


def _of(folder: Path) -> ApiTokenRepository:
    from workbench.store.api_tokens import ApiTokenRepository

    return ApiTokenRepository(state_of(folder))


def _row(token: ApiToken) -> dict[str, Any]:
    moments = {name: getattr(token, name) for name in _MOMENTS}
    told = {name: None if value is None else value.isoformat() for name, value in moments.items()}
    return {"name": token.name, "rights": str(token.rights)} | told
