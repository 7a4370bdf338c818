"""``workbench transcribe``: transcribe recordings that have no transcript."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.output import JsonFlag, say, say_json
from workbench.cli.workspace import made
from workbench.domain import plain_json

if TYPE_CHECKING:
    from workbench.corpus.ingest import IngestReport
    from workbench.transcription import Transcriber


class Recogniser(StrEnum):
    """What recognises speech."""

    FASTER_WHISPER = "faster-whisper"
    POCKETSPHINX = "pocketsphinx"


def transcribe(
    source: Annotated[list[Path], typer.Argument(help="Recordings, or folders of recordings.", exists=True)],
    to: Annotated[
        Path | None, typer.Option(help="The folder for transcripts; default: next to each recording.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A Whisper model: a size or name, downloaded on first use, or a folder.")
    ] = "small",
    language: Annotated[
        str | None, typer.Option(help="The language spoken, such as de; default: detected for each channel.")
    ] = None,
    company_channel: Annotated[
        int | None, typer.Option(min=0, help="The channel on which the company speaks, counted from 0.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="WORKSPACE", help="Import each transcript into this workspace when it is ready."),
    ] = None,
    recogniser: Annotated[
        Recogniser,
        typer.Option(help="pocketsphinx needs no model, but is only good enough to try things out in English."),
    ] = Recogniser.FASTER_WHISPER,
    device: Annotated[str, typer.Option(help="Where Whisper runs: cpu, cuda or auto.")] = "auto",
    as_json: JsonFlag = False,
) -> None:
    """Write a transcript of each recording. An interrupted run continues where it stopped.

    Recordings with a transcript by the same model are skipped. A broken recording is reported and the rest transcribed.
    """
    from workbench.transcription import transcribe as run

    workspace = made(into) if into else None
    imports: list[IngestReport] = []
    try:
        report = run(
            source,
            _transcriber(recogniser, model, language, device),
            to=to,
            company_channel=company_channel,
            progress=not as_json,
            on_transcript=lambda file: imports.append(workspace.ingest(file)) if workspace else None,
        )
    except KeyboardInterrupt:
        say("Interrupted. Finished transcripts are kept; run the same command again to continue.", err=True)
        raise typer.Exit(1) from None
    if workspace and report.unchanged:
        imports.append(workspace.ingest(list(report.unchanged)))
    added = sum(one.added + one.changed for one in imports)
    rejected = [str(reject) for one in imports for reject in one.rejected]
    if as_json:
        about = {**asdict(report), "imported": added, "rejected": rejected}
        say_json(plain_json.loads(plain_json.dumps(about, default=str)))
    else:
        say("\n".join([str(report), *([f"{added:,} imported", *rejected] if into else [])]))
    if report.problems and not report.files:
        raise typer.Exit(1)


def _transcriber(recogniser: Recogniser, model: str, language: str | None, device: str) -> Transcriber:
    from workbench.transcription import FasterWhisper, PocketSphinx

    if recogniser is Recogniser.POCKETSPHINX:
        return PocketSphinx()
    return FasterWhisper(model, language=language, device=device)
