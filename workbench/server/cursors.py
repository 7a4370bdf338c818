"""Cursors: text that marks where a page ended, which callers pass back as it is."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from workbench.domain import plain_json
from workbench.server.problems import RequestRefused, invalid

_MOST = 2**53  # counts that JSON, SQLite and DuckDB hold


def cursor_of(*place: int | str) -> str:
    return base64.urlsafe_b64encode(plain_json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str | None, *kinds: type) -> list[Any] | None:
    """Return what ``cursor_of`` was given, checked for these types; None for the first page. Raises ``Refused``."""
    if not cursor:
        return None
    try:
        place: Any = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise _strange() from None
    if not isinstance(place, list) or len(place) != len(kinds):
        raise _strange()
    if not all(_is(value, kind) for value, kind in zip(place, kinds, strict=True)):
        raise _strange()
    return place


def _is(value: Any, kind: type) -> bool:
    if kind is int:
        return type(value) is int and 0 <= value < _MOST
    return isinstance(value, str) and value.isprintable()


def _strange() -> RequestRefused:
    return invalid("cursor", "not a cursor of this list; omit it to get the first page")
