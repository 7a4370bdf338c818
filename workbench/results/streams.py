"""Streams and alerts as their users hold them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pandas as pd
from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.access import keep_out_others
from workbench.domain.errors import InvalidStream
from workbench.domain.rules import checked_name
from workbench.domain.streams import (
    AlertDirection,
    AlertSpec,
    ChannelKind,
    Measure,
    MessageChannel,
    StreamSpec,
    checked_address,
    checked_alert,
)
from workbench.domain.trackers import TrackerSpec, TrackerState
from workbench.domain.used_trackers import UsedTracker, notes_of
from workbench.results.addresses import checked_url
from workbench.results.matches import is_whole, matches_of, reads_of
from workbench.results.webhooks import new_key
from workbench.store.moments import now
from workbench.store.outbox import new_id
from workbench.store.streams import AlertRepository, ChannelRepository, StreamRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

LEAST_READ = 10  # calls in the period, below which a rate says nothing
_COLUMNS = (
    *("conversation_id", "title", "started", "account", "team", "tracker", "version", "sentences", "sentence_ids"),
)


class HasId(Protocol):
    """A tracker."""

    @property
    def id(self) -> str: ...


class Notified:
    """What has channels."""

    _channels: ChannelRepository
    _database: Engine

    def notify(self, *, email: str | None = None, webhook: str | None = None, live: bool = False) -> MessageChannel:
        """Send its messages to this address too, starting with the next one.

        A webhook's messages are signed; receivers check them with the ``key`` of the result, which is shown only here.
        With ``live`` a stream's webhook also gets each match in a live call, immediately.

        Raises:
            InvalidStream: the address cannot be used, not exactly one is given, or it cannot be notified live.
        """
        if live and (webhook is None or not isinstance(self, Stream)):
            raise InvalidStream("live: only a stream's webhook can be notified of live calls")
        if (email is None) == (webhook is None):
            raise InvalidStream("notify: give either email or webhook")
        if email is not None:
            channel = MessageChannel(id=new_id(), kind=ChannelKind.EMAIL, target=checked_address(email))
        else:
            target = checked_url(webhook or "")
            channel = MessageChannel(id=new_id(), kind=ChannelKind.WEBHOOK, target=target, key=new_key(), live=live)
            _keep_to_owner(self._database)
        self._channels.add(channel)
        return channel

    @property
    def channels(self) -> list[MessageChannel]:
        """Return where its messages are sent, besides the notebook."""
        return self._channels.list()

    def forget(self, channel: MessageChannel | str) -> None:
        """Stop sending messages there. Raises ``StreamNotFound``."""
        self._channels.remove(channel if isinstance(channel, str) else channel.id)


class Notices(Notified):
    """Who is notified of results that are ready, failed runs and pauses of trackers that no stream collects."""

    def __init__(self, database: Engine):
        self._database = database
        self._channels = ChannelRepository(database)


class Stream(Notified):
    """The calls in which any of its trackers finds something."""

    def __init__(self, lake: Lake, database: Engine, spec: StreamSpec):
        self._lake, self._database, self.spec = lake, database, spec
        self._streams, self._channels = StreamRepository(database), ChannelRepository(database, stream_id=spec.id)

    def __repr__(self) -> str:
        return f"Stream({self.name!r}, {len(self.spec.tracker_ids)} trackers)"

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def name(self) -> str:
        return self.spec.name

    def add(self, tracker: HasId | str) -> None:
        """Collect this tracker's calls too: past and future matches. Raises ``TrackerNotFound``."""
        self._streams.take(self.id, tracker_of(self._database, tracker).id)
        self.spec = self._streams.get(self.id)

    def remove(self, tracker: HasId | str) -> None:
        """Stop collecting this tracker's calls. Raises ``TrackerNotFound``."""
        given = tracker if isinstance(tracker, str) else tracker.id
        is_mine = given in self._streams.get(self.id).tracker_ids  # it may have been deleted forever
        self._streams.drop(self.id, given if is_mine else tracker_of(self._database, given).id)
        self.spec = self._streams.get(self.id)

    def calls(self) -> pd.DataFrame:
        """Return what it has collected, latest first: one row per call and tracker, with the sentences found.

        Columns: conversation_id, title, started, account, team, tracker, the version that found it, sentences (how
        many), sentence_ids. Matches of a deleted tracker are kept; ``attrs["notes"]`` list unused trackers.
        """
        used = self.trackers
        found = [call for one in used for call in matches_of(self._lake, self._database, one.id, one.name)]
        rows = [{**asdict(call), "sentences": len(call.sentence_ids)} for call in found]
        frame = pd.DataFrame(rows, columns=["number", *_COLUMNS])
        frame["started"] = pd.to_datetime(frame["started"], utc=True)
        ordered = frame.sort_values(["started", "number"], ascending=False, na_position="last", kind="stable")
        out = ordered[list(_COLUMNS)].reset_index(drop=True)
        out.attrs["notes"] = notes_of(used)
        return out

    @property
    def trackers(self) -> tuple[UsedTracker, ...]:
        """The trackers whose calls it collects by name, including deleted ones."""
        self.spec = self._streams.get(self.id)
        return tuple(used_trackers(self._database, self.spec.tracker_ids).values())

    @property
    def notes(self) -> tuple[str, ...]:
        """Return notes on its trackers that are not in use."""
        return notes_of(self.trackers)


class Streams:
    """The streams of a workspace."""

    def __init__(self, lake: Lake, database: Engine):
        self._lake, self._database = lake, database
        self._rows = StreamRepository(database)

    def create(self, name: str, trackers: Iterable[HasId | str] = ()) -> Stream:
        """Create a stream of these trackers, or their names.

        Raises:
            InvalidStream: it cannot have this name, or another has it.
            TrackerNotFound: no tracker has that name.
        """
        given = [trackers] if isinstance(trackers, str) else trackers
        ids = tuple(tracker_of(self._database, one).id for one in given)
        return self._of(self._rows.add(name, ids))

    def get(self, id_or_name: str) -> Stream:
        """Return a stream by id or name; raises ``StreamNotFound``."""
        return self._of(self._rows.get(id_or_name))

    def list(self) -> list[Stream]:
        """Return all streams, oldest first."""
        return [self._of(spec) for spec in self._rows.list()]

    def delete(self, id_or_name: str) -> None:
        """Delete the stream with its channels and messages; detections are kept. Raises ``StreamNotFound``."""
        self._rows.remove(self._rows.get(id_or_name).id)

    def _of(self, spec: StreamSpec) -> Stream:
        return Stream(self._lake, self._database, spec)


class Reading(NamedTuple):
    """Of an alert's period: ``calls`` with something found among ``read`` ones; ``value`` is what is compared."""

    value: float
    calls: int
    read: int


class Alert(Notified):
    """Raised once when a tracker's calls become many or few."""

    def __init__(self, lake: Lake, database: Engine, spec: AlertSpec):
        self._lake, self._database, self.spec = lake, database, spec
        self._channels = ChannelRepository(database, alert_id=spec.id)

    def __repr__(self) -> str:
        one = self.spec
        return f"Alert({one.name!r}, {one.measure} {one.direction} {one.threshold:g} in {one.days} days)"

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def tracker(self) -> UsedTracker:
        """Its tracker by name, even if it was deleted."""
        return used_trackers(self._database, [self.spec.tracker_id])[self.spec.tracker_id]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return why it cannot be raised, if its tracker is not in use."""
        return notes_of([self.tracker])

    def reading(self, moment: datetime | None = None) -> Reading | None:
        """Return the value for calls that began in the period up to ``moment``, now by default.

        None if there is no value: the tracker is deleted, was never published or has calls to read, the period is not
        read completely and the alert is for few calls, or a rate would be of fewer than 10 calls.
        """
        if self.tracker.is_gone:
            return None
        spec = TrackerRepository(self._database).get(self.spec.tracker_id)
        until = now() if moment is None else moment
        since = until - timedelta(days=self.spec.days)
        reads = reads_of(self._lake, self._database, spec.id)
        is_deleted = spec.state is TrackerState.DELETED
        if not reads or is_deleted or max(one.standing.reach.last for one in reads) < self._lake.size:
            return None
        read = set[int]().union(*(one.looks_at(self._lake, since, until) for one in reads))
        if self.spec.direction is AlertDirection.BELOW and not is_whole(self._lake, reads, since, until):
            return None
        found = {call.number for call in matches_of(self._lake, self._database, spec.id, spec.name)} & read
        if self.spec.measure is Measure.COUNT:
            return Reading(len(found), len(found), len(read))
        return Reading(len(found) / len(read), len(found), len(read)) if len(read) >= LEAST_READ else None

    def judge(self, moment: datetime | None = None) -> bool:
        """Raise the alert if its condition now holds; return whether this call raised it."""
        rows, at = AlertRepository(self._database), self.reading(moment)
        self.spec = rows.get(self.id)
        if at is None:
            return False
        if not self.spec.holds(at.value):
            if self.spec.standing:
                rows.be_silent(self.id)
            return False
        return not self.spec.standing and rows.speak(self.id, self._about(at))

    def _about(self, at: Reading) -> dict[str, Any]:
        one = self.spec
        tracker = self.tracker.name
        asked = {"measure": str(one.measure), "days": one.days, "threshold": one.threshold}
        told = {"direction": str(one.direction), "value": at.value, "calls": at.calls, "of": at.read}
        return {"alert": {"id": one.id, "name": one.name}, "tracker": tracker} | asked | told


class Alerts:
    """The alerts of a workspace."""

    def __init__(self, lake: Lake, database: Engine):
        self._lake, self._database = lake, database
        self._rows = AlertRepository(database)

    def create(
        self,
        name: str,
        tracker: HasId | str,
        threshold: float,
        measure: str = "count",
        days: int = 7,
        direction: str = "at_least",
    ) -> Alert:
        """Create an alert.

        Args:
            name: what people call it.
            tracker: the one it counts, or its id or name.
            threshold: number of calls, or for a rate a share in (0, 1].
            measure: ``count`` of calls in which the tracker finds something, or their ``rate`` among those it has read.
            days: the period, up to now, in which the calls began.
            direction: ``at_least`` or ``below``.

        Raises:
            InvalidStream: one of them cannot be used; says which, and why.
            TrackerNotFound: no tracker has this id or name.
        """
        for word, known in ((measure, Measure), (direction, AlertDirection)):
            if word not in list(known):
                raise InvalidStream(f"{known.__name__.lower()}: must be one of {', '.join(known)}, not {word!r}")
        spec = AlertSpec(
            id=new_id(),
            name=checked_name(name, InvalidStream),
            tracker_id=tracker_of(self._database, tracker).id,
            measure=Measure(measure),
            days=days,
            threshold=_number("threshold", threshold),
            direction=AlertDirection(direction),
            created=now(),
        )
        self._rows.add(checked_alert(spec))
        return self._of(spec)

    def get(self, id_or_name: str) -> Alert:
        """Return an alert by id or name; raises ``StreamNotFound``."""
        return self._of(self._rows.get(id_or_name))

    def list(self) -> list[Alert]:
        """Return all alerts, oldest first."""
        return [self._of(spec) for spec in self._rows.list()]

    def delete(self, id_or_name: str) -> None:
        """Delete the alert with its channels and messages. Raises ``StreamNotFound``."""
        self._rows.remove(self._rows.get(id_or_name).id)

    def _of(self, spec: AlertSpec) -> Alert:
        return Alert(self._lake, self._database, spec)


def tracker_of(database: Engine, tracker: HasId | str) -> TrackerSpec:
    """By itself, its id or its name; raises ``TrackerNotFound``."""
    return TrackerRepository(database).get(tracker if isinstance(tracker, str) else tracker.id)


def _keep_to_owner(database: Engine) -> None:
    """Keep a state with keys to its owner, or the sharing group; a server has rights of its own."""
    if database.dialect.name == "sqlite" and (file := database.url.database):
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                keep_out_others(Path(file + ending))


def _number(name: str, value: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise InvalidStream(f"{name}: {str(value)[:40]!r} is not a number") from None
