"""A conversation's further fields, as they are kept and as they are asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from workbench.domain import plain_json
from workbench.domain.conversations import FieldValue

_EXACT = 2**53  # below, a double holds every whole number
_DIGITS = 30  # more than any that is kept
_LONGEST = 2**1024  # no double is longer
_TABLE = pa.schema(
    [
        ("number", pa.int64()),
        ("name", pa.string()),
        ("type", pa.string()),
        ("text", pa.string()),
        ("amount", pa.float64()),
    ]
)


def fields_of(text: str | None) -> dict[str, FieldValue]:
    """Read the further fields of a conversation from the JSON that the corpus keeps.

    A value that no reader could use is its text: earlier versions took whole numbers of any length. Where nothing can
    be read, there are no fields.
    """
    try:
        found = json.loads(text or "{}", parse_int=_whole)
    except (ValueError, RecursionError):
        return {}
    return {name: _readable(value) for name, value in found.items()} if isinstance(found, dict) else {}


def canonical_fields(fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """Return further fields as they are kept: without those that have no value, whole numbers without a point.

    So the same fields are known again whether None, NaN or nothing stood where nothing is known, and whether pandas
    made doubles of whole numbers.
    """
    return {name: _pointless(value) for name, value in fields.items() if value is not None}


def _pointless(value: FieldValue) -> FieldValue:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return int(value) if whole and isinstance(value, float) else value


def field_rows(conversations: Iterable[tuple[int, str | None]]) -> pa.Table:
    """Make a table of further fields, one per row: its type as DuckDB names it, its text, a number's amount."""
    rows = [
        (number, name, *kept_form(value))
        for number, fields in conversations
        for name, value in fields_of(fields).items()
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(_TABLE)
    return pa.Table.from_arrays(
        [pa.array(one, field.type) for one, field in zip(columns, _TABLE, strict=True)], schema=_TABLE
    )


def as_text(value: float) -> str:
    """Write a number so that equal ones, whole or not, are written alike, and unequal ones are not."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < _LONGEST else "a longer number"
    return repr(value)


def value_of(kind: str, text: str, amount: float) -> FieldValue:
    """Read the value in a row of ``field_rows``; a number that no double can hold is whole, all others are doubles."""
    if kind != "DOUBLE":
        return text == "true" if kind == "BOOLEAN" else text
    whole = _whole(text) if abs(amount) >= _EXACT and text.lstrip("-").isdigit() else amount
    return amount if isinstance(whole, str) else whole


def _whole(digits: str) -> int | str:
    value = int(digits) if len(digits) < _DIGITS else None
    return value if value is not None and plain_json.is_finite(value) else digits


def _readable(value: Any) -> FieldValue:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return plain_json.dumps(value)


def kept_form(value: FieldValue) -> tuple[str, str | None, float | None]:
    """Return a value as the table of fields holds it: its type, its text, and its amount."""
    if value is None:
        return "NULL", None, None
    if isinstance(value, bool):
        return "BOOLEAN", str(value).lower(), None
    if isinstance(value, str):
        return "VARCHAR", value, None
    return "DOUBLE", as_text(value), float(value)
