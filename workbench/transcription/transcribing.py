"""Transcribes recordings, one after the other: each transcript is on disk before the next recording begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import Timeout

from workbench.corpus.formats.neutral_model import NeutralFormError
from workbench.domain.access import file_lock, make_folder
from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.files import sha256_of, writing_to
from workbench.domain.progress import ReportProgress
from workbench.transcription.audio import Audio, read_audio
from workbench.transcription.progress import reporting
from workbench.transcription.recordings import RecordingFile, Source, recordings_in
from workbench.transcription.report import RecordingNote, TranscriptionReport
from workbench.transcription.sound import MAX_CHANNELS, UnreadableAudio
from workbench.transcription.transcriber import SpokenSegment, Transcriber
from workbench.transcription.transcripts import (
    CallTranscript,
    TranscriptSource,
    TranscriptState,
    set_sides,
    state_of_transcript,
    write_transcript,
)
from workbench.transcription.turns import turns_of
from workbench.transcription.whisper import FasterWhisper

_IN_THE_WAY = {
    TranscriptState.FOREIGN: "already exists, but is not a transcript that this command made; move it away",
    TranscriptState.EDITED: "was edited and would be overwritten; move it away to make a new one",
}


def transcribe(
    source: Source | Iterable[Source],
    transcriber: Transcriber | str = "small",
    *,
    to: Source | None = None,
    company_channel: int | None = None,
    progress: ReportProgress | bool | None = None,
    on_transcript: Callable[[Path], object] | None = None,
) -> TranscriptionReport:
    """Recognise the speech in recordings, and write a transcript of each, which ``ws.ingest`` reads.

    A recording that has a transcript of the same content and transcriber is skipped, so that an interrupted run
    continues where it stopped; several runs can share the work. A broken recording is reported, and the others are
    transcribed.

    Args:
        source: recordings, and folders with their subfolders.
        transcriber: the speech recogniser, or the name or folder of a Whisper model for :class:`FasterWhisper`.
        to: the folder for transcripts; by default next to each recording, as ``call.wav.jsonl``.
        company_channel: the channel, counted from 0, on which the company speaks; the others are the customer's. By
            default sides are unknown, as in recordings with one channel.
        progress: takes the fraction done and a description, and returns whether to continue; or True for a bar.
        on_transcript: called with each new transcript once it is on disk.

    Raises:
        FileNotFoundError: a source does not exist.
        InvalidArgument: ``company_channel`` is not a channel.
        TranscriberUnavailable: the library or the model is missing.
        CannotWrite: transcripts cannot be written.
    """
    if company_channel is not None and (type(company_channel) is not int or not 0 <= company_channel < MAX_CHANNELS):
        raise InvalidArgument(
            f"company_channel: must be a channel from 0 to {MAX_CHANNELS - 1}, not {company_channel!r}"
        )
    recordings = recordings_in(source, to)
    recogniser = FasterWhisper(transcriber) if isinstance(transcriber, str) else transcriber
    with reporting(progress) as report:
        work = _Work(recogniser, company_channel, report, on_transcript, len(recordings))
        for recording in recordings:
            if not work.go_on(0.0, recording.path.name) or not work.take(recording):
                break
    return work.report()


class _Stopped(Exception):
    """The person cancelled the run."""


class _Work:
    """One run, with its results so far."""

    def __init__(
        self,
        transcriber: Transcriber,
        company_channel: int | None,
        progress: ReportProgress,
        on_transcript: Callable[[Path], object] | None,
        count: int,
    ):
        self._transcriber, self._company_channel, self._count = transcriber, company_channel, count
        self._progress, self._on_transcript = progress, on_transcript
        self._transcribed: list[Path] = []
        self._unchanged: list[Path] = []
        self._problems: list[RecordingNote] = []
        self._notes: list[RecordingNote] = []

    @property
    def _done(self) -> int:
        return len(self._transcribed) + len(self._unchanged) + len(self._problems)

    def go_on(self, within: float, name: str) -> bool:
        """Report the progress of the run, ``within`` the current recording; return whether to continue."""
        return self._progress((self._done + within) / self._count, name)

    def report(self) -> TranscriptionReport:
        return TranscriptionReport(
            tuple(self._transcribed),
            tuple(self._unchanged),
            tuple(self._problems),
            tuple(self._notes),
            self._count - self._done,
        )

    def take(self, recording: RecordingFile) -> bool:
        """Transcribe a recording, unless that is done or impossible, which is noted; return whether to continue."""
        before = len(self._transcribed)
        try:
            problem = recording.problem or self._transcribe(recording)
        except _Stopped:
            return False
        except (UnreadableAudio, NeutralFormError) as error:
            problem = str(error)
        except WorkbenchError:
            raise  # an error for all recordings: no model, no disk
        except OSError as error:
            problem = f"cannot be read: {error.strerror or error}"
        except Exception as error:  # noqa: BLE001, recognisers raise anything, and the other recordings continue
            problem = f"could not be transcribed ({type(error).__name__}: {str(error)[:200]})"
        if problem:
            self._problems.append(RecordingNote(recording.path, problem))
        if self._on_transcript and len(self._transcribed) > before:
            self._on_transcript(recording.transcript)
        return True

    def _transcribe(self, recording: RecordingFile) -> str:
        """Transcribe a recording if necessary; return why not, empty if it has a transcript now."""
        source = TranscriptSource(sha256_of(recording.path), self._transcriber.name)
        if self._is_current(recording, source):
            return ""
        with writing_to(recording.transcript):
            make_folder(recording.transcript.parent)
        with _claim(recording.transcript) as mine:
            if not mine:
                return "another run is transcribing it"
            if self._is_current(recording, source):  # since another run has finished it
                return ""
            state = state_of_transcript(recording.transcript, source)
            if state in _IN_THE_WAY:
                return f"{recording.transcript.name} {_IN_THE_WAY[state]}"
            audio = read_audio(recording.path)
            transcript = self._heard(recording, source, audio)
            write_transcript(recording.transcript, transcript)
        self._transcribed.append(recording.transcript)
        notes = audio.notes if transcript.turns else (*audio.notes, "no speech was recognised")
        self._notes += [RecordingNote(recording.path, one) for one in notes]
        return ""

    def _is_current(self, recording: RecordingFile, source: TranscriptSource) -> bool:
        if state_of_transcript(recording.transcript, source) is not TranscriptState.CURRENT:
            return False
        if self._company_channel is not None:
            set_sides(recording.transcript, self._company_channel)
        self._unchanged.append(recording.transcript)
        return True

    def _heard(self, recording: RecordingFile, source: TranscriptSource, audio: Audio) -> CallTranscript:
        channels: list[list[SpokenSegment]] = []
        languages: dict[str, int] = {}
        for channel in range(len(audio.channels)):
            speech = self._transcriber.transcribe(audio.samples(channel))
            channels.append(list(self._followed(speech.segments, channel, recording.path.name, audio)))
            if speech.language:
                said = sum(len(one.text) for one in channels[-1])
                languages[speech.language] = languages.get(speech.language, 0) + said
        return CallTranscript(
            recording.id,
            recording.path,
            source,
            turns_of(channels, audio.duration_s),
            len(channels),
            audio.duration_s,
            max(languages, key=lambda one: languages[one]) if any(languages.values()) else None,
            self._company_channel,
        )

    def _followed(
        self, segments: Iterable[SpokenSegment], channel: int, name: str, audio: Audio
    ) -> Iterator[SpokenSegment]:
        """Yield segments as they are recognised, and report progress."""
        for segment in segments:
            yield segment
            within = min(max(segment.end_s / audio.duration_s, 0.0), 1.0)
            if not self.go_on((channel + within) / len(audio.channels), name):
                raise _Stopped


@contextmanager
def _claim(transcript: Path) -> Iterator[bool]:
    """Hold a transcript for the block, or yield False if another run does; the claim of a killed run is void."""
    file = transcript.with_name(f".{transcript.name}.lock")
    lock = file_lock(file)
    with writing_to(transcript):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
    try:
        yield True
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)  # first, as another run's file would be deleted after the release
        lock.release()
