"""One tracker's definition as a row of a spreadsheet, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from workbench.domain import plain_json
from workbench.domain.errors import InvalidTracker
from workbench.domain.plurals import plural
from workbench.results.csv_export import unguarded
from workbench.trackers.kinds import SETTINGS

_LISTS = frozenset({"examples", "words", "exclude", "vocabulary"})
_NUMBERS = frozenset({"closeness", "least", "rules"})
_OBJECTS = frozenset({"filters", "sections"})
_TRUTHS = {
    **dict.fromkeys(("true", "wahr", "vrai", "verdadero"), True),  # as spreadsheets of these countries write it
    **dict.fromkeys(("false", "falsch", "faux"), False),
}
_SPLIT = re.compile(r"((?:[^|\n\\]|\\.|\\$)*)(?:[|\n]|$)", re.DOTALL)


@cache
def header() -> tuple[str, ...]:
    """Return all columns; among settings, only those of the row's kind are filled."""
    own = dict.fromkeys(name for kind in SETTINGS.values() for name in kind.__dataclass_fields__)
    return ("name", "kind", "description", "side", "examples", *own, "threshold", "filters", "seed")


def cell(name: str, about: dict[str, Any]) -> str:
    """Return the content of a column; ``about`` is a definition in JSON."""
    filters = dict(about["filters"])
    side = filters.pop("side", "anyone")
    value = {**about.get("settings", {}), **about, "side": side, "filters": filters}.get(name)
    if value is None or value == {}:
        return ""
    if isinstance(value, list):
        value = "\n".join(re.sub(r"([|\\])", r"\\\1", one) for one in value)
    elif isinstance(value, (dict, bool, float, int)):
        value = plain_json.dumps(value, ensure_ascii=False)
    return str(value)


def from_row(columns: Sequence[str], row: Sequence[str]) -> dict[str, Any] | InvalidTracker:
    """Return the definition in JSON without empty cells; raises if a cell cannot be read."""
    if len(row) > len(columns):
        return InvalidTracker(f"has {plural(len(row), 'cell')} for {plural(len(columns), 'column')}")
    given = {name: unguarded(value.replace("\r\n", "\n")) for name, value in zip(columns, row, strict=False)}
    try:
        values = {name: _value(name, value) for name, value in given.items() if value.strip()}
    except (ValueError, RecursionError) as error:
        return InvalidTracker(str(error))
    side = values.pop("side", None)
    if side is not None:
        values["filters"] = {**values.get("filters", {}), "side": side}
    own = {name for name in values if any(name in kind.__dataclass_fields__ for kind in SETTINGS.values())}
    settings = {name: values.pop(name) for name in own}
    return values | ({"settings": settings} if settings else {})


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return [re.sub(r"\\(.)", r"\1", one, flags=re.DOTALL) for one in _SPLIT.findall(text) if one.strip()]
    if name in _NUMBERS:
        try:
            return float(text.strip().replace(",", "."))  # as European spreadsheets write it
        except ValueError:
            raise ValueError(f"{name}: {text[:40]!r} is not a number") from None
    if name == "seed":
        if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 20):
            raise ValueError(f"seed: {text[:40]!r} is not a whole number")
        return int(text)
    if name == "free":
        if text.strip().lower() not in _TRUTHS:
            raise ValueError(f"{name}: {text[:40]!r} is neither true nor false")
        return _TRUTHS[text.strip().lower()]
    if name in _OBJECTS:
        try:
            found = plain_json.loads(text)
        except ValueError as error:
            raise ValueError(f"{name}: invalid JSON: {error}") from None
        if not isinstance(found, dict):
            raise ValueError(f"{name}: give a JSON object")
        return found
    return text if name == "description" else text.strip()
