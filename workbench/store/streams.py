"""Streams, alerts and their channels: domain objects to rows and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.errors import InvalidStream, StreamNotFound
from workbench.domain.rules import checked_name
from workbench.domain.streams import (
    AlertDirection,
    AlertSpec,
    ChannelKind,
    Measure,
    MessageChannel,
    MessageKind,
    StreamSpec,
)
from workbench.domain.unreadable import Unreadable
from workbench.store.database import add_where_new, writing
from workbench.store.moments import aware, now
from workbench.store.outbox import OF_WORKSPACE, new_id, post, seal
from workbench.store.reading import read_row, readable
from workbench.store.tables import alerts, channels, stream_trackers, streams
from workbench.store.trust import extending

ReadableStreams = tuple[list[StreamSpec], list[Unreadable]]
ReadableAlerts = tuple[list[AlertSpec], list[Unreadable]]


class StreamRepository:
    """The streams of one workspace."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, name: str, tracker_ids: tuple[str, ...] = ()) -> StreamSpec:
        """Return a new one. Raises ``InvalidStream``, also where another has the name."""
        stream_id, name = new_id(), checked_name(name, InvalidStream)
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(streams).values(id=stream_id, name=name, created=now()))
                for tracker_id in dict.fromkeys(tracker_ids):
                    _join(connection, stream_id, tracker_id)
        except IntegrityError:
            raise InvalidStream(f"a stream is already named {name!r}; choose another name") from None
        return self.get(stream_id)

    def join(self, connection: Connection, name: str, tracker_id: str) -> None:
        """In the transaction of ``connection``: the stream of this name, made where there is none, takes a tracker."""
        name = checked_name(name, InvalidStream)
        add_where_new(connection, streams, id=new_id(), name=name, created=now())
        found = connection.execute(select(streams.c.id).where(streams.c.name == name)).scalar_one()
        _join(connection, found, tracker_id)

    def take(self, stream_id: str, tracker_id: str) -> None:
        """Collect this tracker's calls, too."""
        with self._engine.begin() as connection:
            _join(connection, stream_id, tracker_id)

    def drop(self, stream_id: str, tracker_id: str) -> None:
        """Collect this tracker's calls no longer."""
        mine = (stream_trackers.c.stream_id == stream_id) & (stream_trackers.c.tracker_id == tracker_id)
        with self._engine.begin() as connection:
            connection.execute(delete(stream_trackers).where(mine))

    def change(self, stream_id: str, name: str | None, tracker_ids: tuple[str, ...] | None) -> StreamSpec:
        """Change its name, its trackers or both, at once. Raises ``StreamNotFound`` and ``InvalidStream``."""
        name = None if name is None else checked_name(name, InvalidStream)
        mine = stream_trackers.c.stream_id == stream_id
        try:
            with writing(self._engine) as connection:
                if name is not None:
                    connection.execute(update(streams).where(streams.c.id == stream_id).values(name=name))
                if connection.execute(select(streams.c.id).where(streams.c.id == stream_id)).first() is None:
                    raise StreamNotFound(f"no stream has the id {stream_id!r}")
                if tracker_ids is not None:
                    connection.execute(
                        delete(stream_trackers).where(mine, stream_trackers.c.tracker_id.not_in(tracker_ids))
                    )
                    for tracker_id in dict.fromkeys(tracker_ids):
                        _join(connection, stream_id, tracker_id)
        except IntegrityError:
            raise InvalidStream(f"a stream is already named {name!r}; choose another name") from None
        return self.get(stream_id)

    def get(self, id_or_name: str) -> StreamSpec:
        """Return it; raises ``StreamNotFound``."""
        named = or_(streams.c.id == id_or_name, streams.c.name == id_or_name)
        with self._engine.connect() as connection:
            read = partial(_stream, connection)
            found = read_row(connection, select(streams).where(named), "stream", id_or_name, read)
        if found is None:
            raise StreamNotFound(f"no stream has the id or name {id_or_name!r}")
        return found

    def list(self) -> list[StreamSpec]:
        """Return those that can be read, oldest first."""
        return self.read_all()[0]

    def read_all(self) -> ReadableStreams:
        """Return all that can be read, and those that cannot."""
        query = select(streams).order_by(streams.c.created, streams.c.id)
        with self._engine.connect() as connection:
            return readable(connection, query, "stream", streams.c.id, streams.c.name, partial(_stream, connection))

    def remove(self, stream_id: str) -> None:
        """With its channels and messages; what the trackers found stays."""
        with self._engine.begin() as connection:
            connection.execute(delete(streams).where(streams.c.id == stream_id))

    def collects(self, tracker_id: str) -> bool:
        """Return whether a stream collects this tracker's calls."""
        query = select(stream_trackers.c.stream_id).where(stream_trackers.c.tracker_id == tracker_id).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None


class AlertRepository:
    """The alerts of one workspace."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, spec: AlertSpec) -> None:
        """Add it; raises ``InvalidStream`` if another has the name."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(alerts).values(_alert_row(spec)))
        except IntegrityError:
            raise InvalidStream(f"an alert is already named {spec.name!r}; choose another name") from None

    def change(self, id_or_name: str, change: Callable[[AlertSpec], AlertSpec]) -> AlertSpec:
        """Change it as it is now. Raises ``StreamNotFound``, and ``InvalidStream`` if another has the name."""
        query = select(alerts).where(or_(alerts.c.id == id_or_name, alerts.c.name == id_or_name))
        name = ""
        try:
            with writing(self._engine) as connection:
                found = read_row(connection, query.with_for_update(), "alert", id_or_name, _alert)
                if found is None:
                    raise StreamNotFound(f"no alert has the id or name {id_or_name!r}")
                made = change(found)
                name = made.name
                connection.execute(update(alerts).where(alerts.c.id == found.id).values(_alert_row(made)))
        except IntegrityError:
            raise InvalidStream(f"an alert is already named {name!r}; choose another name") from None
        return made

    def get(self, id_or_name: str) -> AlertSpec:
        """Return it; raises ``StreamNotFound``."""
        named = or_(alerts.c.id == id_or_name, alerts.c.name == id_or_name)
        with self._engine.connect() as connection:
            found = read_row(connection, select(alerts).where(named), "alert", id_or_name, _alert)
        if found is None:
            raise StreamNotFound(f"no alert has the id or name {id_or_name!r}")
        return found

    def list(self) -> list[AlertSpec]:
        """Return those that can be read, oldest first."""
        return self.read_all()[0]

    def read_all(self) -> ReadableAlerts:
        """Return all that can be read, and those that cannot."""
        query = select(alerts).order_by(alerts.c.created, alerts.c.id)
        with self._engine.connect() as connection:
            return readable(connection, query, "alert", alerts.c.id, alerts.c.name, _alert)

    def remove(self, alert_id: str) -> None:
        """With its channels and messages."""
        with self._engine.begin() as connection:
            connection.execute(delete(alerts).where(alerts.c.id == alert_id))

    def speak(self, alert_id: str, about: dict[str, Any]) -> bool:
        """Put its message in the outbox, unless it has spoken already, here or in another process."""
        silent = (alerts.c.id == alert_id) & ~alerts.c.standing
        with self._engine.begin() as connection:
            if not connection.execute(update(alerts).where(silent).values(standing=True)).rowcount:
                return False
            post(connection, MessageKind.ALERT, about, alert_id=alert_id)
        return True

    def be_silent(self, alert_id: str) -> None:
        """Its condition is no longer met: it notifies again when it next is."""
        with self._engine.begin() as connection:
            connection.execute(update(alerts).where(alerts.c.id == alert_id).values(standing=False))


class ChannelRepository:
    """The recipients of one stream or one alert; with neither, of messages that belong to no stream."""

    def __init__(self, engine: Engine, stream_id: str | None = None, alert_id: str | None = None):
        self._engine = engine
        self._owner = {"stream_id": stream_id, "alert_id": alert_id}
        owned = [channels.c[name] == owner for name, owner in self._owner.items() if owner is not None]
        self._mine = owned[0] if owned else OF_WORKSPACE

    def add(self, channel: MessageChannel) -> None:
        """Take effect with the next message."""
        values = {name: getattr(channel, name) for name in MessageChannel.__dataclass_fields__} | {
            "kind": str(channel.kind)
        }
        with extending(self._engine), self._engine.begin() as connection:
            if stream_id := self._owner["stream_id"]:
                seal(connection, stream_id)  # what joins an open message would not reach it
            connection.execute(insert(channels).values(values | self._owner | {"created": now()}))

    def list(self) -> list[MessageChannel]:
        """Oldest first, without their keys."""
        query = select(channels).where(self._mine).order_by(channels.c.created, channels.c.id)
        with self._engine.connect() as connection:
            return readable(connection, query, "channel", channels.c.id, channels.c.kind, channel_of)[0]

    def remove(self, channel_id: str) -> None:
        """Delete it and drop what waits for it. Raises ``StreamNotFound``."""
        with self._engine.begin() as connection:
            if not connection.execute(delete(channels).where(self._mine & (channels.c.id == channel_id))).rowcount:
                raise StreamNotFound(f"no channel has the id {channel_id!r}")


def channel_of(row: RowMapping) -> MessageChannel:
    return MessageChannel(id=row["id"], kind=ChannelKind(row["kind"]), target=row["target"], live=row["live"])


def _join(connection: Connection, stream_id: str, tracker_id: str) -> None:
    add_where_new(connection, stream_trackers, stream_id=stream_id, tracker_id=tracker_id)


def _stream(connection: Connection, row: RowMapping) -> StreamSpec:
    query = select(stream_trackers.c.tracker_id).where(stream_trackers.c.stream_id == row["id"])
    ids = tuple(sorted(connection.execute(query).scalars()))
    return StreamSpec(id=row["id"], name=row["name"], tracker_ids=ids, created=aware(row["created"]))


def _alert(row: RowMapping) -> AlertSpec:
    values = {name: row[name] for name in AlertSpec.__dataclass_fields__}
    values |= {"measure": Measure(row["measure"]), "direction": AlertDirection(row["direction"])}
    return AlertSpec(**values | {"created": aware(row["created"])})


def _alert_row(spec: AlertSpec) -> dict[str, Any]:
    values = {name: getattr(spec, name) for name in AlertSpec.__dataclass_fields__}
    return values | {"measure": str(spec.measure), "direction": str(spec.direction)}
