"""What a person reads when a line breaks a rule."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MAX_REASONS = 3
_MAX_SHOWN = 60
_MAX_NAMED = 40
_MUST = {
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:,.15g}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length:,} characters; shorten it",
    "string_pattern_mismatch": "must not contain control characters; remove them",
    "string_type": "must be text",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "enum": "must be one of {expected}",
    "too_long": "must have at most {max_length:,} entries; split the conversation into several",
}
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = _MAX_SHOWN


def reason_of(error: ValidationError) -> str:
    """Return the broken rules, at most ``MAX_REASONS`` of them: ``turns.3.start_s: must be at least 0, is -2``."""
    return summed_up(list(dict.fromkeys(_reason(detail) for detail in error.errors(include_url=False))))


def summed_up(reasons: Sequence[str]) -> str:
    """Return the first ``MAX_REASONS`` of them, and a count of the others; empty if there are none."""
    more = len(reasons) - MAX_REASONS
    return "; ".join(reasons[:MAX_REASONS]) + (f"; and {more} more" if more > 0 else "")


def shown(value: Any) -> str:
    """Return a value from elsewhere as it can be shown in a message: shortened, and without control characters."""
    text = _SHORT.repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


def place(path: tuple[int | str, ...]) -> str:
    """Return where in a conversation something is, such as ``turns.3.start_s``."""
    return ".".join(map(_step, path)) or "the line"


def _step(step: int | str) -> str:
    """Return an index or a name; a long or strange name is shortened and quoted."""
    text = str(step)
    plain = len(text) <= _MAX_NAMED and text.isprintable()
    return text if plain else repr(text if len(text) <= _MAX_NAMED else text[:_MAX_NAMED] + "…")


def _reason(detail: ErrorDetails) -> str:
    kind, where = detail["type"], place(_path(detail["loc"]))
    if kind == "json_invalid":
        return f"is not JSON: {detail['ctx']['error']}"
    if kind == "missing":
        return f"{where}: missing"
    if kind == "extra_forbidden":
        return f"{where}: not a field of a conversation; put further fields into `fields`"
    if kind == "value_error":
        return f"{where}: {detail['ctx']['error']}"
    if detail["loc"][:1] == ("fields",) and detail["loc"][2:] not in ((), ("[key]",)):
        return f"{where}: must be text, a finite number, true, false or null, not {shown(detail['input'])}"
    must = _MUST.get(kind, detail["msg"]).format(**detail.get("ctx", {}))
    if kind == "too_long":
        return f"{where}: {must}"
    return f"{where}: {must}{', not' if must.startswith('must be ') else ':'} {shown(detail['input'])}"


def _path(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return the path to the field; after ``fields`` and a name pydantic adds the type that it tried."""
    return loc[:2] if loc[:1] == ("fields",) else loc
