"""Access to JSON documents of any shape: what is missing or of another type is empty instead of an error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_LOOKED_AT = 20  # entries of a list whose keys are collected


def obj(value: Any) -> dict[str, Any]:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objs(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def at(value: Any, *path: str | int) -> Any:
    """Return the value at a path of keys and indices; None if there is none."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def first(value: Any, *keys: str) -> Any:
    """Return the value of the first of the keys whose value isn't null or ""; None if there is none."""
    if not isinstance(value, dict):
        return None
    for key in keys:
        if (found := value.get(key)) is not None and found != "":
            return found
    return None


def sample(value: Any) -> dict[str, Any]:
    """Return the keys of a list's first objects in one object, each with its first value that isn't null."""
    out: dict[str, Any] = {}
    for one in value[:_LOOKED_AT] if isinstance(value, list) else ():
        if isinstance(one, dict):
            for key, found in one.items():
                if out.get(key) is None:
                    out[key] = found
    return out


def text(value: Any) -> str:
    """Return a text; numbers are converted, and anything else is ""."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def name(value: Any) -> str | None:
    """Return a text or a whole number as an id or a title; None for anything else, and for blanks."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return str(value).strip() or None


def joined(parts: Iterable[Any]) -> str:
    """Return the texts of all parts, with a space between."""
    return " ".join(found for part in parts if (found := text(part).strip()))


def among(keys: dict[str, Any], *names: str) -> bool:
    """Return a test for objects that have all of these keys."""
    return all(one in keys for one in names)
