"""Code shared by makers of speech services: speakers in channels, checks of units, times of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.runs import channel_speaker
from workbench.corpus.formats.times import tidy

SLOWEST, FASTEST = 0.3, 12.0
"""Limits of the words per second of a whole conversation; beyond them the unit of its times is wrong."""

_MIN_WORDS = 12

_SIMPLE = frozenset((str, int, type(None)))


class SpokenChannels:
    """Names speakers, with their channel only if there are several channels."""

    def __init__(self, channels: Iterable[Any]):
        self._several = len({one for one in channels if isinstance(one, int | str)}) > 1
        self._names: dict[tuple[object, object], str | None] = {}

    def name(self, channel: Any, speaker: Any) -> str | None:
        """Return "1", "channel 0", "channel 0 speaker 1" or, if the file names none, None."""
        channel = channel if self._several else None
        told = (channel, speaker)
        if type(speaker) not in _SIMPLE or type(channel) not in _SIMPLE:  # True would count as 1
            return channel_speaker(channel, known_speaker(speaker))
        if told not in self._names:
            self._names[told] = channel_speaker(channel, known_speaker(speaker))
        return self._names[told]


def rate(turns: Sequence[DraftTurn]) -> float | None:
    """Return the words per second up to the last time; None without times, or with too few words."""
    last = max((time for turn in turns for time in (turn.start_s, turn.end_s) if time is not None), default=0.0)
    words = sum(turn.text.count(" ") + 1 for turn in turns)
    return words / last if last > 0 and words >= _MIN_WORDS else None


def with_fitting_unit(draft: Draft, factor: float, instead: str) -> Draft:
    """Return the draft with its times multiplied by ``factor``, if only then the speaking rate is plausible.

    ``instead`` names the unit that was used then, such as "seconds".
    """
    found = rate(draft.turns)
    if found is None or SLOWEST <= found <= FASTEST or not SLOWEST <= found / factor <= FASTEST:
        return draft
    for turn in draft.turns:
        turn.start_s = None if turn.start_s is None else tidy(turn.start_s * factor)
        turn.end_s = None if turn.end_s is None else tidy(turn.end_s * factor)
    draft.notes.append(f"times were read as {instead}, because otherwise nobody could speak that fast, or that slowly")
    return draft
