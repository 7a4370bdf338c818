"""Whisper by faster-whisper, in the extra "transcribe": a model by name, or from a folder without network access."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.domain.errors import TranscriberUnavailable
from workbench.domain.files import sha256_of
from workbench.domain.paths import absolute
from workbench.transcription.transcriber import ChannelSpeech, Samples, SpokenSegment, SpokenWord

INSTALL = "pip install 'tracker-workbench[transcribe]'"

_NAME = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?")  # a size, or "owner/name" on the hub
# Without its tokenizer the library would fetch another one from the hub.
_NEEDED = ("model.bin", "config.json", "tokenizer.json")


class FasterWhisper:
    """Recognise speech with a Whisper model, which is loaded once.

    Args:
        model: its size, such as "small" or "large-v3", or its name on the Hugging Face hub, from which it is downloaded
            on first use; or a folder with a model for CTranslate2, which needs no download.
        language: of the speech, such as "de"; by default it is detected for each channel.
        device: "cpu", "cuda", or "auto".
        compute_type: how CTranslate2 computes, such as "int8"; by default as the model is stored.

    Raises:
        TranscriberUnavailable: the library is not installed, or the model cannot be loaded.
    """

    def __init__(
        self, model: str = "small", *, language: str | None = None, device: str = "auto", compute_type: str = "default"
    ):
        folder = _folder(model)
        try:
            from faster_whisper import WhisperModel
            from faster_whisper.vad import get_speech_timestamps
        except ImportError as error:
            raise TranscriberUnavailable(
                f"Transcription needs {error.name or 'faster-whisper'}. Install it: {INSTALL}"
            ) from error
        try:
            self._model: Any = WhisperModel(
                str(folder or model), device=device, compute_type=compute_type, local_files_only=folder is not None
            )
        except Exception as error:  # the hub's client and CTranslate2 raise all kinds of errors
            raise TranscriberUnavailable(f"The Whisper model {model!r} cannot be loaded: {_told(error)}") from error
        if language is not None and language not in self._model.supported_languages:
            raise TranscriberUnavailable(
                f"language: must be a code that {model!r} knows, such as "
                f"{', '.join(self._model.supported_languages[:3])}, not {language!r}"
            )
        self._find_speech: Any = get_speech_timestamps
        self._language = language
        self._name = f"faster-whisper {_called(model, folder)}{f', {language}' if language else ''}"

    @property
    def name(self) -> str:
        """Return the model's name, with the start of its hash for a folder, and the language if given."""
        return self._name

    def transcribe(self, samples: Samples) -> ChannelSpeech:
        """Recognise the speech on one channel; parts without speech are removed first."""
        if not self._find_speech(samples):
            return ChannelSpeech(())  # in which no language could be detected
        segments, about = self._model.transcribe(
            samples, language=self._language, word_timestamps=True, vad_filter=True
        )
        return ChannelSpeech(_segments(segments), about.language)


def _segments(found: Any) -> Iterator[SpokenSegment]:
    for one in found:
        words = tuple(
            SpokenWord(word.word, float(word.start), float(word.end), float(word.probability))
            for word in one.words or ()
        )
        yield SpokenSegment(one.text, float(one.start), float(one.end), words)


def _folder(model: str) -> Path | None:
    """Return the model's folder; None for a name."""
    path = absolute(model)
    if not path.is_dir():
        if not _NAME.fullmatch(model) or ("/" in model and path.parent.is_dir()):
            raise TranscriberUnavailable(f"{model}: no such folder; give the folder of a model, or its name")
        return None
    missing = [name for name in _NEEDED if not (path / name).is_file()]
    if missing:
        raise TranscriberUnavailable(
            f"{model}: not the folder of a Whisper model for CTranslate2, as {', '.join(missing)} is missing; convert "
            "one with ct2-transformers-converter, and copy its tokenizer.json"
        )
    return path


def _called(model: str, folder: Path | None) -> str:
    return f"{folder.name} {sha256_of(folder / 'model.bin')[:8]}" if folder else model


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
