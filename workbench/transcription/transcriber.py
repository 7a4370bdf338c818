"""What a recogniser of speech is to the workbench: it takes samples of one channel and gives words with their times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples a second that transcribers get."""

Samples = NDArray[np.float32]
"""One channel, in [-1, 1], :data:`SAMPLE_RATE` a second."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word with its times, in seconds from the start of the recording.

    Attributes:
        text: with the space before it, where the language has one: the words of a segment joined are its text.
        start_s: when it begins.
        end_s: when it ends.
        confidence: of the recogniser, in [0, 1]; None if it has none.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """What was said in one go, as far as the recogniser can tell; ``words`` is empty if it gives no times of words."""

    text: str
    start_s: float
    end_s: float
    words: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelSpeech:
    """What is said on one channel.

    Attributes:
        segments: in the order in which they begin; each may be recognised when it is asked for.
        language: that the recogniser was told or has found out; None if it is unknown.
    """

    segments: Iterable[SpokenSegment]
    language: str | None = None


class Transcriber(Protocol):
    """Recognises speech. Any object with these two will do."""

    @property
    def name(self) -> str:
        """Return what tells its transcripts from another's: recogniser, model, and whatever else changes them."""
        ...

    def transcribe(self, samples: Samples) -> ChannelSpeech:
        """Recognise what is said on one channel.

        Raises:
            TranscriberUnavailable: it can recognise nothing, in no recording; ends the run. Any other error is one of
                this recording alone.
        """
        ...
