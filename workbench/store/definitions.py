"""Boards and playbooks: their definitions as rows and back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.results import DefinitionNotFound, InvalidDefinition, checked_name
from workbench.store.database import writing
from workbench.store.moments import aware, now
from workbench.store.tables import definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A name, and what stands behind it as plain JSON."""

    id: str
    name: str
    body: dict[str, Any]
    created: datetime


class DefinitionRepository:
    """The definitions of one ``kind``; names are theirs alone within it."""

    def __init__(self, engine: Engine, kind: str):
        self._engine = engine
        self.kind = kind

    def add(self, name: str, body: dict[str, Any]) -> Definition:
        """Raises ``InvalidDefinition`` where the name is taken, or none."""
        made = Definition(id=secrets.token_hex(8), name=checked_name(name), body=body, created=now())
        values = {"id": made.id, "kind": self.kind, "name": made.name, "body": body, "created": made.created}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(definitions).values(values))
        except IntegrityError:
            raise self._taken(made.name) from None
        return made

    def change(self, id_or_name: str, change: Callable[[Definition], tuple[str, dict[str, Any]]]) -> Definition:
        """Change a definition as it is now: what others changed meanwhile is seen, and stays.

        Args:
            id_or_name: the definition.
            change: gives the new name and body; may raise.

        Raises:
            DefinitionNotFound: there is none.
            InvalidDefinition: the name is taken, or not a name.
        """
        name = ""
        try:
            with writing(self._engine) as connection:
                found = self._get(connection, id_or_name, lock=True)
                name, body = change(found)
                values = {"name": checked_name(name), "body": body}
                connection.execute(update(definitions).where(definitions.c.id == found.id).values(values))
        except IntegrityError:
            raise self._taken(name) from None
        return self.get(found.id)

    def get(self, id_or_name: str) -> Definition:
        """Raises ``DefinitionNotFound``."""
        with self._engine.connect() as connection:
            return self._get(connection, id_or_name)

    def _get(self, connection: Connection, id_or_name: str, lock: bool = False) -> Definition:
        wanted = or_(definitions.c.id == id_or_name, definitions.c.name == id_or_name)
        query = select(definitions).where(definitions.c.kind == self.kind, wanted)
        row = connection.execute(query.with_for_update() if lock else query).mappings().first()
        if row is None:
            raise DefinitionNotFound(f"no {self.kind} has the id or name {id_or_name!r}")
        return _definition(row)

    def list(self) -> list[Definition]:
        """All of them, oldest first."""
        query = select(definitions).where(definitions.c.kind == self.kind)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(definitions.c.created, definitions.c.id)).mappings().all()
        return [_definition(row) for row in rows]

    def delete(self, id_or_name: str) -> None:
        """Raises ``DefinitionNotFound``."""
        found = self.get(id_or_name)
        with self._engine.begin() as connection:
            connection.execute(delete(definitions).where(definitions.c.id == found.id))

    def _taken(self, name: str) -> InvalidDefinition:
        return InvalidDefinition(f"a {self.kind} is called {name!r} already; give this one another name")


def _definition(row: RowMapping) -> Definition:
    return Definition(id=row["id"], name=row["name"], body=row["body"], created=aware(row["created"]))
