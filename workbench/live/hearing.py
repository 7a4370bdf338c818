"""Hears one live call turn by turn, matches it and writes it to its journal.

It depends neither on its feeder nor on time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from workbench.domain.arrays import Vectors
from workbench.domain.conversations import Party
from workbench.domain.errors import CorpusNotEncoded, EncoderUnavailable, WorkbenchError
from workbench.domain.live import LiveEvent, LiveTurn
from workbench.domain.texts import text_key
from workbench.live.finds import LiveFinds, Moment
from workbench.live.journal import Journal
from workbench.live.lines import DAMAGED, JournalLine, checked
from workbench.live.matching import Matcher, ScoresByTracker, Watchers
from workbench.live.record import Recorded
from workbench.live.transcript import Heard, Transcript, texts_of
from workbench.resources import Resources
from workbench.store.moments import now

LOOK_S = 2.0  # how often to check whether other trackers are in use


class Hearing:
    """What is heard in a call and found in it. For one thread at a time.

    ``problem`` says why only words are matched now; empty if there is no problem.
    """

    def __init__(self, resources: Resources, transcript: Transcript, journal: Journal, watchers: Watchers):
        self.transcript = transcript
        self.finds = LiveFinds(transcript.about.id)
        self.problem = ""
        self.latencies: list[float] = []
        self._resources, self._journal, self._watchers = resources, journal, watchers
        self._judged: dict[str, tuple[Heard, ScoresByTracker]] = {}
        self._vectors: dict[str, Any] = {}
        self._matcher: Matcher | None = None
        self._looked_at = 0.0

    def start(self) -> list[LiveEvent]:
        """Prepare the trackers, and the encoder if one of them needs it."""
        self.transcript.tell_language()
        events = self._look()
        if events:
            self._journal.write({"events": [one.to_dict() for one in events]})
        if self.matcher.needs_vectors:
            self._vectors_of(["ready"])
        return events

    @property
    def matcher(self) -> Matcher:
        """The trackers for this call, as of the last check."""
        assert self._matcher is not None, "start() comes first"
        return self._matcher

    def restore(self, line: JournalLine) -> bool:
        """Take in a line of the journal that an earlier process wrote.

        Returns False, and does nothing, if the line is damaged.
        """
        if checked(line) is DAMAGED:
            return False
        try:
            events = [LiveEvent.from_dict(event) for event in line.get("events", ())]
            if "turn" in line:
                self.transcript.put(LiveTurn.from_dict(line["turn"]))
            elif "party" in line:
                self.transcript.add_party(Party(**line["party"]))
        except (WorkbenchError, TypeError, ValueError):  # fields of a newer version
            return False
        for event in events:
            self.finds.restore(event)
        return True

    def hear(self, turn: LiveTurn) -> list[LiveEvent]:
        """Take a turn in, or its correction; the outcome is on disk when this returns."""
        began = time.perf_counter()
        events = self._look() if time.monotonic() - self._looked_at > LOOK_S else []
        place = self.transcript.put(turn)
        if turn.final and self.transcript.tell_language():
            events += self._renew()  # sentences and inflections are another language's
            heard, turns = self.transcript.all(), set(range(len(self.transcript)))
        else:
            heard = self.transcript.touched_by(place)
            turns = {place, *(one.turn for one in heard)}
        moment = _since(began)
        events += self._match(heard, moment)
        events += self.finds.cut(turns, {one.id for one in heard}, moment())
        self.latencies += [moment().latency_s] * max(1, sum(one.turn == place for one in heard))
        self._journal.write({"turn": turn.to_dict(), "at": place, "events": [one.to_dict() for one in events]})
        return events

    def meet(self, party: Party) -> list[LiveEvent]:
        """Add or update a party; what they said is matched again."""
        began = time.perf_counter()
        self.transcript.add_party(party)
        events = self._renew()
        events += self._match(self.transcript.all(), _since(began))
        about = {name: getattr(party, name) for name in Party.__dataclass_fields__}
        self._journal.write({"party": about, "events": [one.to_dict() for one in events]})
        return events

    def settle(self, recorded: Recorded) -> list[LiveEvent]:
        """Replace the finds with those of the record; return what differs."""
        at = _since(time.perf_counter())()
        heard = [replace(one, final=True) for one in self.transcript.all()]
        mine = {one.tracker_id: one.finder for one in self.matcher.watching}
        events = []
        for one in heard:
            judged = self._judged.get(one.id, (one, {}))[1]
            kept = {name: score for name, score in judged.items() if name in recorded.unread}
            events += self.finds.settle(one, kept | recorded.scores(one.id), {**mine, **recorded.finders}, at)
        events += self.finds.cut(range(len(self.transcript)), {one.id for one in heard}, at)
        self._journal.write({"events": [one.to_dict() for one in events]})
        return events

    def keep_vectors(self) -> None:
        """Store the vectors of what was said, so that reading the recorded call uses the same ones."""
        said = dict.fromkeys(texts_of(self.transcript.all()))
        texts = [text for text in said if text in self._vectors]
        if texts:
            keys = np.array([text_key(text) for text in texts], dtype=np.int64)
            self._resources.vectors.store.append(keys, np.stack([self._vectors[text] for text in texts]))

    def _look(self) -> list[LiveEvent]:
        """Check which trackers are in use; new ones are matched with everything said so far."""
        self._looked_at = time.monotonic()
        if self._matcher is not None and self._watchers.ids() == self._matcher.ids:
            return []
        events, heard = self._renew(), self.transcript.all()
        return events + self._match(heard, _since(time.perf_counter()))

    def _renew(self) -> list[LiveEvent]:
        about = replace(self.transcript.about, language=self.transcript.language)
        self._matcher = Matcher(self._watchers.ready(), about)
        self._judged = {}
        later = [{"tracker": one.name, "reason": reason} for one, reason in self._matcher.later]
        watching = [one.name for one in self._matcher.watching]
        self._journal.write({"trackers": {"watching": watching, "later": later}})
        mine = {one.tracker_id for one in self._matcher.watching}
        return self.finds.keep_only(mine, _since(time.perf_counter())())

    def _match(self, heard: Sequence[Heard], moment: Callable[[], Moment]) -> list[LiveEvent]:
        """Judge the sentences that have changed, and return what is new."""
        fresh = [one for one in heard if not one.same_to_trackers(self._judged.get(one.id, (None, {}))[0])]
        vectors = self._vectors_of(list(texts_of(fresh))) if fresh and self.matcher.needs_vectors else None
        scores = self.matcher.judge(fresh, vectors)
        self._judged |= {one.id: (one, found) for one, found in zip(fresh, scores, strict=True)}
        finders = {one.tracker_id: one.finder for one in self.matcher.watching}
        at = moment()
        return [event for one in heard for event in self.finds.settle(one, self._judged[one.id][1], finders, at)]

    def _vectors_of(self, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return vectors by text, from the corpus if it has them; None if there are none, and ``problem`` says why."""
        missing = list(dict.fromkeys(text for text in texts if text not in self._vectors))
        if missing:
            try:
                self._vectors |= dict(zip(missing, self._made(missing), strict=True))
            except (EncoderUnavailable, CorpusNotEncoded) as error:
                self.problem = str(error)
                return None
        self.problem = ""
        return self._vectors

    def _made(self, texts: Sequence[str]) -> Vectors:
        table = self._resources.vectors.store
        rows = table.lookup(np.array([text_key(text) for text in texts], dtype=np.int64))
        out = np.empty((len(texts), table.dimension), dtype=np.float32)
        known = rows >= 0
        out[known] = table.vectors[rows[known]]
        if not known.all():
            new = np.flatnonzero(~known)
            out[new] = self._resources.encoder.encode([texts[at] for at in new.tolist()])
        return out


def _since(began: float) -> Callable[[], Moment]:
    """Return the moment at which it is asked, with the seconds since ``began``."""
    return lambda: Moment(now(), time.perf_counter() - began)
