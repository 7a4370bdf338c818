"""``workbench answers`` and ``import-answers``: export a tracker's answers and import others."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json, say_line, say_table
from workbench.cli.workspace import HERE, WorkspaceOption, opened


def answers(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")],
    to: Annotated[
        Path | None, typer.Option(help="Write to this .csv or .jsonl file instead.", show_default=False)
    ] = None,
    context: Annotated[int, typer.Option(help="How many sentences to add before and after each.")] = 2,
    bom: Annotated[bool, typer.Option("--bom", help="Begin the CSV with a byte order mark, for spreadsheets.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Print a tracker's answers with text, context, annotator and probability as CSV or JSON, or write them to a file.

    In CSV, an apostrophe is put before text that looks like a formula.
    """
    from workbench.results.csv_export import to_csv
    from workbench.training.answer_tables import records

    found = opened(workspace).trackers.get(tracker)
    if to is not None:
        say_line(found.export_answers(to, context, bom))
        return
    frame = found.answers(context)
    if as_json:
        say_json(records(frame))
    else:
        say_table(to_csv(frame, bom))


def import_answers(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")],
    file: Annotated[
        Path, typer.Argument(help="A CSV, JSON or JSON Lines file, also from Label Studio, Prodigy or doccano.")
    ],
    label: Annotated[
        str | None, typer.Option(help="The label that means yes; any other means no.", show_default=False)
    ] = None,
    annotator: Annotated[
        str | None, typer.Option(help="The annotator of rows that name none.", show_default=False)
    ] = None,
    match: Annotated[
        str,
        typer.Option(help="only: a text must match one sentence; all: it answers every match."),
    ] = "only",
    teach_only: Annotated[
        bool, typer.Option("--teach-only", help="Learn from the texts alone; leave the corpus's sentences unanswered.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Import answers given in another tool. The tracker learns from them; they do not count in estimates."""
    found = opened(workspace).trackers.get(tracker)
    report = found.import_answers(
        file,
        label=label,
        annotator=annotator,
        match=match,  # type: ignore[arg-type]  # import_answers checks it
        teach_only=teach_only,
    )
    say_json(asdict(report)) if as_json else say(report)
    if report.problems and not report.taken and not report.known:
        raise typer.Exit(1)
