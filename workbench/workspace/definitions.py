"""Definitions of many trackers in one JSON or CSV file, to read, to edit in a spreadsheet and to import again (K3).

The file does not contain what was learnt; ``Tracker.export`` writes that. An import creates drafts.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.corpus.columns import column_name
from workbench.corpus.table_text import NumberedRow, rows_of_table, text_of_table
from workbench.domain import plain_json
from workbench.domain.access import private_opener
from workbench.domain.errors import InvalidArgument, InvalidTracker, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.paths import absolute
from workbench.domain.trackers import TrackerKind, TrackerSpec
from workbench.engine.thresholds import check_rule
from workbench.publishing.file_contents import read_plain_file
from workbench.results.csv_export import to_csv as guarded_csv
from workbench.results.csv_export import unguarded
from workbench.trackers.definitions import new_definition
from workbench.trackers.kinds import as_recorded
from workbench.workspace.definition_cells import cell, from_row, header

MAX_BYTES = 50_000_000
MAX_SEED = 2**31
_TYPES: dict[str, tuple[type, str]] = {
    "name": (str, "text"),
    "kind": (str, "text"),
    "description": (str, "text"),
    "threshold": (str, "text"),
    "filters": (dict, "an object"),
    "examples": (list, "a list of sentences"),
    "settings": (dict, "an object"),
    "seed": (int, "a whole number"),
}
_BEGIN = re.compile(r'\s*(?:\{\s*"trackers"\s*:\s*)?\[\s*')
_NEXT = re.compile(r"\s*(?:,\s*(?=[^\s\]])|(?=\]))")
_END = re.compile(r"\]\s*\}?\s*\Z")

Listed = tuple[int, dict[str, Any] | WorkbenchError]  # the line on which it begins, and its content


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that was left out: the line on which it begins, counted from 1, and the reason."""

    line: int
    reason: str


def to_json(specs: Sequence[TrackerSpec]) -> str:
    """Return the definitions as JSON, each as the REST API accepts it, without filters that have their default."""
    return plain_json.dumps({"trackers": [definition(spec) for spec in specs]}, indent=1, ensure_ascii=False) + "\n"


def to_csv(specs: Sequence[TrackerSpec], bom: bool = False) -> str:
    r"""Return the definitions as CSV, one tracker per row, guarded as :mod:`workbench.results.csv_export` says.

    Several words, phrases or sentences are on one line each in their cell; ``|`` and ``\`` in them follow a ``\``.
    """
    rows = [[cell(name, about) for name in header()] for about in map(definition, specs)]
    return guarded_csv(pd.DataFrame(rows, columns=[*header()], dtype=object), bom)


def definition(spec: TrackerSpec) -> dict[str, Any]:
    """Plain JSON; :func:`read_definitions` makes a draft of it."""
    usual = Filters().to_dict()
    about: dict[str, Any] = {"name": spec.name, "kind": str(spec.kind), "description": spec.description}
    about["filters"] = {name: value for name, value in spec.filters.to_dict().items() if value != usual[name]}
    about["threshold"] = spec.threshold
    if spec.kind is TrackerKind.EXAMPLE:
        return about | {"examples": list(spec.examples), "seed": spec.seed}
    if spec.kind is TrackerKind.PHRASE:  # its closeness says nothing without its rules
        return about | {"settings": as_recorded(spec.kind, spec.settings)}
    return about | {"settings": dict(spec.settings)}


def listed_in_json(text: str) -> Iterator[Listed]:
    """Yield the objects of a list, or of an object's only field ``trackers``.

    Raises ``InvalidTracker`` if it is neither.
    """
    begin = _BEGIN.match(text)
    if begin is None:
        raise InvalidTracker('line 1: give a list of trackers, or {"trackers": [...]}')
    decoder, at, line, counted = json.JSONDecoder(object_pairs_hook=_once, **plain_json.STRICT), begin.end(), 1, 0
    while not text.startswith("]", at):
        line, counted = line + text.count("\n", counted, at), at
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise InvalidTracker(f"line {getattr(error, 'lineno', line)}: invalid JSON: {error}") from None
        yield line, found if isinstance(found, dict) else InvalidTracker("give an object with a name and a kind")
        following = _NEXT.match(text, at)
        if following is None:
            raise InvalidTracker(f"line {line + text.count(chr(10), counted, at)}: invalid JSON: expected ',' or ']'")
        at = following.end()
    if not _END.match(text, at) or (text.rstrip().endswith("}") != text.lstrip().startswith("{")):
        raise InvalidTracker("the file has fields other than trackers; remove them")


def listed_in_csv(text: str) -> Iterator[Listed]:
    """Yield the rows below the header, whatever separates the cells, because European spreadsheets use semicolons.

    Raises:
        InvalidTracker: columns are unknown or missing, or the text is not CSV.
    """
    rows = rows_of_table(text)
    try:
        first = next(rows, NumberedRow(1, []))
        columns = [column_name(unguarded(name)) for name in first.cells]
        while columns and not columns[-1]:  # of columns that a spreadsheet left empty
            columns.pop()
        if unknown := sorted({one for one in columns if one not in header() or columns.count(one) > 1}):
            known = ", ".join(header())
            raise InvalidTracker(
                f"line {first.line}: column {', '.join(unknown)}: unknown or repeated; known are {known}"
            )
        if "name" not in columns:
            raise InvalidTracker(f"line {first.line}: the column name is missing")
        for line, row in rows:
            if any(one.strip() for one in row):
                while len(row) > len(columns) and not row[-1].strip():
                    row.pop()
                yield line, from_row(columns, row)
    except InvalidArgument as error:
        raise InvalidTracker(str(error)) from None


def read_definitions(listed: Iterator[Listed], taken: set[str], skip: bool) -> tuple[list[TrackerSpec], list[Refusal]]:
    """Return drafts of the entries: all or none, or with ``skip`` the valid ones. Names in ``taken`` cannot be used.

    Raises:
        InvalidTracker: an entry is not valid, and not ``skip``; gives its line and field.
    """
    specs, refused, names = [], [], set(taken)
    for line, found in listed:
        try:
            spec = _drafted(found)
            if spec.name in names:
                raise InvalidTracker(f"name: a tracker is already named {spec.name!r}")
        except WorkbenchError as error:
            if not skip:
                raise InvalidTracker(f"line {line}: {error}") from None
            refused.append(Refusal(line, str(error)))
            continue
        names.add(spec.name)
        specs.append(spec)
    return specs, refused


def text_of(path: str | os.PathLike[str]) -> str:
    """Return a file's content.

    Raises ``FileNotFoundError``, or ``WorkbenchError`` if it cannot be read or is too large.
    """
    file = absolute(path)
    try:
        return read_plain_file(file, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTracker(f"{file.name}: not UTF-8: {error.reason} at byte {error.start}") from None


def table_of(path: str | os.PathLike[str]) -> str:
    """Return a table's text, in whatever encoding a spreadsheet wrote it. Raises as :func:`text_of` does."""
    return text_of_table(read_plain_file(absolute(path), MAX_BYTES))


def written(text: str, path: str | os.PathLike[str] | None) -> str | Path:
    """Return the text, or the file that it was written to."""
    if path is None:
        return text
    file = absolute(path)
    with open(file, "w", encoding="utf-8", newline="", opener=private_opener) as out:
        out.write(text)
    return file


Lister = Callable[[str], Iterator[Listed]]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a field twice")
    return found


def _drafted(found: dict[str, Any] | WorkbenchError) -> TrackerSpec:
    if isinstance(found, WorkbenchError):
        raise found
    given = {name: value for name, value in found.items() if value is not None}
    if unknown := sorted(set(given) - set(_TYPES)):
        raise InvalidTracker(f"{', '.join(unknown)[:200]}: unknown; known are {', '.join(_TYPES)}")
    for name, (kind, told) in _TYPES.items():
        if name in given and (not isinstance(given[name], kind) or isinstance(given[name], bool)):
            raise InvalidTracker(f"{name}: give {told}")
        _check_text(name, given.get(name))
    settings = given.pop("settings", {})
    threshold = given.pop("threshold", "balanced")
    check_rule(threshold)
    if not 0 <= given.get("seed", 0) < MAX_SEED:
        raise InvalidTracker(f"seed: must be a whole number from 0 to {MAX_SEED - 1}")
    if clash := sorted({*_TYPES, "self"} & set(settings)):
        raise InvalidTracker(f"settings.{clash[0]}: not a setting; pass {clash[0]!r} at the top level")
    filters = Filters.from_dict(given.pop("filters")) if given.get("filters") else None
    given.pop("filters", None)
    spec = new_definition(given.pop("name", ""), filters=filters, **given, **settings)
    return replace(spec, threshold=threshold)


def _check_text(name: str, value: Any) -> None:
    """Refuse text that a database cannot store."""
    if isinstance(value, str):
        if "\0" in value or (not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value)):
            raise InvalidTracker(f"{name}: contains a null character or half a character")
    elif isinstance(value, dict):
        for key, one in value.items():
            _check_text(name, key)
            _check_text(f"{name}.{key}", one)
    elif isinstance(value, list):
        for one in value:
            _check_text(name, one)
