"""Trackers: domain objects to rows and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    bindparam,
    case,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from workbench.domain.edits import EditedMeanwhile, tag_of
from workbench.domain.errors import TrackerExists, TrackerNotFound
from workbench.domain.filters import Filters
from workbench.domain.publications import definition_of
from workbench.domain.trackers import TrackerKind, TrackerSpec, TrackerState
from workbench.domain.unreadable import Unreadable
from workbench.store.database import writing
from workbench.store.edits import record
from workbench.store.moments import aware, now
from workbench.store.reading import checked_list, checked_mapping, read_row, readable
from workbench.store.tables import metadata, trackers

TrackersRead = tuple[list[TrackerSpec], list[Unreadable]]
_AT_ONCE = 400  # a statement takes at most 999 values in older SQLites, and each name is used twice


class TrackerRepository:
    """The trackers of one workspace."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, *specs: TrackerSpec) -> None:
        """All of them or none; raises ``TrackerExists`` if another has a name."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(trackers), [_row(spec) for spec in specs])
        except IntegrityError:
            raise self._taken(specs) from None

    def save(self, *specs: TrackerSpec, by: str = "") -> None:
        """Write definitions whatever they are by now, all or none; raises as :meth:`change`."""
        self.change({spec.id: partial(_replaced, spec) for spec in specs}, by)

    def change(
        self, changes: Mapping[str, Callable[[TrackerSpec], TrackerSpec]], by: str, expected: str | None = None
    ) -> dict[str, TrackerSpec]:
        """Change definitions as they are now, by id, all or none, and record what changed; state and version stay.

        Args:
            changes: what makes the new definition of each tracker from the present one; may raise.
            by: who changes them.
            expected: the tag that the definition must still have.

        Raises:
            TrackerNotFound: one of them was deleted.
            TrackerExists: another tracker has a new name.
            EditedMeanwhile: the definition is not the expected one.
        """
        after: dict[str, TrackerSpec] = {}
        try:
            with writing(self._engine) as connection:
                before = _locked(connection, sorted(changes))
                for tracker_id, change in changes.items():
                    found = before[tracker_id]
                    if expected is not None and expected != tag_of(definition_of(found)):
                        raise EditedMeanwhile(f"{found.name!r} has changed in the meantime; reload it, then change it")
                    after[tracker_id] = _next_revision(found, change(found))
                changed = [(before[name], one) for name, one in after.items() if one != before[name]]
                _write_changed(connection, changed, by)
        except IntegrityError:
            raise self._taken([*after.values()]) from None
        return after

    def put(self, *specs: TrackerSpec) -> None:
        """Write state and name, as when it is deleted and restored; raises as ``save``."""
        self._write(specs, _THERE, without=("active_version", "revision"))

    def _write(self, specs: Sequence[TrackerSpec], where: ColumnElement[bool], without: Sequence[str]) -> None:
        if not specs:
            return
        left_out = {"id", *without}
        rows = [{name: one for name, one in _row(spec).items() if name not in left_out} for spec in specs]
        values = [row | {"which": spec.id} for row, spec in zip(rows, specs, strict=True)]
        try:
            with self._engine.begin() as connection:
                done = connection.execute(update(trackers).where(trackers.c.id == bindparam("which"), where), values)
                if done.rowcount != len(specs):
                    raise TrackerNotFound(f"tracker {_missing(connection, specs, where)!r} was deleted in the meantime")
        except IntegrityError:
            raise self._taken(specs) from None

    def get(self, id_or_name: str) -> TrackerSpec:
        """Return the tracker of this id or name, deleted ones by id only; raises ``TrackerNotFound``."""
        query = select(trackers).where(or_(trackers.c.id == id_or_name, trackers.c.name == id_or_name), _THERE)
        with self._engine.connect() as connection:
            found = read_row(connection, query, "tracker", id_or_name, _spec)
            if found is None:
                raise _unknown(connection, id_or_name)
        return found

    def get_many(self, ids_or_names: Sequence[str]) -> list[TrackerSpec]:
        """Return the same of many, in this order, with few queries.

        Raises ``TrackerNotFound`` for the first missing one.
        """
        wanted = list(dict.fromkeys(ids_or_names))
        by_id: dict[str, TrackerSpec] = {}
        by_name: dict[str, TrackerSpec] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                query = select(trackers).where(or_(trackers.c.id.in_(some), trackers.c.name.in_(some)), _THERE)
                for found in readable(connection, query, "tracker", trackers.c.id, trackers.c.name, _spec)[0]:
                    by_id[found.id] = by_name[_row(found)["name"]] = found
            known = by_name | by_id
            for one in wanted:
                if one not in known:
                    raise _unknown(connection, one)
        return [known[one] for one in ids_or_names]

    def list(self, deleted: bool = False) -> list[TrackerSpec]:
        """Those that are not deleted, or only those that are; oldest first, without those that cannot be read."""
        return self.read_all(deleted)[0]

    def read_all(self, deleted: bool = False) -> TrackersRead:
        """Return all that can be read, and those that cannot."""
        gone = trackers.c.state == str(TrackerState.DELETED)
        query = select(trackers).where(gone if deleted else ~gone, _THERE).order_by(trackers.c.created, trackers.c.id)
        with self._engine.connect() as connection:
            return readable(connection, query, "tracker", trackers.c.id, trackers.c.name, _spec)

    def _taken(self, specs: Sequence[TrackerSpec]) -> TrackerExists:
        names = Counter(spec.name for spec in specs)
        query = select(trackers.c.name).where(trackers.c.name.in_(names), trackers.c.id.not_in([s.id for s in specs]))
        with self._engine.connect() as connection:
            known = set(connection.execute(query).scalars())
        name = next((one for one, times in names.items() if one in known or times > 1), specs[0].name)
        return TrackerExists(f"a tracker is already named {name!r}; choose another name")

    def remove(self, *tracker_ids: str) -> None:
        """Delete the trackers and all that belongs to them, all or none; their names stay for whatever uses them."""
        with self._engine.begin() as connection:
            for start in range(0, len(tracker_ids), 2 * _AT_ONCE):
                some = tracker_ids[start : start + 2 * _AT_ONCE]
                mine = update(trackers).where(trackers.c.id.in_(some))
                connection.execute(mine.values(_ERASED | {"name": _FREED, "deleted": now()}))
                for table, column in BELONGS:
                    connection.execute(delete(table).where(column.in_(some)))


def _locked(connection: Connection, tracker_ids: Sequence[str]) -> dict[str, TrackerSpec]:
    """Return the definitions as they are, which nobody else changes meanwhile; raises ``TrackerNotFound``.

    Locked in the order given, which is the same for all, so that no two wait for each other.
    """
    found: dict[str, TrackerSpec] = {}
    for start in range(0, len(tracker_ids), 2 * _AT_ONCE):  # each is looked for once
        wanted = trackers.c.id.in_(tracker_ids[start : start + 2 * _AT_ONCE])
        query = select(trackers).where(wanted, _THERE).order_by(trackers.c.id).with_for_update()
        found |= {row["id"]: _spec(row) for row in connection.execute(query).mappings()}
    for one in tracker_ids:
        if one not in found or found[one].state is TrackerState.DELETED:
            raise TrackerNotFound(f"tracker {found[one].name if one in found else one!r} was deleted in the meantime")
    return found


def _next_revision(before: TrackerSpec, after: TrackerSpec) -> TrackerSpec:
    """Return what a change makes of a definition: state, version and the rest stay as they are."""
    same = definition_of(before) == definition_of(after)
    kept = {name: getattr(before, name) for name in ("state", "active_version", "pause_reason", "deleted")}
    return replace(after, **kept, revision=before.revision + (not same)) if not same else before


def _write_changed(connection: Connection, changed: Sequence[tuple[TrackerSpec, TrackerSpec]], by: str) -> None:
    if not changed:
        return
    left_out = {"id", "state", "active_version", "pause_reason", "deleted"}
    rows = [{name: one for name, one in _row(spec).items() if name not in left_out} for _, spec in changed]
    values = [row | {"which": spec.id} for row, (_, spec) in zip(rows, changed, strict=True)]
    connection.execute(update(trackers).where(trackers.c.id == bindparam("which")), values)
    record(connection, by, changed)


def _replaced(wanted: TrackerSpec, current: TrackerSpec) -> TrackerSpec:
    return replace(wanted, revision=current.revision)


def _unknown(connection: Connection, id_or_name: str) -> TrackerNotFound:
    """Return that there is none, and what became of those that were called so."""
    once = or_(trackers.c.id == id_or_name, trackers.c.name == literal(id_or_name) + _ENDING)
    query = select(trackers.c.id, trackers.c.name, trackers.c.deleted, trackers.c.erased).where(once)
    try:
        row = connection.execute(query.order_by(trackers.c.erased, trackers.c.deleted.desc()).limit(1)).first()
    except ValueError:  # a moment that cannot be read
        row = None
    if row is None:
        return TrackerNotFound(f"no tracker has the id or name {id_or_name!r}")
    name = shown_name(row.id, row.name)
    on = "" if row.deleted is None else f" on {aware(row.deleted):%Y-%m-%d}"
    if row.erased:
        return TrackerNotFound(f"tracker {name!r} was deleted forever{on}; it cannot be restored")
    return TrackerNotFound(f"tracker {name!r} was deleted{on}; restore it by its id {row.id!r}")


def _missing(connection: Connection, specs: Sequence[TrackerSpec], where: ColumnElement[bool]) -> str:
    """Return the name of the first that could not be written."""
    for spec in specs:
        if connection.execute(select(trackers.c.id).where(trackers.c.id == spec.id, where)).first() is None:
            return spec.name
    return specs[0].name


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
        "revision": spec.revision,
        "deleted": spec.deleted,
    }


def _spec(row: RowMapping) -> TrackerSpec:
    return TrackerSpec(
        id=row["id"],
        name=shown_name(row["id"], row["name"]),
        kind=TrackerKind(row["kind"]),
        description=row["description"],
        filters=Filters.stored(row["filters"]),
        examples=tuple(checked_list(row["examples"])),
        state=TrackerState(row["state"]),
        seed=row["seed"],
        created=aware(row["created"]),
        threshold=row["threshold"],
        active_version=row["active_version"],
        settings=checked_mapping(row["settings"]),
        pause_reason=row["pause_reason"],
        revision=row["revision"],
        deleted=None if row["deleted"] is None else aware(row["deleted"]),
    )


def shown_name(tracker_id: str, stored: str) -> str:
    """Return a tracker's display name, even if it is deleted."""
    return stored.removesuffix(_gone(tracker_id))


def _gone(tracker_id: str) -> str:
    """Behind a deleted tracker's name, so that the name can be used again."""
    return f"{_GONE}{tracker_id}"


_GONE = " ␡"
_THERE = ~trackers.c.erased
# What names of trackers are kept for outlives them: it says by name what it used.
_OUTLIVES = {"alerts", "stream_trackers"}
BELONGS = [
    (table, key.parent)
    for table in reversed(metadata.sorted_tables)
    for key in table.foreign_keys
    if key.column.table is trackers and table.name not in _OUTLIVES
]
_ENDING = literal(_GONE) + trackers.c.id
_FREED = case((trackers.c.name.endswith(_ENDING), trackers.c.name), else_=trackers.c.name + _ENDING)
_ERASED = {
    "description": "",
    "filters": {},
    "examples": [],
    "settings": {},
    "seed": 0,
    "threshold": "balanced",
    "state": str(TrackerState.DELETED),
    "active_version": None,
    "pause_reason": None,
    "erased": True,
}
