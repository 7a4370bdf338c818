"""Definitions of trackers, many in one file: JSON or CSV, to read, to edit in a spreadsheet and to bring back (K3).

What was learnt does not come along; ``Tracker.export`` writes that. What is brought in are drafts.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.domain import plain_json
from workbench.domain.access import private_opener
from workbench.domain.errors import InvalidTracker, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.paths import absolute
from workbench.domain.trackers import TrackerKind, TrackerSpec
from workbench.engine.thresholds import check_rule
from workbench.publishing.file_contents import read_plain_file
from workbench.results.csv_export import BOM
from workbench.results.csv_export import to_csv as guarded_csv
from workbench.trackers.definitions import new_definition
from workbench.workspace.definition_cells import cell, from_row, header

MAX_BYTES = 50_000_000
_TYPES: dict[str, tuple[type, str]] = {
    "name": (str, "text"),
    "kind": (str, "text"),
    "description": (str, "text"),
    "threshold": (str, "text"),
    "filters": (dict, "an object"),
    "examples": (list, "a list of sentences"),
    "settings": (dict, "an object"),
}
_BEGIN = re.compile(r'\s*(?:\{\s*"trackers"\s*:\s*)?\[\s*')
_NEXT = re.compile(r"\s*(?:,\s*(?=[^\s\]])|(?=\]))")
_END = re.compile(r"\]\s*\}?\s*\Z")

Listed = tuple[int, dict[str, Any] | WorkbenchError]  # the line on which it begins, and what stands there


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was left out: the line on which it begins, counted from 1, and why."""

    line: int
    reason: str


def to_json(specs: Sequence[TrackerSpec]) -> str:
    """Return the definitions as JSON, each as the REST API takes it; filters that are as usual are left out."""
    return plain_json.dumps({"trackers": [definition(spec) for spec in specs]}, indent=1, ensure_ascii=False) + "\n"


def to_csv(specs: Sequence[TrackerSpec], bom: bool = False) -> str:
    """Return the definitions as CSV, a tracker a row, guarded as :mod:`workbench.results.csv_export` says.

    Of several words, phrases or sentences each stands on a line of its cell; ``|`` and ``\\`` in them follow a ``\\``.
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
        return about | {"examples": list(spec.examples)}
    return about | {"settings": dict(spec.settings)}


def listed_in_json(text: str) -> Iterator[Listed]:
    """Yield the objects of a list, or of an object's only field ``trackers``. Raises ``InvalidTracker`` if it is
    none.
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
    """Yield the rows below the header. Raises ``InvalidTracker`` if columns are unknown or missing, or it is no
    CSV.
    """
    csv.field_size_limit(MAX_BYTES)  # the whole process's; by default less than a long vocabulary takes
    rows = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True)
    try:
        columns = [name.strip() for name in next(rows, [])]
        if unknown := sorted({one for one in columns if one not in header() or columns.count(one) > 1}):
            known = ", ".join(header())
            raise InvalidTracker(f"line 1: column {', '.join(unknown)}: unknown or repeated; known are {known}")
        if "name" not in columns:
            raise InvalidTracker("line 1: the column name is missing")
        line = rows.line_num + 1
        for row in rows:
            if any(row):
                yield line, from_row(columns, row)
            line = rows.line_num + 1
    except csv.Error as error:
        raise InvalidTracker(f"line {rows.line_num}: invalid CSV: {error}") from None


def read_definitions(listed: Iterator[Listed], taken: set[str], skip: bool) -> tuple[list[TrackerSpec], list[Refusal]]:
    """Drafts of what is listed, all of it or, with ``skip``, what can be used. ``taken`` names cannot be used again.

    Raises:
        InvalidTracker: names the line and the field of the first that cannot be used, unless ``skip``.
    """
    specs, refused, names = [], [], set(taken)
    for line, found in listed:
        try:
            spec = _drafted(found)
            if spec.name in names:
                raise InvalidTracker(f"name: a tracker is called {spec.name!r} already")
        except WorkbenchError as error:
            if not skip:
                raise InvalidTracker(f"line {line}: {error}") from None
            refused.append(Refusal(line, str(error)))
            continue
        names.add(spec.name)
        specs.append(spec)
    return specs, refused


def text_of(path: str | os.PathLike[str]) -> str:
    """Return a file's content. Raises ``FileNotFoundError``, or ``WorkbenchError`` where it cannot be read or is too
    large.
    """
    file = absolute(path)
    try:
        return read_plain_file(file, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTracker(f"{file.name}: not UTF-8: {error.reason} at byte {error.start}") from None


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
        if name in given and not isinstance(given[name], kind):
            raise InvalidTracker(f"{name}: give {told}")
        _check_text(name, given.get(name))
    settings = given.pop("settings", {})
    threshold = given.pop("threshold", "balanced")
    check_rule(threshold)
    if clash := sorted({*_TYPES, "self", "seed"} & set(settings)):
        raise InvalidTracker(f"settings.{clash[0]}: not a setting; pass {clash[0]!r} at the top level")
    filters = Filters.from_dict(given.pop("filters")) if given.get("filters") else None
    given.pop("filters", None)
    spec = new_definition(given.pop("name", ""), filters=filters, **given, **settings)
    return replace(spec, threshold=threshold)


def _check_text(name: str, value: Any) -> None:
    """Refuse text that no database keeps."""
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
