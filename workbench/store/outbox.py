"""Messages and their deliveries. A message is written in the transaction of what it reports."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, insert, or_, select, update

from workbench.domain.publications import Version
from workbench.domain.streams import ChannelKind, FoundCall, Message, MessageChannel, MessageKind
from workbench.store.moments import aware, now
from workbench.store.reading import readable
from workbench.store.tables import channels, deliveries, detections, messages, publications, stream_trackers, streams

OF_WORKSPACE = channels.c.stream_id.is_(None) & channels.c.alert_id.is_(None)
MOST = 500  # calls in a message; further ones begin another


class Delivery(NamedTuple):
    """A message waiting for a channel, as it was when it was read."""

    message_id: str
    channel_id: str
    tries: int
    due: datetime
    kind: str


class Outbox:
    """The messages of one workspace. Any number of processes may use it at once."""

    def __init__(self, engine: Engine):
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """Return the engine of the state that contains them."""
        return self._engine

    def messages(self, unread: bool | None = None) -> list[Message]:
        """Return messages, newest first: all, unread or read ones; none about live calls."""
        query = select(messages).where(messages.c.kind != str(MessageKind.LIVE))
        query = query.order_by(messages.c.created.desc(), messages.c.id)
        if unread is not None:
            query = query.where(messages.c.unread == unread)
        with self._engine.connect() as connection:
            return readable(connection, query, "message", messages.c.id, messages.c.kind, _message)[0]

    def mark_read(self, ids: Iterable[str]) -> None:
        """Mark messages as read; they collect no further calls."""
        with self._engine.begin() as connection:
            mine = messages.c.id.in_(list(ids))
            connection.execute(update(messages).where(mine).values(unread=False, sealed=True))

    def deliveries(self) -> list[dict[str, Any]]:
        """Return all deliveries with kind and target of their channel, newest message first."""
        query = (
            select(deliveries, channels.c.kind, channels.c.target, messages.c.created)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .join(messages, messages.c.id == deliveries.c.message_id)
            .order_by(messages.c.created.desc(), messages.c.id, channels.c.created)
        )
        with self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [row | {name: aware(row[name]) for name in ("created", "due", "finished") if row[name]} for row in rows]

    def due(self, moment: datetime) -> list[Delivery]:
        """Return the deliveries that can be tried, oldest message first."""
        query = (
            select(*(deliveries.c[name] for name in Delivery._fields[:-1]), channels.c.kind)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .join(messages, messages.c.id == deliveries.c.message_id)
            .where(deliveries.c.state == "waiting", deliveries.c.due <= moment)
            .order_by(messages.c.created, messages.c.id, deliveries.c.channel_id)
        )
        with self._engine.connect() as connection:
            return [Delivery(**row) for row in connection.execute(query).mappings()]

    def claim(self, one: Delivery, until: datetime) -> tuple[Message, MessageChannel] | None:
        """Count an attempt and lock the delivery ``until`` then; None if another process was quicker.

        The channel includes its key. The message collects no further calls.
        """
        as_seen = (deliveries.c.state == "waiting") & (deliveries.c.tries == one.tries) & (deliveries.c.due == one.due)
        with self._engine.begin() as connection:
            claimed = update(deliveries).where(_is(one), as_seen).values(tries=one.tries + 1, due=until)
            if not connection.execute(claimed).rowcount:
                return None
            connection.execute(update(messages).where(messages.c.id == one.message_id).values(sealed=True))
            found = select(messages).where(messages.c.id == one.message_id)
            message = _message(connection.execute(found).mappings().one())
            row = connection.execute(select(channels).where(channels.c.id == one.channel_id)).mappings().one()
        kind, target, key = ChannelKind(row["kind"]), row["target"], row["key"]
        return message, MessageChannel(id=row["id"], kind=kind, target=target, key=key)

    def sent(self, one: Delivery) -> None:
        self._mark(one, state="sent", failure=None, finished=now())

    def failed(self, one: Delivery, reason: str) -> None:
        """Mark the delivery as failed; it is kept and only retried on request."""
        self._mark(one, state="failed", failure=reason, finished=now())

    def later(self, one: Delivery, due: datetime, reason: str, tries: int | None = None) -> None:
        """Postpone it until ``due``; with ``tries``, reset the number of tries."""
        self._mark(one, due=due, failure=reason, **({} if tries is None else {"tries": tries}))

    def revive(self) -> int:
        """Retry all that failed, from the first try; return their number."""
        values = {"state": "waiting", "tries": 0, "due": now(), "finished": None}
        with self._engine.begin() as connection:
            return connection.execute(update(deliveries).where(deliveries.c.state == "failed").values(values)).rowcount

    def _mark(self, one: Delivery, **values: Any) -> None:
        with self._engine.begin() as connection:
            unsent = deliveries.c.state != "sent"
            connection.execute(update(deliveries).where(_is(one), unsent).values(values))


def new_id() -> str:
    return secrets.token_hex(16)


def collect(connection: Connection, version: Version, calls: Sequence[FoundCall]) -> None:
    """Notify the tracker's streams of new calls, except those in which another version has found something."""
    new = _new(connection, version, calls)
    for stream in streams_of(connection, version.tracker_id) if new else ():
        told = [call.to_dict() for call in new]
        is_open = (messages.c.stream_id == stream["id"]) & ~messages.c.sealed & (messages.c.kind == "calls")
        last = select(messages).where(is_open).order_by(messages.c.created.desc()).limit(1).with_for_update()
        row = connection.execute(last).mappings().first()
        if row is None or len(row["about"]["calls"]) + len(told) > MOST:
            post(connection, MessageKind.CALLS, {"stream": stream, "calls": told}, stream_id=stream["id"])
            continue
        more = row["about"] | {"calls": row["about"]["calls"] + told}
        connection.execute(update(messages).where(messages.c.id == row["id"]).values(about=more))


def post_live(connection: Connection, tracker_id: str, find: dict[str, Any]) -> int:
    """Notify the tracker's streams of a find in a live call, if a channel asks for that.

    A stream is notified of a find once, however often this is called: after a crash nobody knows what was sent.

    Returns:
        How many streams were notified by this call.
    """
    wanting = select(channels.c.stream_id).where(channels.c.live)
    wanted = set(connection.execute(wanting).scalars())
    told = [stream for stream in streams_of(connection, tracker_id) if stream["id"] in wanted]
    ids = {stream["id"]: _id_of(stream["id"], find) for stream in told}
    known = set(connection.execute(select(messages.c.id).where(messages.c.id.in_(ids.values()))).scalars())
    new = [stream for stream in told if ids[stream["id"]] not in known]
    for stream in new:
        about = {"stream": stream, "find": find}
        post(connection, MessageKind.LIVE, about, message_id=ids[stream["id"]], stream_id=stream["id"])
    return len(new)


def _id_of(stream_id: str, find: Mapping[str, Any]) -> str:
    """Return the id of the message to a stream about a find, the same in every process."""
    parts = [stream_id, find["tracker_id"], find["conversation_id"], find["sentence_id"]]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def post(
    connection: Connection,
    kind: MessageKind,
    about: dict[str, Any],
    message_id: str | None = None,
    to_workspace: bool = False,
    **owner: str,
) -> None:
    """Add a message, and its delivery to each channel of the stream or alert; ``owner`` is stream_id or alert_id.

    Without an owner, or with ``to_workspace``, it goes to the workspace's own channels. One of the kind ``live`` goes
    to the channels that want it only.
    """
    head = {"id": message_id or new_id(), "kind": str(kind), "created": now(), "about": about}
    connection.execute(insert(messages).values(head | owner | {"sealed": False, "unread": True}))
    row = {"message_id": head["id"], "state": "waiting", "tries": 0, "due": head["created"]}
    wanted = [channels.c[column] == value for column, value in owner.items()]
    mine = or_(*wanted, OF_WORKSPACE) if to_workspace or not owner else or_(*wanted)
    if kind is MessageKind.LIVE:
        mine &= channels.c.live
    for channel_id in connection.execute(select(channels.c.id).where(mine)).scalars().all():
        connection.execute(insert(deliveries).values(row | {"channel_id": channel_id}))


def seal(connection: Connection, stream_id: str) -> None:
    """Stop the stream's messages from collecting further calls."""
    connection.execute(update(messages).where(messages.c.stream_id == stream_id).values(sealed=True))


def _new(connection: Connection, version: Version, calls: Sequence[FoundCall]) -> list[FoundCall]:
    others = (publications.c.tracker_id == version.tracker_id) & (publications.c.id != version.id)
    query = (
        select(detections.c.number)
        .join(publications, publications.c.id == detections.c.publication_id)
        .where(others, detections.c.number.in_([call.number for call in calls]))
    )
    known = set(connection.execute(query).scalars())
    return [call for call in calls if call.number not in known]


def streams_of(connection: Connection, tracker_id: str) -> list[dict[str, str]]:
    """Return the streams that collect a tracker's calls, as messages name them."""
    query = (
        select(streams.c.id, streams.c.name)
        .join(stream_trackers, stream_trackers.c.stream_id == streams.c.id)
        .where(stream_trackers.c.tracker_id == tracker_id)
    )
    return [{"id": row.id, "name": row.name} for row in connection.execute(query)]


def _is(one: Delivery) -> Any:
    return (deliveries.c.message_id == one.message_id) & (deliveries.c.channel_id == one.channel_id)


def _message(row: RowMapping) -> Message:
    return Message(
        id=row["id"],
        kind=MessageKind(row["kind"]),
        created=aware(row["created"]),
        about=row["about"],
        unread=row["unread"],
    )
