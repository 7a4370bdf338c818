"""Alerts as users of the API see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.errors import InvalidStream
from workbench.domain.periods import period_start
from workbench.domain.plurals import plural
from workbench.domain.rules import checked_name
from workbench.domain.streams import AlertDirection, AlertSpec, Measure, checked_alert
from workbench.domain.trackers import TrackerState
from workbench.domain.used_trackers import UsedTracker, notes_of
from workbench.results.matches import is_whole, matches_of, reads_of
from workbench.results.streams import HasId, Notified, tracker_of
from workbench.store.moments import now
from workbench.store.outbox import new_id
from workbench.store.streams import AlertRepository, ChannelRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

LEAST_READ = 10  # calls in the period, below which a rate says nothing
_CHANGED = frozenset({"name", "tracker", "threshold", "measure", "days", "direction"})
_Choice = TypeVar("_Choice", bound=StrEnum)


class Reading(NamedTuple):
    """An alert's period: ``calls`` with something found among ``read`` ones; ``value`` is what is compared."""

    value: float
    calls: int
    read: int


class Alert(Notified):
    """An alert, raised once when a tracker's calls become many or few."""

    def __init__(self, lake: Lake, database: Engine, spec: AlertSpec):
        self._lake, self._database, self.spec = lake, database, spec
        self._channels = ChannelRepository(database, alert_id=spec.id)

    def __repr__(self) -> str:
        one = self.spec
        return f"Alert({one.name!r}, {one.measure} {one.direction} {one.threshold:g} in {plural(one.days, 'day')})"

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
        since = period_start(until, self._lake.zone, days=self.spec.days)
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
            name: its name.
            tracker: the one it counts, or its id or name.
            threshold: number of calls, or for a rate a share in (0, 1].
            measure: ``count`` of calls in which the tracker finds something, or their ``rate`` among those it has read.
            days: how many whole days before today, in the workspace's time zone; today so far is included.
            direction: ``at_least`` or ``below``.

        Raises:
            InvalidStream: one of them cannot be used; says which, and why.
            TrackerNotFound: no tracker has this id or name.
        """
        spec = AlertSpec(
            id=new_id(),
            name=checked_name(name, InvalidStream),
            tracker_id=tracker_of(self._database, tracker).id,
            measure=_one_of("measure", Measure, measure),
            days=days,
            threshold=_number("threshold", threshold),
            direction=_one_of("direction", AlertDirection, direction),
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

    def update(self, id_or_name: str, **changes: Any) -> Alert:
        """Change name, tracker, threshold, measure, days or direction; the rules of a new alert apply.

        Whenever anything but its name changes, it is raised again if its condition holds.

        Raises:
            StreamNotFound: no alert has this id or name.
            InvalidStream: one of the changes cannot be used; says which, and why.
            TrackerNotFound: no tracker has this id or name.
        """
        if unknown := set(changes) - _CHANGED:
            raise InvalidStream(f"cannot change {', '.join(sorted(unknown))}; change {', '.join(sorted(_CHANGED))}")

        def changed(found: AlertSpec) -> AlertSpec:
            return checked_alert(replace(found, **self._checked(found, changes)))

        return self._of(self._rows.change(id_or_name, changed))

    def _checked(self, found: AlertSpec, changes: dict[str, Any]) -> dict[str, Any]:
        values = dict(changes)
        if "name" in values:
            values["name"] = checked_name(values["name"], InvalidStream)
        if "tracker" in values:
            given = values.pop("tracker")
            kept = given == found.tracker_id  # stays, whatever has become of it
            values["tracker_id"] = given if kept else tracker_of(self._database, given).id
        if "threshold" in values:
            values["threshold"] = _number("threshold", values["threshold"])
        for name, known in (("measure", Measure), ("direction", AlertDirection)):
            if name in values:
                values[name] = _one_of(name, known, values[name])
        same = all(getattr(found, name) == value for name, value in values.items() if name != "name")
        return values if same else values | {"standing": False}

    def delete(self, id_or_name: str) -> None:
        """Delete the alert with its channels and messages. Raises ``StreamNotFound``."""
        self._rows.remove(self._rows.get(id_or_name).id)

    def _of(self, spec: AlertSpec) -> Alert:
        return Alert(self._lake, self._database, spec)


def _number(name: str, value: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise InvalidStream(f"{name}: {str(value)[:40]!r} is not a number") from None


def _one_of(name: str, known: type[_Choice], word: str) -> _Choice:
    if word not in list(known):
        raise InvalidStream(f"{name}: must be one of {', '.join(known)}, not {word!r}")
    return known(word)
