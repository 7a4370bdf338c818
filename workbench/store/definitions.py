"""Stores the definitions of boards and playbooks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.results import DefinitionNotFound, InvalidDefinition
from workbench.domain.rules import checked_name
from workbench.domain.unreadable import Unreadable
from workbench.store.database import writing
from workbench.store.moments import aware, now
from workbench.store.reading import read_row, readable
from workbench.store.tables import definitions

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A name with its content as JSON."""

    id: str
    name: str
    body: dict[str, Any]
    created: datetime


class DefinitionRepository:
    """The definitions of one ``kind``; names are unique within it."""

    def __init__(self, engine: Engine, kind: str):
        self._engine = engine
        self.kind = kind

    def add(self, name: str, body: dict[str, Any]) -> Definition:
        """Add it; raises ``InvalidDefinition`` if the name is taken or invalid."""
        made = Definition(id=secrets.token_hex(8), name=checked_name(name, InvalidDefinition), body=body, created=now())
        values = {"id": made.id, "kind": self.kind, "name": made.name, "body": body, "created": made.created}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(definitions).values(values))
        except IntegrityError:
            raise self._taken(made.name) from None
        return made

    def change(self, id_or_name: str, change: Callable[[Definition], tuple[str, dict[str, Any]]]) -> Definition:
        """Change a definition in its current form; changes by others meanwhile are seen and kept.

        Args:
            id_or_name: the definition.
            change: returns the new name and body; may raise.

        Raises:
            DefinitionNotFound: there is none.
            InvalidDefinition: the name is taken, or not a name.
        """
        name = ""
        try:
            with writing(self._engine) as connection:
                found = self._get(connection, id_or_name, lock=True)
                name, body = change(found)
                values = {"name": checked_name(name, InvalidDefinition), "body": body}
                connection.execute(update(definitions).where(definitions.c.id == found.id).values(values))
        except IntegrityError:
            raise self._taken(name) from None
        return self.get(found.id)

    def get(self, id_or_name: str) -> Definition:
        """Return it; raises ``DefinitionNotFound``, or ``UnreadableItem``."""
        return self.get_as(id_or_name, lambda found: found)

    def get_as(self, id_or_name: str, convert: Callable[[Definition], T]) -> T:
        """Return the object made from a definition; raises like ``get``, and if it cannot be made."""
        with self._engine.connect() as connection:
            found = read_row(
                connection, self._named(id_or_name), self.kind, id_or_name, lambda row: convert(_definition(row))
            )
        if found is None:
            raise self._missing(id_or_name)
        return found

    def _named(self, id_or_name: str) -> Select[Any]:
        wanted = or_(definitions.c.id == id_or_name, definitions.c.name == id_or_name)
        return select(definitions).where(definitions.c.kind == self.kind, wanted)

    def _missing(self, id_or_name: str) -> DefinitionNotFound:
        return DefinitionNotFound(f"no {self.kind} has the id or name {id_or_name!r}")

    def _get(self, connection: Connection, id_or_name: str, lock: bool = False) -> Definition:
        query = self._named(id_or_name)
        found = read_row(connection, query.with_for_update() if lock else query, self.kind, id_or_name, _definition)
        if found is None:
            raise self._missing(id_or_name)
        return found

    def read_all(self, convert: Callable[[Definition], T]) -> tuple[list[T], list[Unreadable]]:
        """Return the objects made from all definitions, oldest first, and those that cannot be read."""
        query = select(definitions).where(definitions.c.kind == self.kind)
        query = query.order_by(definitions.c.created, definitions.c.id)

        def made(row: RowMapping) -> T:
            return convert(_definition(row))

        with self._engine.connect() as connection:
            return readable(connection, query, self.kind, definitions.c.id, definitions.c.name, made)

    def delete(self, id_or_name: str) -> None:
        """Delete it; raises ``DefinitionNotFound``."""
        with self._engine.begin() as connection:  # also what cannot be read
            found = connection.execute(self._named(id_or_name).with_only_columns(definitions.c.id)).scalar()
            if found is None:
                raise self._missing(id_or_name)
            connection.execute(delete(definitions).where(definitions.c.id == found))

    def _taken(self, name: str) -> InvalidDefinition:
        return InvalidDefinition(f"a {self.kind} is already named {name!r}; choose another name")


def _definition(row: RowMapping) -> Definition:
    return Definition(id=row["id"], name=row["name"], body=row["body"], created=aware(row["created"]))
