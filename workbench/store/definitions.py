"""Boards and playbooks: their definitions as rows and back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.results import DefinitionNotFound, InvalidDefinition, checked_name
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

    def save(self, definition_id: str, name: str, body: dict[str, Any]) -> Definition:
        """Writes it anew; raises ``DefinitionNotFound``, or ``InvalidDefinition`` where the name is taken, or none."""
        mine = (definitions.c.kind == self.kind) & (definitions.c.id == definition_id)
        values = {"name": checked_name(name), "body": body}
        try:
            with self._engine.begin() as connection:
                connection.execute(update(definitions).where(mine).values(values))
        except IntegrityError:
            raise self._taken(name) from None
        return self.get(definition_id)

    def get(self, id_or_name: str) -> Definition:
        """Raises ``DefinitionNotFound``."""
        wanted = or_(definitions.c.id == id_or_name, definitions.c.name == id_or_name)
        query = select(definitions).where(definitions.c.kind == self.kind, wanted)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
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
