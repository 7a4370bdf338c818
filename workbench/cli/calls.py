"""``workbench calls``, ``enrich``, ``delete`` and ``retention``: calls listed, completed, deleted, kept for a time."""

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
        typer.Argument(help="A table (CSV, XLSX, Parquet), such as an export of Salesforce or HubSpot.", exists=True),
    ],
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="USE=NAME",
            help="Take this column for a use, such as time='Logged at'; 'email=' takes none. May be repeated.",
            show_default=False,
        ),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="Minutes by which a row's time may differ from the start of its call.")
    ] = 15,
    day_first: Annotated[
        bool | None,
        typer.Option(
            "--day-first/--month-first", help="Whether dates such as 2/3 begin with the day.", show_default=False
        ),
    ] = None,
    unmatched: Annotated[
        Path | None,
        typer.Option(help="Write the rows that fit no call, or several, to this CSV file.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Match only, and set nothing.")] = False,
) -> None:
    """Set stage, outcome, account, team and further fields of calls from a table; nothing is imported.

    Rows are matched by id, by e-mail address and time, or by account and day; what fits several calls is listed.
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
    """Return the columns by use; a use that is told without a name has none."""
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
    calls: Annotated[list[str] | None, typer.Argument(help="Ids of calls.", show_default=False)] = None,
    party: Annotated[
        str | None, typer.Option(help="All calls of someone: an e-mail address, a name or an id.", show_default=False)
    ] = None,
    vacuum: Annotated[bool, typer.Option("--vacuum", help="Only clean up what earlier deletions left.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Delete calls for good, with all that is kept of them; prints a receipt without their content."""
    from workbench.workspace.deletion import other_spellings

    known = opened(workspace)
    if vacuum:
        done = known.vacuum()
        say_json({"vacuumed": done}) if as_json else say("clean" if done else "in use just now; try again later")
        raise typer.Exit(0 if done else 1)
    ids = known.matching_calls(calls=calls or None, party=party)
    also = other_spellings(known.lake, party)
    if also:
        say(f"Also known as, and looked for: {', '.join(also)}", err=True)
    if not yes and ids:
        typer.confirm(f"Delete {plural(len(ids), 'call')} for good?", abort=True, err=True)
    receipt = replace(known.delete(calls=ids), aliases=len(also))
    say_json(receipt.to_dict()) if as_json else say(receipt)


def retention(
    period: Annotated[
        str | None, typer.Argument(help='Delete calls that began longer ago, such as "24 months".', show_default=False)
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove all rules.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Show or set how long calls are kept; rules run with catch-up. Rules with filters are set in Python."""
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
            say(f"{plural(due, 'call is due, and goes', 'calls are due, and go')} with the next catch-up")


def _of(filters: dict[str, object]) -> str:
    from workbench.workspace.retention import ANY

    usual = ANY.to_dict()
    told = [f"{name} {value}" for name, value in filters.items() if value != usual[name]]
    return "; ".join(told) or "all calls and e-mails"


def calls(
    to: Annotated[Path | None, typer.Option(help="A file to write; ends with .csv.", show_default=False)] = None,
    tracker: Annotated[
        list[str] | None, typer.Option(help="Only these trackers; may be repeated.", show_default=False)
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin the CSV with a byte order mark, for spreadsheets.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """List calls with what each tracker found in them and their metrics, one per row, as CSV or JSON.

    In CSV, text that looks like a formula is preceded by an apostrophe.
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
    file: Annotated[Path, typer.Argument(help="The file to write; ends with .jsonl or .jsonl.gz.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write all calls to a file in the neutral form, as an import takes it."""
    say_line(opened(workspace).export_corpus(file))
