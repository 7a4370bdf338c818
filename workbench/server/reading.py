"""Reads a request's bytes into models; whatever does not fit is refused with the field's name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from workbench.domain import plain_json
from workbench.server.problems import RequestRefused, invalid

MOST_BYTES = 1_000_000
IGNORED = frozenset({"token", "_xsrf", "no_track_activity"})  # the server's own parameters
_NUMBERS = {"integer": re.compile(r"-?\d{1,15}", re.ASCII), "number": re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)}
_MOST_TOLD = 20


def query_of(model: type[BaseModel] | None, given: Mapping[str, Sequence[bytes]]) -> Any:
    """Return the query parameters; raises ``Refused``."""
    known = parameters_of(model) if model is not None else {}
    values: dict[str, Any] = {}
    for name, several in given.items():
        if name in IGNORED:
            continue
        if name not in known:
            raise invalid(name, "unknown query parameter")
        texts = [_decoded(name, one) for one in several]
        if known[name].get("type") == "array":
            values[name] = texts
        elif len(texts) > 1:
            raise invalid(name, "given more than once; give it once")
        else:
            values[name] = _as_json(texts[0], known[name])
    return None if model is None else _checked([model], plain_json.dumps(values).encode())


def parameters_of(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each query parameter, without null, which means the same as omitting it."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {name: _without_null(one) for name, one in schema.get("properties", {}).items()}


def body_of(models: Sequence[type[BaseModel]], body: bytes, content_type: str) -> Any:
    """Return the body as the first of ``models`` that accepts it; raises ``Refused``."""
    if len(body) > MOST_BYTES:
        raise RequestRefused(413, f"the body has {len(body):,} bytes; send at most {MOST_BYTES:,}")
    if not models:
        if body.strip() not in (b"", b"{}"):
            raise invalid("body", "this endpoint takes no body; send none")
        return None
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RequestRefused(415, "send the body as JSON, with Content-Type: application/json")
    read = _checked(models, body)
    try:
        plain_json.loads(body)
    except ValueError as error:  # for fields that take any JSON, such as settings
        raise invalid("body", str(error)) from None
    return read


def _checked(models: Sequence[type[BaseModel]], data: bytes) -> Any:
    for model in models[:-1]:
        try:
            return model.model_validate_json(data)
        except ValidationError as error:
            if _means(model, data):
                raise _told(error) from None
    try:
        return models[-1].model_validate_json(data)
    except ValidationError as error:
        raise _told(error) from None


def _means(model: type[BaseModel], data: bytes) -> bool:
    """Return whether the sender meant this model, which means that one of its required fields is there."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return False
    wanted = {name for name, field in model.model_fields.items() if field.is_required()}
    return isinstance(given, dict) and bool(wanted & set(given))


def _told(error: ValidationError) -> RequestRefused:
    found = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_TOLD]
    fields = [(".".join(map(str, one["loc"])) or "body", one["msg"]) for one in found]
    name, message = fields[0]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return RequestRefused(422, f"{name}: {message}{more}", "invalid", fields)


def _decoded(name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise invalid(name, "is not UTF-8") from None


def _as_json(text: str, schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in _NUMBERS and _NUMBERS[kind].fullmatch(text):
        return json.loads(str(int(text))) if kind == "integer" else float(text)
    return text


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    kept = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(kept) == len(schema.get("anyOf", [])):
        return {name: value for name, value in schema.items() if name not in ("title",)}
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default", "title")}
    return rest | (kept[0] if len(kept) == 1 else {"anyOf": kept})
