"""What commands print. No control character from names, files or calls reaches the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workbench.domain import plain_json
from workbench.domain.names import printable, running_text

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def say(text: object, err: bool = False) -> None:
    """Print text for people, to standard error if ``err``; control and invisible characters are escaped."""
    typer.echo(printable(str(text)), err=err)


def say_line(text: object, err: bool = False) -> None:
    """Print text on one line, with its line breaks escaped."""
    typer.echo(printable(str(text), lines=False), err=err)


def say_json(data: Any, indent: int | None = None) -> None:
    """Print data as JSON in ASCII."""
    say_json_text(plain_json.dumps(data, indent=indent))


def say_json_text(text: str) -> None:
    """Print text that is already JSON in ASCII."""
    typer.echo(text.replace("\x7f", "\\u007f"))  # the only control character that JSON does not escape


def say_table(text: str) -> None:
    """Print CSV, which already ends with a line break."""
    typer.echo(running_text(text), nl=False)
