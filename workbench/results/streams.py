"""Streams as their users hold them, and who is told of what they collect."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import pandas as pd
from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.access import keep_out_others
from workbench.domain.errors import InvalidStream
from workbench.domain.plurals import plural
from workbench.domain.streams import (
    ChannelKind,
    MessageChannel,
    StreamSpec,
    checked_address,
)
from workbench.domain.trackers import TrackerSpec
from workbench.domain.used_trackers import UsedTracker, notes_of
from workbench.results.addresses import checked_url
from workbench.results.matches import matches_of
from workbench.results.webhooks import new_key
from workbench.store.outbox import new_id
from workbench.store.streams import ChannelRepository, StreamRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

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
        return f"Stream({self.name!r}, {plural(len(self.spec.tracker_ids), 'tracker')})"

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
        frame["started"] = pd.to_datetime(frame["started"], utc=True).dt.tz_convert(self._lake.zone.key)
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
        return self._of(self._rows.add(name, self._ids(trackers)))

    def get(self, id_or_name: str) -> Stream:
        """Return a stream by id or name; raises ``StreamNotFound``."""
        return self._of(self._rows.get(id_or_name))

    def list(self) -> list[Stream]:
        """Return all streams, oldest first."""
        return [self._of(spec) for spec in self._rows.list()]

    def update(self, id_or_name: str, name: str | None = None, trackers: Iterable[HasId | str] | None = None) -> Stream:
        """Change the name, or all trackers, of a stream; None leaves them as they are.

        Raises:
            StreamNotFound: no stream has this id or name.
            InvalidStream: it cannot have this name, or another has it.
            TrackerNotFound: no tracker has that id or name.
        """
        found = self._rows.get(id_or_name)
        ids = None if trackers is None else self._ids(trackers, found.tracker_ids)
        return self._of(self._rows.change(found.id, name, ids))

    def delete(self, id_or_name: str) -> None:
        """Delete the stream with its channels and messages; detections are kept. Raises ``StreamNotFound``."""
        self._rows.remove(self._rows.get(id_or_name).id)

    def _ids(self, trackers: Iterable[HasId | str], kept: Collection[str] = ()) -> tuple[str, ...]:
        """Return the trackers' ids; those it has already, which are ``kept``, stay whatever has become of them."""
        given = [trackers] if isinstance(trackers, str) else trackers
        return tuple(one if one in kept else tracker_of(self._database, one).id for one in map(_id_of, given))

    def _of(self, spec: StreamSpec) -> Stream:
        return Stream(self._lake, self._database, spec)


def tracker_of(database: Engine, tracker: HasId | str) -> TrackerSpec:
    """By itself, its id or its name; raises ``TrackerNotFound``."""
    return TrackerRepository(database).get(_id_of(tracker))


def _id_of(tracker: HasId | str) -> str:
    return tracker if isinstance(tracker, str) else tracker.id


def _keep_to_owner(database: Engine) -> None:
    """Keep a state with keys to its owner, or the sharing group; a server has rights of its own."""
    if database.dialect.name == "sqlite" and (file := database.url.database):
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                keep_out_others(Path(file + ending))
