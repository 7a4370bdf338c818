"""``workbench ingest`` and ``workbench watch``: import files, or import them as they arrive."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.settings import TIME_ZONE
from workbench.cli.workspace import HERE, MadeOption, WorkspaceOption, made, opened
from workbench.domain import plain_json
from workbench.domain.errors import InvalidArgument, WorkspaceNotFound
from workbench.domain.time_zones import UTC_ZONE
from workbench.domain.time_zones import time_zone as zone_of

if TYPE_CHECKING:
    from workbench.corpus.company.settings import Company

_KINDS = "all, none, or some of email, iban, card, phone, name, participants, separated by commas"
REDACT = f"Replace with placeholders: {_KINDS}. Default: what `workbench redaction` has set."
RedactOption = Annotated[str | None, typer.Option("--redact", metavar="KINDS", help=REDACT)]


def ingest(
    source: Annotated[
        list[Path], typer.Argument(help="Files or folders, in any format of docs/import.md.", exists=True)
    ],
    workspace: MadeOption = HERE,
    as_json: JsonFlag = False,
    redact: RedactOption = None,
    prefix: Annotated[str, typer.Option(help="A prefix for every id, to keep sources apart.")] = "",
    on_change: Annotated[
        str,
        typer.Option(metavar="CHOICE", help="If a call with the same id has other content: replace, keep or reject."),
    ] = "replace",
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="A JSON file that says what the keys in another tool's JSON mean.", exists=True, dir_okay=False
        ),
    ] = None,
    company_domain: Annotated[
        list[str] | None,
        typer.Option(
            help="A domain of the company's e-mail addresses, in addition to those set with `workbench company`."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be imported without importing it.")
    ] = False,
    time_zone: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"The time zone of start times without an offset. {TIME_ZONE}"),
    ] = None,
) -> None:
    """Import conversations. What cannot be read is reported with file name, line and reason."""
    known = _mapping(mapping)
    if dry_run:
        from workbench.corpus.import_preview import preview_import

        preview = preview_import([*source], known, _zone(workspace, time_zone), _company(workspace, company_domain))
        say_json(plain_json.loads(plain_json.dumps(asdict(preview), default=str))) if as_json else say(preview)
        return
    chosen: Any = on_change
    how: dict[str, Any] = {
        "redact": redact,
        "prefix": prefix,
        "on_change": chosen,
        "company_domains": company_domain or (),
    }
    report = made(workspace).ingest(source, progress=not as_json, mapping=known, time_zone=time_zone, **how)
    say_json(asdict(report)) if as_json else say(report)
    if report.rejected and not report.added and not report.unchanged and not report.changed and not report.kept:
        raise typer.Exit(1)


def _zone(workspace: Path, time_zone: str | None) -> ZoneInfo:
    """Return the time zone of an import: UTC if the workspace does not exist yet."""
    if time_zone is not None:
        return zone_of(time_zone)
    try:
        return opened(workspace).lake.zone
    except WorkspaceNotFound:
        return UTC_ZONE


def _company(workspace: Path, domains: list[str] | None) -> Company:
    """Return what the workspace knows of the company, if there is a workspace."""
    from workbench.corpus.company.settings import Company, with_domains

    try:
        known = opened(workspace).company.known()
    except WorkspaceNotFound:
        known = Company()
    return with_domains(known, domains or ())


def _mapping(file: Path | None) -> dict[str, Any] | None:
    if file is None:
        return None
    try:
        read = plain_json.loads(file.read_text())
    except ValueError:
        raise InvalidArgument(
            f"{file.name}: not valid JSON; see docs/import.md for what a mapping looks like"
        ) from None
    if not isinstance(read, dict):
        raise InvalidArgument(f"{file.name}: must be one JSON object; see docs/import.md")
    return read


def describe(
    file: Annotated[Path, typer.Argument(help="The file.", exists=True, dir_okay=False)],
) -> None:
    """Print a file's format, keys and types without any of its text, to help write an importer for such files."""
    from workbench.corpus.describing import describe as described
    from workbench.corpus.formats import UnreadableFile

    try:
        say(described(file))
    except UnreadableFile as error:
        say(f"{file.name}: {error}", err=True)
        raise typer.Exit(1) from None


def watch(
    folder: Annotated[Path, typer.Argument(help="The folder to watch.", exists=True, file_okay=False)],
    workspace: MadeOption = HERE,
    encoder: Annotated[bool, typer.Option(help="Keep the encoder running, so that calls are read immediately.")] = True,
    redact: RedactOption = None,
) -> None:
    """Import files as they arrive in a folder and run the active trackers on them, until you press Ctrl+C."""
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
    """Show or set what imports redact by default."""
    from workbench.corpus.redaction.kinds import redaction_kinds

    known = opened(workspace)
    if kinds is not None:
        known.redaction = redaction_kinds(kinds)
    chosen = known.redaction
    say_json({"redaction": list(chosen)}) if as_json else say(", ".join(chosen) or "nothing")
