"""What commands print. Nothing of it steers a terminal, whatever stands in names, files and calls."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workbench.domain import plain_json
from workbench.domain.names import printable, running_text

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]


def say(text: object, err: bool = False) -> None:
    """Print text for people, on standard error with ``err``; control and invisible characters are escaped."""
    typer.echo(printable(str(text)), err=err)


def say_line(text: object, err: bool = False) -> None:
    """Print the same on one line, whatever line breaks the text has."""
    typer.echo(printable(str(text), lines=False), err=err)


def say_json(data: Any, indent: int | None = None) -> None:
    """Print JSON in ASCII, for a program to read."""
    say_json_text(plain_json.dumps(data, indent=indent))


def say_json_text(text: str) -> None:
    """Print what is JSON in ASCII already."""
    typer.echo(text.replace("\x7f", "\\u007f"))  # the one control character that JSON leaves as it is


def say_table(text: str) -> None:
    """Print CSV, which ends its own lines."""
    typer.echo(running_text(text), nl=False)
