"""What a state makes those who open it send and spend: who is notified, and which trackers ask an endpoint."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine, func, select

from workbench.domain import plain_json
from workbench.domain.names import clean_name
from workbench.store.tables import alerts, channels, deliveries, publications, streams, trackers

ENDPOINT = "endpoint"  # the judge that costs its user money
_RUNS = ("active", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A recipient of messages: ``kind`` is email or webhook, ``of`` the stream, the alert, or other messages."""

    id: str
    kind: str
    target: str
    of: str
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointTracker:
    """A tracker in use whose version asks the endpoint about each call that it has not read."""

    id: str
    name: str
    version: int
    state: str
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What a workspace would send and spend on its own as calls arrive. False if that is nothing."""

    recipients: tuple[Recipient, ...] = ()
    trackers: tuple[EndpointTracker, ...] = ()
    waiting: int = 0

    def __bool__(self) -> bool:
        return bool(self.recipients or self.trackers)

    @property
    def digest(self) -> str:
        """A hash of who is sent what and what is asked, ids included; what waits does not matter."""
        told = [
            sorted(plain_json.dumps(asdict(one)) for one in several) for several in (self.recipients, self.trackers)
        ]
        return hashlib.sha256(plain_json.dumps(told).encode()).hexdigest()


def is_idle(engine: Engine) -> bool:
    """Return whether it has neither recipients nor trackers in use, at a glance: who has one may send or spend."""
    with engine.connect() as connection:
        return not connection.exec_driver_sql(_IDLE).scalar_one()


_IDLE = """SELECT count(*) FROM (
    SELECT id FROM channels UNION ALL SELECT id FROM trackers WHERE active_version IS NOT NULL
) found"""


def authority_of(engine: Engine) -> Authority:
    """Read what a state would have sent and spent."""
    with engine.connect() as connection:
        return Authority(
            recipients=_recipients(connection),
            trackers=_trackers(connection),
            waiting=connection.execute(
                select(func.count()).select_from(deliveries).where(deliveries.c.state == "waiting")
            ).scalar_one(),
        )


def _recipients(connection: Connection) -> tuple[Recipient, ...]:
    query = (
        select(channels, streams.c.name.label("stream"), alerts.c.name.label("alert"))
        .outerjoin(streams, streams.c.id == channels.c.stream_id)
        .outerjoin(alerts, alerts.c.id == channels.c.alert_id)
        .order_by(channels.c.created, channels.c.id)
    )
    return tuple(
        Recipient(
            id=str(row["id"]),
            kind=clean_name(str(row["kind"])),
            target=clean_name(str(row["target"])),
            of=clean_name(_owner(row["stream"], row["alert"])),
            live=bool(row["live"]),
        )
        for row in connection.execute(query).mappings()
    )


def _owner(stream: str | None, alert: str | None) -> str:
    if stream is not None:
        return f"stream {stream!r}"
    return "results, failed runs and pauses" if alert is None else f"alert {alert!r}"


def _trackers(connection: Connection) -> tuple[EndpointTracker, ...]:
    is_active = (publications.c.tracker_id == trackers.c.id) & (publications.c.version == trackers.c.active_version)
    columns = (trackers.c.id, trackers.c.state, publications.c.version, publications.c.definition)
    query = select(*columns).join(publications, is_active).where(trackers.c.state.in_(_RUNS)).order_by(trackers.c.id)
    found = []
    for row in connection.execute(query).mappings():
        definition = row["definition"] if isinstance(row["definition"], dict) else {}
        settings = definition.get("settings")
        if isinstance(settings, dict) and settings.get("judge") == ENDPOINT:
            found.append(
                EndpointTracker(
                    id=str(row["id"]),
                    name=clean_name(str(definition.get("name", ""))),
                    version=int(row["version"]),
                    state=str(row["state"]),
                    asks=hashlib.sha256(plain_json.dumps(definition, sort_keys=True).encode()).hexdigest(),
                )
            )
    return tuple(found)
