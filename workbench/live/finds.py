"""What has been found in a live call so far, and the events that led to it. No input or output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from workbench.domain.live import LiveEvent, LiveKind
from workbench.live.transcript import Heard

FindKey = tuple[str, str]  # sentence id, tracker id


@dataclass(frozen=True, slots=True)
class Moment:
    """When something became known, and how many seconds after it was heard."""

    at: datetime
    latency_s: float


class Finder(NamedTuple):
    """A tracker's version in use."""

    tracker_id: str
    tracker: str
    version: int


class LiveFinds:
    """The current finds, by sentence and tracker. Each change returns its events, in the order of the call."""

    def __init__(self, call_id: str):
        self._call_id = call_id
        self._standing: dict[FindKey, LiveEvent] = {}

    @property
    def standing(self) -> list[LiveEvent]:
        """Each find as last reported, in the order of the call."""
        return sorted(self._standing.values(), key=lambda one: (one.turn, one.start, one.tracker))

    def restore(self, event: LiveEvent) -> None:
        """Read an event of an earlier process."""
        place = (event.sentence_id, event.tracker_id)
        if event.kind is LiveKind.WITHDRAWN:
            self._standing.pop(place, None)
        else:
            self._standing[place] = event

    def settle(
        self, heard: Heard, scores: Mapping[str, float], finders: Mapping[str, Finder], moment: Moment
    ) -> list[LiveEvent]:
        """Set the current result of a sentence: the scores of the trackers that find it, and their details."""
        out = []
        for tracker_id, score in scores.items():
            place, event = (heard.id, tracker_id), self._event(heard, score, finders[tracker_id], moment)
            if told := _told(self._standing.get(place), event):
                self._standing[place] = told
                out.append(told)
        return out + self._withdraw(lambda one: one.sentence_id == heard.id and one.tracker_id not in scores, moment)

    def cut(self, turns: Collection[int], sentence_ids: Collection[str], moment: Moment) -> list[LiveEvent]:
        """Withdraw what was found in these turns, except in these sentences, which are all that is left."""
        return self._withdraw(lambda one: one.turn in turns and one.sentence_id not in sentence_ids, moment)

    def keep_only(self, tracker_ids: Collection[str], moment: Moment) -> list[LiveEvent]:
        """Withdraw what other trackers found, which are no longer in use or do not read this call after all."""
        return self._withdraw(lambda one: one.tracker_id not in tracker_ids, moment)

    def _withdraw(self, which: Callable[[LiveEvent], bool], moment: Moment) -> list[LiveEvent]:
        gone = [place for place, one in self._standing.items() if which(one)]
        told = [self._standing.pop(place) for place in gone]
        return [_as(one, LiveKind.WITHDRAWN, at=moment.at, latency_s=moment.latency_s) for one in told]

    def _event(self, heard: Heard, score: float, finder: Finder, moment: Moment) -> LiveEvent:
        return LiveEvent(
            kind=LiveKind.FOUND,
            call_id=self._call_id,
            tracker_id=finder.tracker_id,
            tracker=finder.tracker,
            version=finder.version,
            sentence_id=heard.id,
            turn=heard.turn,
            start=heard.start,
            end=heard.end,
            text=heard.text,
            speaker=heard.speaker,
            side=heard.side,
            start_s=heard.start_s,
            score=score,
            provisional=not heard.final,
            at=moment.at,
            latency_s=moment.latency_s,
        )


def _told(known: LiveEvent | None, event: LiveEvent) -> LiveEvent | None:
    """Return the event to report; None if nothing is new."""
    if known is None:
        return event
    if known.provisional and not event.provisional:
        return _as(event, LiveKind.CONFIRMED)
    return None if _seen(known) == _seen(event) else _as(event, LiveKind.CHANGED)


def _seen(event: LiveEvent) -> tuple[object, ...]:
    return (event.text, event.start, event.provisional, event.version, event.speaker, event.side)


def _as(event: LiveEvent, kind: LiveKind, **changes: Any) -> LiveEvent:
    return replace(event, kind=kind, **changes)
