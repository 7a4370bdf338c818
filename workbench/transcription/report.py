"""The result of a run of the transcriber."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.domain.names import printable

_MAX_TOLD = 50


@dataclass(frozen=True, slots=True)
class RecordingNote:
    """A note on a recording: why it has no transcript, or how it was read."""

    path: Path
    what: str

    def __str__(self) -> str:
        return printable(f"{self.path}: {self.what}", lines=False)


@dataclass(frozen=True, slots=True)
class TranscriptionReport:
    """The result of a run.

    Attributes:
        transcribed: transcripts that are new, or replace one of other content or from another transcriber.
        unchanged: transcripts that already existed.
        problems: recordings without a transcript, and why.
        notes: on recordings with a transcript.
        left: recordings that were not reached before it was cancelled.
    """

    transcribed: tuple[Path, ...] = ()
    unchanged: tuple[Path, ...] = ()
    problems: tuple[RecordingNote, ...] = ()
    notes: tuple[RecordingNote, ...] = ()
    left: int = 0

    @property
    def files(self) -> list[Path]:
        """Return all existing transcripts, for import."""
        return [*self.transcribed, *self.unchanged]

    def __str__(self) -> str:
        head = (
            f"{len(self.transcribed):,} transcribed, {len(self.unchanged):,} unchanged, {len(self.problems):,} failed"
        )
        if self.left:
            head += f", {self.left:,} left"
        told = [*self.problems, *self.notes]
        more = [f"  and {len(told) - _MAX_TOLD:,} more"] if len(told) > _MAX_TOLD else []
        return "\n".join([head, *(f"  {one}" for one in told[:_MAX_TOLD]), *more])
