"""A recording as samples: separate channels, limited in length, from any kind of file."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.transcription.containers import read_container
from workbench.transcription.sound import MAX_CHANNELS, Block, UnreadableAudio
from workbench.transcription.transcriber import SAMPLE_RATE, Samples
from workbench.transcription.wave_files import wave_blocks

MAX_HOURS = 8
"""Over all channels of a recording: 0.9 GB of samples."""

MAX_TOTAL_SAMPLES = MAX_HOURS * 3600 * SAMPLE_RATE
_SAME = 0.01  # share of the energy by which channels with the same signal may differ, from lossy compression
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording.

    Attributes:
        channels: one row each, as 16-bit samples, :data:`SAMPLE_RATE` per second.
        notes: on how it was read.
    """

    channels: tuple[NDArray[np.int16], ...]
    notes: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Return the duration in seconds."""
        return len(self.channels[0]) / SAMPLE_RATE

    def samples(self, channel: int) -> Samples:
        """Return a channel in the form for a transcriber."""
        return self.channels[channel].astype(np.float32) / np.float32(32_768)


def read_audio(path: Path) -> Audio:
    """Read a recording: PCM in WAV by the standard library, everything else by PyAV.

    If all channels carry the same signal, it is read as one channel, with a note.

    Raises:
        UnreadableAudio: it is damaged, of an unknown kind, empty, or longer than ``MAX_HOURS``; or PyAV is needed and
            not installed.
        OSError: the file cannot be read.
    """
    damaged = 0
    try:
        with path.open("rb") as file, wave.open(file) as opened:
            channels = _collected(wave_blocks(opened))
    except (wave.Error, EOFError):  # not WAV, or not plain PCM
        with read_container(path) as container:
            channels = _collected(container.blocks())
            damaged = container.damaged
    notes = [f"{damaged:,} damaged parts were skipped"] if damaged else []
    if len(channels) > 1 and all(_is_same(channels[0], one) for one in channels[1:]):
        channels = channels[:1]
        notes.append("all channels carry the same sound, so who speaks is unknown")
    return Audio(channels, tuple(notes))


def _collected(blocks: Iterable[Block]) -> tuple[NDArray[np.int16], ...]:
    parts: list[Block] = []
    count = 0
    for block in blocks:
        if len(block) > MAX_CHANNELS:
            raise UnreadableAudio(f"has {len(block)} channels; at most {MAX_CHANNELS} can be read")
        count += block.size
        if count > MAX_TOTAL_SAMPLES:
            raise UnreadableAudio(f"is longer than {MAX_HOURS} hours, counting each channel; split it")
        parts.append(block)
    if not count:
        raise UnreadableAudio("contains no sound; check whether it was copied completely")
    return tuple(np.concatenate([one[channel] for one in parts]) for channel in range(len(parts[0])))


def _is_same(one: NDArray[np.int16], other: NDArray[np.int16]) -> bool:
    """Return whether two channels differ by no more than lossy compression would cause."""
    energy = difference = 0.0
    for at in range(0, len(one), _BLOCK):
        first = one[at : at + _BLOCK].astype(np.float64)
        second = other[at : at + _BLOCK].astype(np.float64)
        energy += float(first @ first + second @ second) / 2
        difference += float((first - second) @ (first - second))
    return difference <= _SAME * energy
