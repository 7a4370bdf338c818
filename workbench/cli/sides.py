"""``workbench company`` and ``workbench sides``: how to recognise the company, and speakers whose side is unknown."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json, say_table
from workbench.cli.workspace import HERE, WorkspaceOption, opened
from workbench.domain.errors import InvalidArgument


def company(
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", help="A domain of its e-mail addresses; may be repeated.", show_default=False),
    ] = None,
    colleagues: Annotated[
        Path | None, typer.Option(help="A CSV file with the columns name, email and team.", exists=True, dir_okay=False)
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="[SOURCE=]CHANNEL", help="The company's channel, such as dialler/=left."),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label", metavar="SOURCE:LABEL=SIDE", help='The side of a label, such as "zoom/:Speaker 1=company".'
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Forget all earlier settings first.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Show or set how to recognise the company when files don't say. Each option replaces its earlier setting."""
    known = opened(workspace)
    if clear:
        known.company.clear()
    if domain or colleagues or channel or label:
        known.company.update(
            domains=domain or None,
            colleagues=colleagues,
            channels=dict(map(_channel, channel)) if channel else None,
            labels=_labels(label) if label else None,
        )
    found = known.company.known()
    say_json(found.to_dict()) if as_json else say("nothing" if found.is_empty else known.company)


def sides(
    call: Annotated[
        str | None, typer.Argument(help="The id of the call whose sides to set.", show_default=False)
    ] = None,
    company: Annotated[
        list[str] | None,
        typer.Option("--company", help="A speaker on the company's side, by id or name; may be repeated."),
    ] = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", help="A speaker on the customer's side; may be repeated.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            help="Set sides from a CSV file with the columns call, speaker and side.", exists=True, dir_okay=False
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply the `workbench company` settings to all imported calls.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many speakers to list at most.")] = 1_000,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """List speakers whose side is unknown, as CSV, or set sides in imported calls. Nothing is imported."""
    known = opened(workspace)
    given = dict.fromkeys(company or (), "company") | dict.fromkeys(customer or (), "customer")
    if (call is None) != (not given):
        raise InvalidArgument("sides: give a call's id together with --company or --customer")
    if call is not None:
        report = known.sides.set(call, given)
    elif table is not None:
        report = known.sides.set(table)
    elif apply:
        report = known.sides.apply()
    else:
        from workbench.results.csv_export import to_csv

        found = known.sides.unknown(limit)
        as_rows = found.astype({"started": str}).to_dict("records")
        say_json(as_rows) if as_json else say_table(to_csv(found))
        return
    say_json(asdict(report)) if as_json else say(report)
    if report.unknown and not report.changed and not report.unchanged:
        raise typer.Exit(1)


def _channel(given: str) -> tuple[str, str]:
    source, _, channel = given.rpartition("=")
    return source or "*", channel


def _labels(given: list[str]) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {}
    for one in given:
        source, colon, rest = one.partition(":")
        label, sign, side = rest.rpartition("=")
        if not colon or not sign:
            raise InvalidArgument(f'labels: {one!r} must be SOURCE:LABEL=SIDE, such as "zoom/:Speaker 1=company"')
        out.setdefault(source or "*", {})[label] = side
    return out
