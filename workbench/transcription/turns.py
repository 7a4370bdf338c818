"""Makes a call's turns from the speech on each of its channels: cut at pauses, joined, and ordered by time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.transcription.transcriber import SpokenSegment, SpokenWord

MAX_PAUSE_S = 1.0
"""A longer pause ends a turn."""

MAX_TURN_S = 60.0
"""A longer turn is not extended, so that its sentences have precise times."""


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn: the channel, counted from 0, its times in seconds, its text, and its words if they have times."""

    channel: int
    start_s: float
    end_s: float
    text: str
    words: tuple[SpokenWord, ...] = ()


def turns_of(channels: Sequence[Sequence[SpokenSegment]], duration_s: float) -> list[SpokenTurn]:
    """Return the turns of all channels, ordered by start.

    A segment is cut at pauses between words; segments of one channel are joined if nobody else begins between them.
    Times are limited to the recording.
    """
    parts = [
        SpokenTurn(channel, *_times(part, duration_s), part.text.strip(), part.words)
        for channel, segments in enumerate(channels)
        for segment in segments
        for part in _cut(segment)
        if part.text.strip()
    ]
    turns: list[SpokenTurn] = []
    for part in sorted(parts, key=lambda one: (one.start_s, one.channel)):
        if turns and _continues(turns[-1], part):
            turns[-1] = _joined(turns[-1], part)
        else:
            turns.append(part)
    return turns


def _cut(segment: SpokenSegment) -> Iterator[SpokenSegment]:
    """Yield the parts of a segment between long pauses; all of it if its words are not its text."""
    words = segment.words
    if not _spell(words, segment.text):
        yield segment
        return
    begin = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].start_s - words[at - 1].end_s > MAX_PAUSE_S:
            part = words[begin:at]
            yield SpokenSegment("".join(one.text for one in part), part[0].start_s, part[-1].end_s, part)
            begin = at


def _times(segment: SpokenSegment, duration_s: float) -> tuple[float, float]:
    start = _within(segment.start_s, duration_s)
    return start, max(start, _within(segment.end_s, duration_s))


def _within(seconds: float, duration_s: float) -> float:
    return round(min(max(float(seconds), 0.0), duration_s), 3) if math.isfinite(seconds) else 0.0


def _continues(turn: SpokenTurn, part: SpokenTurn) -> bool:
    return (
        turn.channel == part.channel
        and part.start_s - turn.end_s <= MAX_PAUSE_S
        and part.end_s - turn.start_s <= MAX_TURN_S
    )


def _joined(turn: SpokenTurn, part: SpokenTurn) -> SpokenTurn:
    words = (*turn.words, *part.words) if turn.words and part.words else ()
    end_s = max(turn.end_s, part.end_s)
    return SpokenTurn(turn.channel, turn.start_s, end_s, f"{turn.text}{_space(turn, part)}{part.text}", words)


def _space(turn: SpokenTurn, part: SpokenTurn) -> str:
    """Return the separator of two parts: empty in languages that are written without spaces."""
    unspaced = _spell(turn.words, turn.text) and _spell(part.words, part.text) and part.words[0].text[:1].strip()
    return "" if unspaced else " "


def _spell(words: tuple[SpokenWord, ...], text: str) -> bool:
    return bool(words) and "".join(one.text for one in words).strip() == text.strip()
