"""Trackers: domain objects to rows and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, delete, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.errors import TrackerExists, TrackerNotFound
from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerKind, TrackerSpec, TrackerState
from workbench.store.moments import aware
from workbench.store.tables import trackers


class TrackerRepository:
    """The trackers of one workspace."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, *specs: TrackerSpec) -> None:
        """All of them or none; raises ``TrackerExists`` where another has a name."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(trackers), [_row(spec) for spec in specs])
        except IntegrityError:
            raise self._taken(specs) from None

    def save(self, *specs: TrackerSpec) -> None:
        """Writes the definitions, all or none; state and active version stay as somebody may just have put them.

        Raises:
            TrackerNotFound: one of them was deleted.
            TrackerExists: another tracker has a new name.
        """
        self._write(
            specs, trackers.c.state != str(TrackerState.DELETED), without=("state", "active_version", "pause_reason")
        )

    def put(self, *specs: TrackerSpec) -> None:
        """Writes state and name, as when it is deleted and restored; raises as ``save``."""
        self._write(specs, true(), without=("active_version",))

    def _write(self, specs: Sequence[TrackerSpec], where: ColumnElement[bool], without: Sequence[str]) -> None:
        try:
            with self._engine.begin() as connection:
                for spec in specs:
                    values = {name: value for name, value in _row(spec).items() if name not in without}
                    done = connection.execute(update(trackers).where(trackers.c.id == spec.id, where).values(values))
                    if not done.rowcount:
                        raise TrackerNotFound(f"tracker {spec.name!r} was deleted meanwhile")
        except IntegrityError:
            raise self._taken(specs) from None

    def get(self, id_or_name: str) -> TrackerSpec:
        """The tracker of this id or name, deleted ones by id only; raises ``TrackerNotFound``."""
        query = select(trackers).where(or_(trackers.c.id == id_or_name, trackers.c.name == id_or_name))
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise TrackerNotFound(f"no tracker has the id or name {id_or_name!r}")
        return _spec(row)

    def list(self, deleted: bool = False) -> list[TrackerSpec]:
        """Those that are not deleted, or only those that are; oldest first."""
        gone = trackers.c.state == str(TrackerState.DELETED)
        query = select(trackers).where(gone if deleted else ~gone).order_by(trackers.c.created, trackers.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [_spec(row) for row in rows]

    def _taken(self, specs: Sequence[TrackerSpec]) -> TrackerExists:
        names = Counter(spec.name for spec in specs)
        query = select(trackers.c.name).where(trackers.c.name.in_(names), trackers.c.id.not_in([s.id for s in specs]))
        with self._engine.connect() as connection:
            known = set(connection.execute(query).scalars())
        name = next((one for one, times in names.items() if one in known or times > 1), specs[0].name)
        return TrackerExists(f"a tracker is called {name!r} already; give this one another name")

    def remove(self, tracker_id: str) -> None:
        """The tracker and all that belongs to it."""
        with self._engine.begin() as connection:
            connection.execute(delete(trackers).where(trackers.c.id == tracker_id))


def _row(spec: TrackerSpec) -> dict[str, Any]:
    return {
        "id": spec.id,
        "name": spec.name + (_gone(spec.id) if spec.state is TrackerState.DELETED else ""),
        "kind": str(spec.kind),
        "description": spec.description,
        "filters": spec.filters.to_dict(),
        "examples": list(spec.examples),
        "state": str(spec.state),
        "seed": spec.seed,
        "created": spec.created,
        "threshold": spec.threshold,
        "active_version": spec.active_version,
        "settings": spec.settings,
        "pause_reason": spec.pause_reason,
    }


def _spec(row: RowMapping) -> TrackerSpec:
    return TrackerSpec(
        id=row["id"],
        name=row["name"].removesuffix(_gone(row["id"])),
        kind=TrackerKind(row["kind"]),
        description=row["description"],
        filters=Filters.from_dict(row["filters"]),
        examples=tuple(row["examples"]),
        state=TrackerState(row["state"]),
        seed=row["seed"],
        created=aware(row["created"]),
        threshold=row["threshold"],
        active_version=row["active_version"],
        settings=row["settings"],
        pause_reason=row["pause_reason"],
    )


def _gone(tracker_id: str) -> str:
    """Behind a deleted tracker's name, so that the name can be used again."""
    return f" ␡{tracker_id}"
