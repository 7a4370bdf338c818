"""Recordings of any other kind, decoded by PyAV, with FFmpeg restricted to formats that refer to no other files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL
from pathlib import Path
from typing import Any

import numpy as np

from workbench.transcription.sound import Block, UnreadableAudio
from workbench.transcription.transcriber import SAMPLE_RATE

# The formats that FFmpeg may detect, whatever the file's name. Playlists are excluded, as they refer to other files.
FORMATS = (
    "3dostr,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,eac3,flac,flv,g722,g729,gsm,loas,matroska,mov,mp3,mpeg,"
    "mpegts,ogg,rm,sln,tta,w64,wav,wv,xwma"
)
_OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
_MIN_GAP_S = 0.25  # between timestamps: shorter gaps are rounding and an encoder's padding
_SILENCE_S = 60  # in one block
_INSTALL = "pip install 'tracker-workbench[transcribe]'"


class ContainerAudio:
    """The first audio track of an open file; ``damaged`` counts the packets that could not be decoded so far."""

    def __init__(self, av: Any, container: Any):
        self.damaged = 0
        self._av, self._container = av, container

    def blocks(self) -> Iterator[Block]:
        """Yield its samples, one row per channel; damaged packets are skipped.

        Gaps in the timestamps are filled with silence, so that times are those of a player.

        Raises:
            UnreadableAudio: it has no audio track.
        """
        if not self._container.streams.audio:
            raise UnreadableAudio("has no sound track; check whether it is the right file")
        resampler = self._av.AudioResampler(format="s16p", rate=SAMPLE_RATE)
        at_s = 0.0
        begin_s = (self._container.start_time or 0) / self._av.time_base
        for frame in self._frames():
            gap_s = (frame.time or 0.0) - begin_s - at_s
            if gap_s > _MIN_GAP_S:
                yield from _silence(gap_s, len(frame.layout.channels))
                at_s += gap_s
            at_s += frame.samples / frame.sample_rate
            yield from (one.to_ndarray() for one in resampler.resample(frame))
        yield from (one.to_ndarray() for one in resampler.resample(None))

    def _frames(self) -> Iterator[Any]:
        packets = self._container.demux(audio=0)
        while True:
            try:
                yield from next(packets).decode()
            except StopIteration:
                return
            except self._av.error.InvalidDataError:  # in a packet; after an error in the file there is no next one
                self.damaged += 1


def _silence(seconds: float, channels: int) -> Iterator[Block]:
    left = round(seconds * SAMPLE_RATE)
    while left > 0:
        yield np.zeros((channels, min(left, _SILENCE_S * SAMPLE_RATE)), np.int16)
        left -= _SILENCE_S * SAMPLE_RATE


@contextmanager
def read_container(path: Path) -> Iterator[ContainerAudio]:
    """Open a recording for the block.

    Raises:
        UnreadableAudio: it is damaged or of an unknown kind, also within the block; or PyAV is not installed.
        OSError: the file cannot be read.
    """
    try:
        import av
    except ImportError:
        kind = path.suffix.lower() or "no suffix"
        raise UnreadableAudio(f"reading it ({kind}) needs PyAV. Install it: {_INSTALL}") from None
    with path.open("rb") as file:
        try:
            with av.open(file, options=dict(_OPTIONS), metadata_errors="ignore") as container:
                yield ContainerAudio(av, container)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            if isinstance(error, OSError) and not isinstance(error, av.error.FFmpegError) and error.errno != EINVAL:
                raise  # an error in the file itself; damaged files may lead to a position before the beginning
            told = str(getattr(error, "strerror", "") or error).rstrip(".")
            raise UnreadableAudio(f"cannot be decoded ({told}); check whether it plays, or convert it") from None
