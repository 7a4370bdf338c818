"""Read and write JSON as its standard has it (RFC 8259): no NaN, no infinity, no number that others cannot keep.

Everything that the package writes as JSON goes through :func:`dumps`, the state's columns included. What comes from
elsewhere is read with :func:`loads`, which refuses such numbers; what older versions stored, with :func:`kept`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

MAX_WHOLE = 2**63 - 1  # what databases and Parquet keep of whole numbers
_MAX_DIGITS = len(str(MAX_WHOLE))


class NumberRefused(ValueError):
    """A number that JSON does not know, or that databases cannot keep."""


def dumps(
    value: Any,
    *,
    indent: int | None = None,
    sort_keys: bool = False,
    ensure_ascii: bool = True,
    default: Callable[[Any], Any] | None = None,
) -> str:
    """Write plain JSON types; NaN and infinities become null. Arguments are those of :func:`json.dumps`."""
    options: dict[str, Any] = {"indent": indent, "sort_keys": sort_keys, "ensure_ascii": ensure_ascii}
    try:
        return json.dumps(value, allow_nan=False, default=default, **options)
    except ValueError:  # also of a circle, which the second try finds again
        return json.dumps(finite(value), allow_nan=False, default=default, **options)


def loads(text: str | bytes) -> Any:
    """Read JSON.

    Raises:
        ValueError: it is not JSON, nested too deeply, or holds a number that :func:`is_finite` refuses; says which.
    """
    try:
        return json.loads(text, **STRICT)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def kept(text: str | bytes) -> Any:
    """Read JSON that an older version wrote into the state: what is not a number of JSON counts as null."""
    return json.loads(text, parse_constant=lambda _: None, parse_float=_finite_or_none, parse_int=_whole_or_none)


def is_finite(number: float) -> bool:
    """Return whether JSON and databases can keep this number.

    It must be neither NaN nor infinite, and of at most 64 bits where whole.
    """
    return abs(number) <= MAX_WHOLE if isinstance(number, int) else math.isfinite(number)


def finite(value: Any) -> Any:
    """Return the same plain JSON types, with null in place of NaN and infinities."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {finite(key) if isinstance(key, float) else key: finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return value


def is_plain(value: Any) -> bool:
    """Return whether all numbers in these plain JSON types can be kept, see :func:`is_finite`."""
    if isinstance(value, int | float):
        return is_finite(value)
    if isinstance(value, Mapping):
        return all(map(is_plain, value.values()))
    return not isinstance(value, list | tuple) or all(map(is_plain, value))


def _not_json(constant: str) -> NoReturn:
    raise NumberRefused(f"{constant} is not valid JSON; give a number or null")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NumberRefused(f"{_shown(text)} is too large; give a smaller number")
    return number


def _whole(text: str) -> int:
    if len(text) > _MAX_DIGITS + 1 or abs(number := int(text)) > MAX_WHOLE:
        raise NumberRefused(f"{_shown(text)} is too large; give a whole number of at most 64 bits, or text")
    return number


def _finite_or_none(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _whole_or_none(text: str) -> int | None:
    return None if len(text) > _MAX_DIGITS + 1 or abs(number := int(text)) > MAX_WHOLE else number


def _shown(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


STRICT: dict[str, Any] = {"parse_constant": _not_json, "parse_float": _finite, "parse_int": _whole}
"""What makes a :class:`json.JSONDecoder` refuse such numbers."""
