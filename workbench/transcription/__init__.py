"""Transcribes recordings: speech recognisers behind one small protocol."""

from workbench.transcription.pocket_sphinx import PocketSphinx
from workbench.transcription.report import RecordingNote, TranscriptionReport
from workbench.transcription.transcriber import ChannelSpeech, SpokenSegment, SpokenWord, Transcriber
from workbench.transcription.transcribing import transcribe
from workbench.transcription.whisper import FasterWhisper

__all__ = [
    "ChannelSpeech",
    "FasterWhisper",
    "PocketSphinx",
    "RecordingNote",
    "SpokenSegment",
    "SpokenWord",
    "Transcriber",
    "TranscriptionReport",
    "transcribe",
]
