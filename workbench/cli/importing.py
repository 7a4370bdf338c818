"""``workbench ingest`` and ``workbench watch``: conversations from files, and from files as they arrive."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import HERE, MadeOption, WorkspaceOption, made, opened

_KINDS = "all, none, or some of email, iban, card, phone, name, participants, separated by commas"
REDACT = f"Replace by placeholders: {_KINDS}. By default what workbench redaction has set."
RedactOption = Annotated[str | None, typer.Option("--redact", metavar="KINDS", help=REDACT)]


def ingest(
    source: Annotated[list[Path], typer.Argument(help="Files or folders: .jsonl, .jsonl.gz.", exists=True)],
    workspace: MadeOption = HERE,
    as_json: JsonFlag = False,
    redact: RedactOption = None,
    prefix: Annotated[str, typer.Option(help="Put this before every id, so that sources don't collide.")] = "",
    on_change: Annotated[
        str,
        typer.Option(metavar="CHOICE", help="For a known call with other content: replace, keep, reject."),
    ] = "replace",
) -> None:
    """Import conversations; what cannot be read is reported by name, line and reason."""
    chosen: Any = on_change
    report = made(workspace).ingest(source, progress=not as_json, redact=redact, prefix=prefix, on_change=chosen)
    say_json(asdict(report)) if as_json else say(report)
    if report.rejected and not report.added and not report.unchanged and not report.changed and not report.kept:
        raise typer.Exit(1)


def watch(
    folder: Annotated[Path, typer.Argument(help="The folder to watch.", exists=True, file_okay=False)],
    workspace: MadeOption = HERE,
    encoder: Annotated[bool, typer.Option(help="Keep the encoder running, so that calls are read immediately.")] = True,
    redact: RedactOption = None,
) -> None:
    """Import files that arrive in a folder and run the active trackers on them, until interrupted (Ctrl+C)."""
    import threading

    from workbench.workspace.watching import keep_encoder
    from workbench.workspace.watching import watch as watching

    known, stop = made(workspace), threading.Event()
    if encoder:
        keep_encoder(known, stop)
    try:
        watching(known, folder, stop, say, on_problem=lambda problem: say(problem, err=True), redact=redact)
    except KeyboardInterrupt:
        stop.set()


def redaction(
    kinds: Annotated[
        str | None, typer.Argument(help=f"What to redact from now on: {_KINDS}.", show_default=False)
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Show or set what every import redacts, unless it says otherwise."""
    from workbench.corpus.redaction.kinds import redaction_kinds

    known = opened(workspace)
    if kinds is not None:
        known.redaction = redaction_kinds(kinds)
    chosen = known.redaction
    say_json({"redaction": list(chosen)}) if as_json else say(", ".join(chosen) or "nothing")
