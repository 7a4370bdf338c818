"""What a person reads when a line breaks a rule."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MAX_REASONS = 3
_MAX_SHOWN = 60
_MUST = {
    "greater_than_equal": "must be at least {ge:g}",
    "string_too_short": "must not be empty",
    "string_type": "must be text",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "enum": "must be one of {expected}",
}


def reason_of(error: ValidationError) -> str:
    """The broken rules, at most ``MAX_REASONS`` of them: ``turns.3.start_s: must be at least 0, is -2``."""
    reasons = list(dict.fromkeys(_reason(detail) for detail in error.errors(include_url=False)))
    more = len(reasons) - MAX_REASONS
    return "; ".join(reasons[:MAX_REASONS]) + (f"; and {more} more" if more > 0 else "")


def _reason(detail: ErrorDetails) -> str:
    kind, where = detail["type"], _where(detail["loc"])
    if kind == "json_invalid":
        return f"is not JSON: {detail['ctx']['error']}"
    if kind == "missing":
        return f"{where}: is missing"
    if kind == "extra_forbidden":
        return f"{where}: is no field of a conversation; put further fields into `fields`"
    if kind == "value_error":
        return f"{where}: {detail['ctx']['error']}"
    if detail["loc"][:1] == ("fields",):
        return f"{where}: must be text, a finite number, true, false or null, is {_shown(detail['input'])}"
    must = _MUST.get(kind, detail["msg"]).format(**detail.get("ctx", {}))
    return f"{where}: {must}, is {_shown(detail['input'])}"


def _where(loc: tuple[int | str, ...]) -> str:
    """The path to the field; after ``fields`` and a name pydantic adds the type that it tried."""
    return ".".join(map(str, loc[:2] if loc[:1] == ("fields",) else loc)) or "the line"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
