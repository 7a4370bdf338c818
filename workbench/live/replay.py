"""A recorded call played as if it were live, at up to a hundred times its own speed."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.domain.conversations import Turn
from workbench.domain.errors import InvalidArgument
from workbench.domain.live import LiveTurn
from workbench.live.call import LiveCall

SLOWEST, FASTEST = 1.0, 100.0
WORDS_A_SECOND = 2.5  # of turns without times: usual for talk
STEP_S = 0.1  # how soon another speed, or a stop, takes effect
GUESSES = 3  # of a turn, before it is final
_STOPS = {ord(sign): None for sign in ".,;:?!"}


class InvalidSpeed(InvalidArgument):
    """A replay cannot have this speed."""


class Pace:
    """The clock of a replay, which runs ``speed`` times as fast as real time. The speed can be set at any time."""

    def __init__(self, speed: float):
        self._speed = checked_speed(speed)
        self._now = 0.0
        self._looked: float | None = None
        self.stopped = threading.Event()

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        wanted = checked_speed(speed)
        self.now()
        self._speed = wanted

    async def until(self, at_s: float) -> None:
        """Wait for that second of the call, unless it is over or the replay was stopped."""
        while self.now() < at_s and not self.stopped.is_set():  # noqa: ASYNC110, the speed changes meanwhile
            await asyncio.sleep(min(STEP_S, (at_s - self._now) / self._speed))

    def now(self) -> float:
        """Return the current second of the call; the clock starts with the first call of this."""
        looked, self._looked = self._looked, time.monotonic()
        if looked is not None:
            self._now += (self._looked - looked) * self._speed
        return self._now


class ReplayStep(NamedTuple):
    """What a recogniser returns at a second of the call, and until when it is valid."""

    at_s: float
    turn: LiveTurn
    until_s: float = math.inf


async def play(call: LiveCall, turns: Sequence[Turn], pace: Pace, guesses: bool) -> None:
    """Feed the turns to the call by its clock; ends early if the replay is stopped.

    Guesses that would already be corrected when heard are skipped.
    """
    for step in steps_of(turns, guesses):
        await pace.until(step.at_s)
        if pace.stopped.is_set():
            return
        if pace.now() < step.until_s:
            await call.hear(step.turn)


def steps_of(turns: Sequence[Turn], guesses: bool) -> list[ReplayStep]:
    """Each turn when it is over; with ``guesses`` its words before that, as far as they would be heard.

    A guess is in small letters without stops, as recognisers guess, and what is final corrects it. People talk over
    one another, but turns begin to be heard in their order.
    """
    steps: list[ReplayStep] = []
    clock = begun = 0.0
    for place, turn in enumerate(turns):
        start = clock if turn.start_s is None else turn.start_s
        long = len(turn.text.split()) / WORDS_A_SECOND
        end = start + long if turn.end_s is None or turn.end_s < start else turn.end_s
        heard = [*(_guesses(place, turn, start, end) if guesses else ()), ReplayStep(end, _whole(place, turn))]
        begun = max(begun, heard[0].at_s)
        times = [max(begun, one.at_s) for one in heard]
        ends = [*times[1:], math.inf]
        steps += [ReplayStep(at, one.turn, until) for at, one, until in zip(times, heard, ends, strict=True)]
        clock = max(clock, end)
    return sorted(steps, key=lambda step: step.at_s)


def _whole(place: int, turn: Turn) -> LiveTurn:
    return LiveTurn(id=str(place), text=turn.text, party=turn.party, start_s=turn.start_s, end_s=turn.end_s)


def _guesses(place: int, turn: Turn, start: float, end: float) -> Iterator[ReplayStep]:
    words = turn.text.lower().translate(_STOPS).split()
    for nth in range(1, GUESSES + 1):
        heard = words[: len(words) * nth // (GUESSES + 1)]
        if heard:
            guess = LiveTurn(id=str(place), text=" ".join(heard), party=turn.party, start_s=turn.start_s, final=False)
            yield ReplayStep(start + (end - start) * nth / (GUESSES + 1), guess)


def checked_speed(speed: float) -> float:
    """Return the speed if a replay can have it; raises ``InvalidSpeed``."""
    fits = isinstance(speed, (int, float)) and not isinstance(speed, bool) and SLOWEST <= speed <= FASTEST
    if not fits:
        raise InvalidSpeed(f"speed: must be from {SLOWEST:g} to {FASTEST:g} times that of the call, not {speed!r}")
    return float(speed)
