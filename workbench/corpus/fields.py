"""A conversation's further fields, as stored and as queried."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from workbench.domain import plain_json
from workbench.domain.conversations import FieldValue

_EXACT = 2**53  # below, a double represents every whole number
_DIGITS = 30  # more than any that is stored
_LONGEST = 2**1024  # the longest form of a double
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
    """Read the further fields of a conversation from the stored JSON.

    A value that no reader could use is returned as text: earlier versions accepted whole numbers of any length. If
    nothing can be read, there are no fields.
    """
    try:
        found = _JSON.decode(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {name: _readable(value) for name, value in found.items()} if isinstance(found, dict) else {}


def canonical_fields(fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """Return further fields as they are stored: without missing values, whole numbers without a point.

    So equal fields are recognised whether a missing value was None, NaN or left out, and whether pandas turned whole
    numbers into doubles.
    """
    return {name: _pointless(value) for name, value in fields.items() if value is not None}


def _pointless(value: FieldValue) -> FieldValue:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return int(value) if whole and isinstance(value, float) else value


def field_rows(conversations: Iterable[tuple[int, str | None]]) -> pa.Table:
    """Make a table of further fields, one per row: its DuckDB type, its text, and the amount of a number."""
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
    """Write a number so that equal numbers, whole or not, have equal texts, and unequal ones do not."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < _LONGEST else "a longer number"
    return repr(value)


def value_of(kind: str, text: str, amount: float) -> FieldValue:
    """Read the value in a row of ``field_rows``; one that no double can represent is whole, others are doubles."""
    if kind != "DOUBLE":
        return text == "true" if kind == "BOOLEAN" else text
    whole = _whole(text) if abs(amount) >= _EXACT and text.lstrip("-").isdigit() else amount
    return amount if isinstance(whole, str) else whole


def _whole(digits: str) -> int | str:
    value = int(digits) if len(digits) < _DIGITS else None
    return value if value is not None and plain_json.is_finite(value) else digits


_JSON = json.JSONDecoder(parse_int=_whole)  # made once: to make it takes longer than to read most fields


def _readable(value: Any) -> FieldValue:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return plain_json.dumps(value)


def kept_form(value: FieldValue) -> tuple[str, str | None, float | None]:
    """Return a value in the form of the table of fields: its type, its text, and its amount."""
    if value is None:
        return "NULL", None, None
    if isinstance(value, bool):
        return "BOOLEAN", str(value).lower(), None
    if isinstance(value, str):
        return "VARCHAR", value, None
    return "DOUBLE", as_text(value), float(value)
