"""PCM in WAV files, read by the standard library and resampled in blocks, so that any rate takes little memory."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from math import gcd

import numpy as np
from numpy.typing import NDArray

from workbench.transcription.sound import MAX_CHANNELS, Block, UnreadableAudio
from workbench.transcription.transcriber import SAMPLE_RATE

MIN_RATE, MAX_RATE = 2_000, 400_000
"""The range of sampling rates of files that are read."""

BLOCK_SECONDS = 30  # at most: whole seconds, which have whole numbers of samples at every rate
BLOCK_SAMPLES = 8_000_000  # at most, if that is a second or more
_MARGIN = 1  # seconds before and after a block, so that its edges are resampled like its middle


def wave_blocks(file: wave.Wave_read) -> Iterator[Block]:
    """Yield the samples of a file, block by block.

    Raises:
        UnreadableAudio: its rate, number of channels or width is invalid for audio.
    """
    rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
    if not MIN_RATE <= rate <= MAX_RATE:
        raise UnreadableAudio(f"has {rate:,} samples a second; from {MIN_RATE:,} to {MAX_RATE:,} can be read")
    if channels > MAX_CHANNELS:
        raise UnreadableAudio(f"has {channels} channels; at most {MAX_CHANNELS} can be read")
    if width not in (1, 2, 3, 4):
        raise UnreadableAudio(f"has samples of {width} bytes; from 1 to 4 can be read")
    seconds = max(1, min(BLOCK_SECONDS, BLOCK_SAMPLES // (rate * channels)))
    before: NDArray[np.float32] = np.zeros((channels, 0), np.float32)
    held: NDArray[np.float32] | None = None
    while (read := _floats(file.readframes(seconds * rate), channels, width)).shape[1]:
        if held is not None:
            yield _resampled(before, held, read[:, : _MARGIN * rate], rate)
            before = held[:, -_MARGIN * rate :]
        held = read
    if held is not None:
        yield _resampled(before, held, held[:, :0], rate)


def _floats(data: bytes, channels: int, width: int) -> NDArray[np.float32]:
    """Return samples in the range of 16 bits, one row per channel; an incomplete frame at the end is dropped."""
    data = data[: len(data) // (channels * width) * channels * width]
    if width == 1:  # unsigned, by the format's definition
        flat = (np.frombuffer(data, np.uint8).astype(np.float32) - np.float32(128)) * np.float32(256)
    elif width == 3:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        flat = wide.view("<i4").ravel().astype(np.float32) / np.float32(65_536)
    else:
        flat = np.frombuffer(data, f"<i{width}").astype(np.float32)
        flat = flat / np.float32(65_536) if width == 4 else flat
    return flat.reshape(-1, channels).T


def _resampled(
    before: NDArray[np.float32], block: NDArray[np.float32], after: NDArray[np.float32], rate: int
) -> NDArray[np.int16]:
    if rate == SAMPLE_RATE:
        return block.astype(np.int16)
    from scipy.signal import resample_poly

    common = gcd(rate, SAMPLE_RATE)
    whole = np.concatenate([before, block, after], axis=1)
    found = resample_poly(whole, SAMPLE_RATE // common, rate // common, axis=1)
    begin = before.shape[1] * SAMPLE_RATE // rate
    count = -(-block.shape[1] * SAMPLE_RATE // rate)
    kept: Block = np.clip(np.rint(found[:, begin : begin + count]), -32_768, 32_767).astype(np.int16)
    return kept
