"""The protocol of speech recognisers: they take samples of one channel and return words with their times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples per second that transcribers receive."""

Samples = NDArray[np.float32]
"""One channel, in [-1, 1], :data:`SAMPLE_RATE` per second."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word with its times, in seconds from the start of the recording.

    Attributes:
        text: with the space before it, if the language has spaces: the joined words of a segment are its text.
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
    """A continuous piece of speech, as detected by the recogniser; ``words`` is empty if it has no times for words."""

    text: str
    start_s: float
    end_s: float
    words: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelSpeech:
    """What is said on one channel.

    Attributes:
        segments: in the order in which they begin; each may be recognised only when it is read.
        language: given to the recogniser or detected by it; None if unknown.
    """

    segments: Iterable[SpokenSegment]
    language: str | None = None


class Transcriber(Protocol):
    """Recognises speech. Any object with these two methods works."""

    @property
    def name(self) -> str:
        """Return the identity of its transcripts: recogniser, model, and whatever else changes them."""
        ...

    def transcribe(self, samples: Samples) -> ChannelSpeech:
        """Recognise what is said on one channel.

        Raises:
            TranscriberUnavailable: it does not work for any recording; ends the run. Any other error concerns only this
                recording.
        """
        ...
