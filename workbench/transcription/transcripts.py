"""Transcripts as files in the neutral form, each with its source, so that none is made twice."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbench.corpus.formats.bounds import MAX_LINE
from workbench.corpus.formats.names_in_files import started_in_name
from workbench.corpus.formats.neutral_model import from_json
from workbench.domain import plain_json
from workbench.domain.access import private_opener
from workbench.domain.conversations import Side
from workbench.domain.files import settle, writing_to
from workbench.transcription.transcriber import SpokenWord
from workbench.transcription.turns import SpokenTurn

_SOURCE = "source"  # a participant's key, as imports ignore unknown ones


@dataclass(frozen=True, slots=True)
class TranscriptSource:
    """The source of a transcript: the SHA-256 of the recording, and the transcriber's name."""

    recording: str
    transcriber: str


class TranscriptState(StrEnum):
    """What exists at the path of a transcript."""

    MISSING = "missing"
    CURRENT = "current"
    OUTDATED = "outdated"
    EDITED = "edited"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class CallTranscript:
    """A recognised call, as written to a file.

    Attributes:
        id: the call's id.
        recording: the file.
        source: what it was made from.
        turns: ordered by time.
        channels: how many the recording has.
        duration_s: of the recording.
        language: None if it is unknown.
        company_channel: the channel of the company's side, counted from 0; None if it is unknown.
    """

    id: str
    recording: Path
    source: TranscriptSource
    turns: Sequence[SpokenTurn]
    channels: int
    duration_s: float
    language: str | None = None
    company_channel: int | None = None


def state_of_transcript(path: Path, source: TranscriptSource) -> TranscriptState:
    """Return what is at a path: nothing, the transcript of this source, an older one, an edited one, or another file.

    A transcript of this source is current even if it was edited.
    """
    if not os.path.lexists(path):
        return TranscriptState.MISSING
    kept = _read(path)
    known = _source(kept)
    if kept is None or known is None:
        return TranscriptState.FOREIGN
    if known.get("recording") == source.recording and known.get("transcriber") == source.transcriber:
        return TranscriptState.CURRENT
    return TranscriptState.OUTDATED if known.get("text") == _text_key(kept["turns"]) else TranscriptState.EDITED


def write_transcript(path: Path, transcript: CallTranscript) -> None:
    """Write a transcript completely or not at all, readable only by its owner.

    Raises:
        NeutralFormError: it exceeds a limit of the neutral form, such as the number of turns.
        CannotWrite: the disk is full, or cannot be written to.
    """
    _write(path, _plain(path, transcript))


def set_sides(path: Path, company_channel: int) -> bool:
    """Set the sides in a transcript by the company's channel; return whether they changed.

    Raises:
        CannotWrite: as :func:`write_transcript`.
    """
    kept = _read(path)
    if kept is None or _source(kept) is None:
        return False
    parties = kept["parties"]
    before = plain_json.dumps(parties)
    for channel, party in enumerate(parties):
        side = _side(channel, len(parties), company_channel)
        if side:
            party["side"] = side
    if plain_json.dumps(parties) == before:
        return False
    _write(path, kept)
    return True


def _plain(path: Path, transcript: CallTranscript) -> dict[str, Any]:
    turns = [_turn(turn) for turn in transcript.turns]
    source = {
        "recording": transcript.source.recording,
        "transcriber": transcript.source.transcriber,
        "text": _text_key(turns),
    }
    started = started_in_name(transcript.recording.name)
    return {
        "id": transcript.id,
        "kind": "call",
        "title": transcript.recording.stem,
        "started": started.isoformat() if started else None,
        "duration_s": round(transcript.duration_s, 3),
        "language": transcript.language,
        "media": _media(transcript.recording, path.parent),
        "fields": {"transcribed_by": transcript.source.transcriber},
        "parties": [
            {
                "id": _party(channel),
                "side": _side(channel, transcript.channels, transcript.company_channel),
                _SOURCE: {"channel": channel, **source},
            }
            for channel in range(transcript.channels)
        ],
        "turns": turns,
    }


def _turn(turn: SpokenTurn) -> dict[str, Any]:
    plain = {"party": _party(turn.channel), "start_s": turn.start_s, "end_s": turn.end_s, "text": turn.text}
    return {**plain, "words": [_word(one) for one in turn.words]} if turn.words else plain


def _word(word: SpokenWord) -> dict[str, Any]:
    plain = {"text": word.text.strip(), "start_s": round(word.start_s, 3), "end_s": round(word.end_s, 3)}
    return plain if word.confidence is None else {**plain, "confidence": round(word.confidence, 3)}


def _party(channel: int) -> str:
    return f"Channel {channel}"


def _side(channel: int, channels: int, company_channel: int | None) -> str | None:
    """Return a channel's side; None if one channel has everyone, or the company's is missing or unknown."""
    if channels < 2 or company_channel is None or not 0 <= company_channel < channels:
        return None
    return str(Side.COMPANY if channel == company_channel else Side.CUSTOMER)


def _media(recording: Path, folder: Path) -> str | None:
    try:
        found = Path(os.path.relpath(recording, folder)).as_posix()
    except ValueError:  # on a different drive
        found = recording.as_posix()
    try:
        found.encode()
    except UnicodeEncodeError:  # the name is not valid text
        return None
    return found


def _text_key(turns: Sequence[Any]) -> str:
    said = [[turn.get("party"), turn.get("text")] for turn in turns]
    return hashlib.sha256(plain_json.dumps(said).encode()).hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    """Return a file's content as one JSON object with turns and parties; None if it is anything else."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_LINE + 1)
        kept = plain_json.loads(data) if len(data) <= MAX_LINE else None
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict):
        return None
    lists = (kept.get("turns"), kept.get("parties"))
    if not all(isinstance(one, list) and all(isinstance(item, dict) for item in one) for one in lists):
        return None
    return kept


def _source(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    parties = kept["parties"] if kept else []
    found = parties[0].get(_SOURCE) if parties else None
    return found if isinstance(found, dict) else None


def _write(path: Path, plain: dict[str, Any]) -> None:
    line = plain_json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
    from_json(line)
    half_written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with writing_to(path):
        try:
            with open(half_written, "xb", opener=private_opener) as file:
                file.write(line + b"\n")
            settle(half_written, path)
        finally:
            with suppress(OSError):
                half_written.unlink(missing_ok=True)
