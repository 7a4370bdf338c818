"""``workbench enrich``, ``delete`` and ``retention``: calls that are completed, deleted, or kept for a time."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, WorkspaceOption, opened


def enrich(
    table: Annotated[Path, typer.Argument(help="A CSV file with a column for the call's id.", exists=True)],
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Set stage, outcome, account, team and further fields of calls by id; nothing is imported."""
    report = opened(workspace).conversations.update(table)
    say_json(asdict(report)) if as_json else say(report)
    if report.rejected and not report.changed and not report.unchanged:
        raise typer.Exit(1)


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
    known = opened(workspace)
    if vacuum:
        done = known.vacuum()
        say_json({"vacuumed": done}) if as_json else say("clean" if done else "in use just now; try again later")
        raise typer.Exit(0 if done else 1)
    ids = known.matching_calls(calls=calls or None, party=party)
    if not yes and ids:
        typer.confirm(f"Delete {len(ids):,} calls for good?", abort=True, err=True)
    receipt = known.delete(calls=ids)
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
            say(f"{due:,} calls are due, and go with the next catch-up")


def _of(filters: dict[str, object]) -> str:
    from workbench.workspace.retention import ANY

    usual = ANY.to_dict()
    told = [f"{name} {value}" for name, value in filters.items() if value != usual[name]]
    return "; ".join(told) or "all calls and e-mails"
