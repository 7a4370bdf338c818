"""Recordings made in tests, and a transcriber that hears what is written into them."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from workbench.transcription import ChannelSpeech, SpokenSegment, SpokenWord

RATE = 16_000
SPEECH = Path(__file__).parents[2] / "data" / "speech" / "what-is-the-price.wav"
"""espeak-ng 1.51 (``-v en-us -s 120``) says "What is the price of the order"; 16 kHz, 2.5 seconds."""


def tone(seconds=1.0, hertz=440.0, rate=RATE):
    return (10_000 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def write_wav(path, *channels, rate=RATE, width=2):
    """Write channels of 16-bit samples, in samples of ``width`` bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = np.stack(channels, axis=1)
    if width == 1:
        data = (frames // 256 + 128).astype(np.uint8).tobytes()
    elif width == 3:
        data = (frames.astype("<i4") << 8).ravel().view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    else:
        data = (frames.astype("<i4") << 16).tobytes() if width == 4 else frames.astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setparams((len(channels), width, rate, 0, "NONE", ""))
        file.writeframes(data)
    return path


class FakeTranscriber:
    """Hear one word in each second in which a channel is not silent, and count the channels that it was given."""

    def __init__(self, name="fake", word="word", language="en"):
        self.name, self.word, self.language = name, word, language
        self.heard = 0

    def transcribe(self, samples):
        self.heard += 1
        return ChannelSpeech(self._segments(samples), self.language)

    def _segments(self, samples):
        for second in range(-(-len(samples) // RATE)):
            if np.abs(samples[second * RATE : (second + 1) * RATE]).max() > 0.1:
                word = SpokenWord(f" {self.word}{second}", second + 0.25, second + 0.75, 0.5)
                yield SpokenSegment(word.text, word.start_s, word.end_s, (word,))
