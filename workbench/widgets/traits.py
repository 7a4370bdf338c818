"""Traits of plain JSON, typed by the protocol."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import traitlets

T = TypeVar("T")


def record(kind: type[T], default: Any = None, **options: Any) -> traitlets.TraitType[T, T]:
    """Make a trait for an object of this kind; without a ``default`` it is empty until set."""
    found = traitlets.Dict(**options) if default is None else traitlets.Dict(default_value=default, **options)
    return cast("traitlets.TraitType[T, T]", found)


def optional_record(kind: type[T]) -> traitlets.TraitType[T | None, T | None]:
    """Make a trait for an object of this kind, or None, the initial value."""
    return cast("traitlets.TraitType[T | None, T | None]", traitlets.Dict(allow_none=True, default_value=None))


def records(kind: type[T]) -> traitlets.TraitType[list[T], list[T]]:
    """Make a trait for a list of objects of this kind, initially empty."""
    return cast("traitlets.TraitType[list[T], list[T]]", traitlets.List())


def optional_records(kind: type[T]) -> traitlets.TraitType[list[T] | None, list[T] | None]:
    """Make a trait for a list of objects of this kind, or None, the initial value."""
    return cast(
        "traitlets.TraitType[list[T] | None, list[T] | None]", traitlets.List(allow_none=True, default_value=None)
    )
