"""``workbench calls``, ``enrich``, ``delete``, ``retention``: list calls, add data, delete them, limit their age."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json, say_json_text, say_line, say_table
from workbench.cli.workspace import HERE, WorkspaceOption, opened
from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural


def enrich(
    table: Annotated[
        Path,
        typer.Argument(
            help="A table (CSV, XLSX or Parquet), such as an export from Salesforce or HubSpot.", exists=True
        ),
    ],
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="USE=NAME",
            help="Which column to use for what, such as time='Logged at'; 'email=' uses none. May be repeated.",
            show_default=False,
        ),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="By how many minutes a row's time may differ from the start of its call.")
    ] = 15,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="Whether 2/3 means 2 March or February 3.", show_default=False),
    ] = None,
    unmatched: Annotated[
        Path | None,
        typer.Option(help="Write rows that match no call, or several, to this CSV file.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what matches; change nothing.")] = False,
) -> None:
    """Set stage, outcome, account, team and other fields of calls from a table. No calls are imported.

    Rows are matched by id, by e-mail address and time, or by account and day. Rows that match several calls are listed.
    """
    report = opened(workspace).conversations.update(
        table,
        columns=_columns(column or []),
        tolerance_minutes=tolerance,
        day_first=day_first,
        dry_run=dry_run,
        unmatched=unmatched,
    )
    say_json(asdict(report)) if as_json else say(report)
    if report.rejected and not report.changed and not report.unchanged and not dry_run:
        raise typer.Exit(1)


def _columns(told: list[str]) -> dict[str, list[str]]:
    """Return the columns by use; a use given without a name has no column."""
    out: dict[str, list[str]] = {}
    for one in told:
        use, sign, name = one.partition("=")
        if not sign:
            raise InvalidArgument(f"--column {one}: write it as USE=NAME, such as time='Call date'")
        out.setdefault(use.strip(), [])
        if name.strip():
            out[use.strip()].append(name.strip())
    return out


def delete(
    calls: Annotated[list[str] | None, typer.Argument(help="The ids of the calls.", show_default=False)] = None,
    party: Annotated[
        str | None,
        typer.Option(help="Delete all calls of this person, given by e-mail address, name or id.", show_default=False),
    ] = None,
    vacuum: Annotated[
        bool, typer.Option("--vacuum", help="Only clean up what earlier deletions left on the disk.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Delete calls for good, with everything stored about them. Prints a receipt without their content."""
    from workbench.workspace.deletion import other_spellings

    known = opened(workspace)
    if vacuum:
        done = known.vacuum()
        say_json({"vacuumed": done}) if as_json else say(
            "cleaned up" if done else "the workspace is in use; try again later"
        )
        raise typer.Exit(0 if done else 1)
    ids = known.matching_calls(calls=calls or None, party=party)
    also = other_spellings(known.lake, party)
    if also:
        say(f"Also searched for these spellings: {', '.join(also)}", err=True)
    if not yes and ids:
        typer.confirm(f"Delete {plural(len(ids), 'call')} for good?", abort=True, err=True)
    receipt = replace(known.delete(calls=ids), aliases=len(also))
    say_json(receipt.to_dict()) if as_json else say(receipt)


def retention(
    period: Annotated[
        str | None,
        typer.Argument(help='How long to keep calls, such as "24 months"; older ones are deleted.', show_default=False),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove all rules.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Show or set how long calls are kept. Catch-up applies the rules. Rules with filters are set in Python."""
    known = opened(workspace)
    if remove:
        known.retention.remove()
    if period is not None:
        known.retention(period)
    rules, due = known.retention.rules(), len(known.retention.due())
    if as_json:
        say_json({"rules": [one.to_dict() for one in rules], "due": due})
    else:
        say(
            "\n".join(f"{one.period}, {_of(one.filters.to_dict())}" for one in rules)
            or "calls are kept until someone deletes them"
        )
        if due:
            say(f"{plural(due, 'call is', 'calls are')} due and will be deleted by the next catch-up")


def _of(filters: dict[str, object]) -> str:
    from workbench.workspace.retention import ANY

    usual = ANY.to_dict()
    told = [f"{name} {value}" for name, value in filters.items() if value != usual[name]]
    return "; ".join(told) or "all calls and e-mails"


def calls(
    to: Annotated[Path | None, typer.Option(help="Write to this .csv file instead.", show_default=False)] = None,
    tracker: Annotated[
        list[str] | None, typer.Option(help="Only this tracker; may be repeated.", show_default=False)
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin the CSV with a byte order mark, for spreadsheets.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """List calls, one per row, with their metrics and what each tracker found in them, as CSV or JSON.

    In CSV, an apostrophe is put before text that looks like a formula.
    """
    from workbench.results.csv_export import to_csv, write_csv

    if to is not None and to.suffix.lower() != ".csv":
        raise typer.BadParameter(f"{to.name!r} must end with .csv", param_hint="--to")
    frame = opened(workspace).calls_table(trackers=tracker or None)
    if to is not None:
        say_line(write_csv(frame, to, bom))
    elif as_json:
        say_json_text(frame.to_json(orient="records", date_format="iso"))
    else:
        say_table(to_csv(frame, bom))


def export_corpus(
    file: Annotated[Path, typer.Argument(help="The .jsonl or .jsonl.gz file to write.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write all calls to a file in the neutral format, which can be imported again."""
    say_line(opened(workspace).export_corpus(file))
