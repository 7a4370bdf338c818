"""The choices for a person who maps a file: its lists of turns, and their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.corpus.formats.makers.generic import proposed
from workbench.corpus.formats.makers.json_mapping import JsonMapping
from workbench.corpus.formats.opened import Opened, UnreadableFile, parsed
from workbench.corpus.formats.tables.mapped import proposed_columns, records_of

_MAX_LISTS = 30
_MAX_KEYS = 60
_MAX_PATH_KEYS = 8
_MAX_LOOKED_THROUGH = 20_000
_LOOKED_AT = 50
_MAX_EXAMPLE_SHOWN = 60


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """A key of a list's entries, or a column; ``example`` is one of its values, shortened."""

    key: str
    example: str


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A list of objects in a file; ``path`` as in :class:`~.makers.generic.JsonMapping`, empty for a table."""

    path: tuple[str, ...]
    entries: int
    keys: tuple[KeyChoice, ...]


@dataclass(frozen=True, slots=True)
class MappingChoices:
    """The choices in a file; ``proposed`` is the best mapping, None if none fits."""

    proposed: JsonMapping | None
    lists: tuple[ListChoice, ...]
    is_table: bool


def mapping_choices(path: Path) -> MappingChoices | None:
    """Return the choices in a file; None if it is neither JSON nor a table, or cannot be read."""
    try:
        file = Opened(path)
        document, is_table = _document(file)
    except (UnreadableFile, OSError):
        return None
    if document is None:
        return None
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    counts: dict[tuple[str, ...], int] = {}
    for where, entries in _lists(document):
        counts[where] = counts.get(where, 0) + len(entries)
        held = groups.setdefault(where, [])
        held += entries[: _LOOKED_AT - len(held)] if len(held) < _LOOKED_AT else []
    lists = [ListChoice(where, counts[where], _keys(entries)) for where, entries in groups.items()]
    lists.sort(key=lambda one: -one.entries)
    if not lists:
        return None
    fitting = (proposed_columns(file) if is_table else None) or proposed(document)
    return MappingChoices(fitting, tuple(lists[:_MAX_LISTS]), is_table)


def _document(file: Opened) -> tuple[Any, bool]:
    records = records_of(file)
    if records is not None:
        return records, True
    if b"\0" in file.head[:1_000] or file.text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return None, False
    try:
        return file.json, False
    except UnreadableFile:
        entries = [parsed(line) for line in file.lines if line.strip()]
        return entries or None, False


def _lists(document: Any) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Yield the lists of objects in a document with their paths; entries of lists are ``*``."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), document)]
    visited = 0
    while waiting and visited < _MAX_LOOKED_THROUGH:
        where, value = waiting.pop(0)
        visited += 1
        if isinstance(value, list):
            entries = [one for one in value if isinstance(one, dict)]
            if entries:
                yield where, entries
            if len(where) < _MAX_PATH_KEYS:
                waiting += [((*where, "*"), one) for one in entries[:_LOOKED_AT]]
        elif isinstance(value, dict) and len(where) < _MAX_PATH_KEYS:
            waiting += [((*where, str(key)), one) for key, one in value.items() if isinstance(one, dict | list)]


def _keys(entries: list[dict[str, Any]]) -> tuple[KeyChoice, ...]:
    found: dict[str, str] = {}
    for one in entries:
        for key, value in one.items():
            if isinstance(value, list) or (key not in found and len(found) >= _MAX_KEYS):
                continue
            if not found.get(key):
                found[key] = _example(value)
    return tuple(KeyChoice(key, example) for key, example in found.items())


def _example(value: Any) -> str:
    text = "" if value is None else " ".join(str(value)[:500].split())
    return text if len(text) <= _MAX_EXAMPLE_SHOWN else f"{text[:_MAX_EXAMPLE_SHOWN]}…"
