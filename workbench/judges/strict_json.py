"""JSON from an untrusted party: refused if parsers could read it differently, or if it is too large."""

from __future__ import annotations

import json
from typing import Any


def loads(text: str | bytes, most: int) -> Any:
    """Return the parsed value; ``most`` is the maximum length in characters or bytes.

    Raises:
        ValueError: says what is wrong, never what is there: it is too long, no JSON, nested too deep, holds a key
            twice in one object, or NaN or an infinity, which JSON does not know.
    """
    if len(text) > most:
        raise ValueError("too long")
    try:
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ValueError(f"invalid JSON from character {error.pos} on") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice in one object")
    return found


def _no_number(name: str) -> Any:  # noqa: ARG001, json calls it with the name
    raise ValueError("NaN or an infinity")
