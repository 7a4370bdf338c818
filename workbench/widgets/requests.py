"""Checks a page's request before it is handled: its fields must be those of the method, with their types."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from workbench.domain.errors import WorkbenchError
from workbench.domain.texts import whole

MAX_WHOLE = 2**53  # larger numbers are not exact in JavaScript
_TOLD = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}


class BadRequest(WorkbenchError, ValueError):
    """A page requests what this version does not know; it may be from another version."""


def checked(method: Callable[..., Any], values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a request's fields as the method's arguments; texts lose null characters and unpaired surrogates.

    Raises:
        BadRequest: a field is missing, unknown, or has another type than in the method.
    """
    try:
        return _checked(_parameters(getattr(method, "__func__", method)), values)
    except RecursionError:
        raise BadRequest("This page sent a value that is nested too deeply. Reload the page.") from None


def _checked(takes: Mapping[str, tuple[Any, bool]], values: Mapping[Any, Any]) -> dict[str, Any]:
    for name in values:
        if name not in takes:
            raise BadRequest("This page sent an unknown field. Reload the page.")
    out = {}
    for name, (hint, is_needed) in takes.items():
        if name in values:
            if not _fits(values[name], hint):
                raise BadRequest(f"This page sent an invalid value: {name} must be {_words(hint)}. Reload the page.")
            out[name] = _cleaned(values[name])
        elif is_needed:
            raise BadRequest(f"This page left out a field: {name}. Reload the page.")
    return out


@cache
def _parameters(function: Callable[..., Any]) -> dict[str, tuple[Any, bool]]:
    """Return by name the type, and whether a value is required."""
    named = [one for one in inspect.signature(function).parameters.values() if one.name != "self"]
    given = {one.name: function.__annotations__.get(one.name, Any) for one in named}
    shim = type("Parameters", (), {"__annotations__": given, "__module__": function.__module__})
    hints = get_type_hints(shim)
    return {one.name: (hints[one.name], one.default is inspect.Parameter.empty) for one in named}


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in args)
    if hint in (None, type(None)):
        return value is None
    if origin in (list, Sequence):
        return isinstance(value, list) and all(_fits(one, args[0]) for one in value)
    if origin in (dict, Mapping):
        return isinstance(value, dict) and all(_fits(k, args[0]) and _fits(one, args[1]) for k, one in value.items())
    if is_typeddict(hint):
        return isinstance(value, dict) and all(isinstance(name, str) for name in value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_WHOLE
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value)
    return isinstance(value, hint)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float can represent
        return False


def _words(hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(_words(one) for one in get_args(hint))
    if hint in (None, type(None)):
        return "nothing"
    return _TOLD.get({Sequence: list, Mapping: dict}.get(get_origin(hint), get_origin(hint)) or hint, "an object")


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value).replace("\0", " ") if not value.isascii() or "\0" in value else value
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return {_cleaned(name): _cleaned(one) for name, one in value.items()} if isinstance(value, dict) else value
