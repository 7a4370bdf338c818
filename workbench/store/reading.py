"""Reads rows into objects, one by one if they cannot be read together, so that a bad one affects no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, Select
from sqlalchemy.exc import DBAPIError

from workbench.domain.errors import NotFound
from workbench.domain.unreadable import Unreadable

T = TypeVar("T")
VERSION = "version of tracker"  # what a row of ``publications`` is
log = logging.getLogger(__name__)
_TOLD: set[tuple[str, str]] = set()  # what the log of this process has


def readable(
    connection: Connection,
    query: Select[Any],
    kind: str,
    key: ColumnElement[Any],
    name: ColumnElement[Any],
    convert: Callable[[RowMapping], T],
) -> tuple[list[T], list[Unreadable]]:
    """Return the objects made from the rows of a query, and the rows that cannot be read.

    Args:
        connection: to the state.
        query: of the rows.
        kind: what a row is, in a word.
        key: of which each row has another.
        name: what people know it by.
        convert: makes an object from a row, or raises.
    """
    try:
        return [convert(row) for row in connection.execute(query).mappings()], []
    except DBAPIError:
        raise
    except Exception:  # noqa: BLE001, whatever it contains: truncated JSON, a kind from a newer version
        return _one_by_one(connection, query, kind, key, name, convert)


def read_row(
    connection: Connection, query: Select[Any], kind: str, named: str, convert: Callable[[RowMapping], T]
) -> T | None:
    """Return the object made from a query's only row, None without a row; raises ``UnreadableItem``."""
    try:
        row = connection.execute(query).mappings().first()
        return None if row is None else convert(row)
    except (DBAPIError, NotFound):
        raise
    except Exception as error:
        raise _unreadable(kind, named, error).error from error


def checked_list(value: Any) -> list[str]:
    """Read stored JSON that is a list of texts; raises ``ValueError`` if it is something else."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("not a list of texts")
    return value


def checked_mapping(value: Any) -> dict[str, Any]:
    """Read stored JSON that is an object; raises ``ValueError`` if it is something else."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _one_by_one(
    connection: Connection,
    query: Select[Any],
    kind: str,
    key: ColumnElement[Any],
    name: ColumnElement[Any],
    convert: Callable[[RowMapping], T],
) -> tuple[list[T], list[Unreadable]]:
    found, bad = [], []
    for one in connection.execute(query.with_only_columns(key.label("key"), name.label("name"))).all():
        try:
            row = connection.execute(query.where(key == one.key)).mappings().first()
            if row is not None:  # deleted meanwhile
                found.append(convert(row))
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001, reported as a row that cannot be read
            bad.append(replace(_unreadable(kind, str(one.name), error), key=str(one.key)))
    return found, bad


def _unreadable(kind: str, name: str, error: Exception) -> Unreadable:
    found = Unreadable(kind, name, f"{type(error).__name__}: {error}"[:300])
    if (kind, name) not in _TOLD:
        _TOLD.add((kind, name))
        log.warning("%s %r cannot be read: %s", kind, name, found.reason)
    return found
