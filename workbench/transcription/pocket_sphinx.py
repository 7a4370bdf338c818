"""PocketSphinx: a small recogniser for English that needs no download, to try transcription from end to end."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from workbench.domain.errors import TranscriberUnavailable
from workbench.transcription.transcriber import SAMPLE_RATE, ChannelSpeech, Samples, SpokenSegment, SpokenWord

INSTALL = "pip install 'tracker-workbench[pocketsphinx]'"

_FRAMES = 100  # frames per second, as its models use
_VARIANT = re.compile(r"\(\d+\)$")  # for a word's pronunciation
_NO_WORD = re.compile(r"<.*>|\[.*\]|\+\+.*\+\+")


class PocketSphinx:
    """Recognise English with the model in the package's wheel: far worse than Whisper, and good only for tests.

    Raises:
        TranscriberUnavailable: the library is not installed.
    """

    def __init__(self) -> None:
        try:
            import pocketsphinx
        except ImportError as error:
            raise TranscriberUnavailable(
                f"This recogniser needs {error.name or 'pocketsphinx'}. Install it: {INSTALL}"
            ) from error
        self._library: Any = pocketsphinx
        self._decoder: Any = pocketsphinx.Decoder(samprate=SAMPLE_RATE, loglevel="FATAL")

    @property
    def name(self) -> str:
        """Return the recogniser's name; it has only one model."""
        return "pocketsphinx"

    def transcribe(self, samples: Samples) -> ChannelSpeech:
        """Recognise what is said on one channel, from pause to pause."""
        return ChannelSpeech(self._segments(samples), "en")

    def _segments(self, samples: Samples) -> Iterator[SpokenSegment]:
        pcm = np.clip(samples * 32_768, -32_768, 32_767).astype("<i2").tobytes()
        for part in self._library.Segmenter(sample_rate=SAMPLE_RATE).segment(io.BytesIO(pcm)):
            self._decoder.start_utt()
            self._decoder.process_raw(part.pcm, full_utt=True)
            self._decoder.end_utt()
            words = tuple(self._words(part.start_time))
            if words:
                text = "".join(one.text for one in words)
                yield SpokenSegment(text, words[0].start_s, words[-1].end_s, words)

    def _words(self, begin_s: float) -> Iterator[SpokenWord]:
        for one in self._decoder.seg() if self._decoder.hyp() is not None else ():
            word = _VARIANT.sub("", one.word)
            if not _NO_WORD.fullmatch(word):
                end_s = begin_s + (one.end_frame + 1) / _FRAMES
                yield SpokenWord(f" {word}", begin_s + one.start_frame / _FRAMES, end_s)
