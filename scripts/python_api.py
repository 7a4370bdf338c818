"""Writes the tables of docs/python.md from the classes that users hold: each call, what it returns and what for.

Run it when the Python API changes; a test compares the page with the code.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "python.md"
MARK = "<!-- What follows is written by `python -m scripts.python_api`. -->"
CLASSES = (
    ("ws = wb.open(…)", "workbench.workspace.workspace.Workspace"),
    ("ws.trackers", "workbench.workspace.trackers.Trackers"),
    ("ws.company", "workbench.workspace.sides.CompanySettings"),
    ("ws.sides", "workbench.workspace.sides.KnownSides"),
    ("tracker = ws.trackers.get(…)", "workbench.workspace.tracker.Tracker"),
    ("session = tracker.train()", "workbench.training.session.TrainingSession"),
    ("version = tracker.publish(…)", "workbench.publishing.publication.Publication"),
    ("ws.streams", "workbench.results.streams.Streams"),
    ("stream = ws.streams.get(…)", "workbench.results.streams.Stream"),
    ("ws.alerts", "workbench.results.alerts.Alerts"),
    ("alert = ws.alerts.get(…)", "workbench.results.alerts.Alert"),
    ("ws.boards", "workbench.results.boards.Boards"),
    ("board = ws.boards.get(…)", "workbench.results.boards.Board"),
    ("ws.playbooks", "workbench.results.playbooks.Playbooks"),
    ("playbook = ws.playbooks.get(…)", "workbench.results.playbooks.Playbook"),
    ("ws.metrics", "workbench.metrics.all_metrics.Metrics"),
    ("ws.analyst", "workbench.metrics.analyst.Analyst"),
    ("call = ws.call(…)", "workbench.metrics.call.Call"),
    ("ws.aliases", "workbench.workspace.aliases.Aliases"),
    ("ws.statistics(…)", "workbench.results.statistics.Statistics"),
    ("ws.credits", "workbench.reading.credits.Credits"),
    ("ws.live", "workbench.live.all_calls.LiveCalls"),
    ("call = ws.live(…)", "workbench.live.call.LiveCall"),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One name of a class: what is written in code, what it returns, and what for."""

    call: str
    returns: str
    about: str


def loaded(path: str) -> type:
    """Return the class of this full name."""
    module, _, name = path.rpartition(".")
    found: type = getattr(importlib.import_module(module), name)
    return found


def public(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the names that a class and our classes it is made of give to users, each with what it is."""
    seen: dict[str, Any] = {}
    for one in reversed(kind.__mro__):
        if one.__module__.startswith("workbench."):
            seen |= {name: value for name, value in vars(one).items() if not name.startswith("_")}
    for name, value in sorted(seen.items()):
        if inspect.isroutine(value) or isinstance(value, property | cached_property):
            yield name, value


def function_of(member: Any) -> Any:
    """Return the function behind a method, a static method or a property, also a cached one."""
    for name in ("fget", "func", "__func__"):
        member = getattr(member, name, member)
    return member


def rows(kind: type) -> Iterator[Row]:
    """Yield a row for each name that is not an old one, the fields of a dataclass first."""
    for field in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
        if not field.name.startswith("_"):
            yield Row(field.name, _plain(field.type), "")
    for name, member in public(kind):
        function = function_of(member)
        if hasattr(function, "__deprecated__"):
            continue
        signature = inspect.signature(function)
        call = name if isinstance(member, property | cached_property) else f"{name}{_taken(signature)}"
        yield Row(call, _plain(signature.return_annotation), _summary(function))


def old(kind: type) -> Iterator[tuple[str, str]]:
    """Yield the old names of a class, each with the new one."""
    for name, member in public(kind):
        function = function_of(member)
        if said := getattr(function, "__deprecated__", ""):
            found = re.match(r"Use (\S+) instead of (\S+), ", said)
            assert found, said
            yield found[2], found[1]
        for before, after in getattr(function, "__old_keywords__", {}).items():
            yield f"{name}({before}=)", f"{name}({after}=)"


def tables() -> str:
    """Return the tables as Markdown: one for each class, and one of the old names."""
    parts, renamed = [], ["| object | old | new |", "|---|---|---|"]
    for title, path in CLASSES:
        kind = loaded(path)
        lines = [f"| {_code(row.call)} | {_code(row.returns)} | {row.about} |" for row in rows(kind)]
        parts.append("\n".join([f"### `{title}`", "", "| call | returns | what for |", "|---|---|---|", *lines]))
        renamed += [f"| `{kind.__name__}` | {_code(before)} | {_code(after)} |" for before, after in old(kind)]
    return "\n\n".join(["## Calls", *parts, "## Old names", "\n".join(renamed)]) + "\n"


def page(text: str) -> str:
    """Return the page with its tables as the code has them."""
    return f"{text.partition(MARK)[0]}{MARK}\n\n{tables()}"


def _taken(signature: inspect.Signature) -> str:
    given = [one for one in signature.parameters.values() if one.name != "self"]
    plain = [one.replace(annotation=one.empty) for one in given]
    return str(signature.replace(parameters=plain, return_annotation=signature.empty))


def _plain(annotation: Any) -> str:
    said = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    said = said.strip("'\"").replace("builtins.", "")
    return re.sub(r"\bpd\.|\bnp\.", "", said)


def _summary(function: Any) -> str:
    text = re.sub(r"\s+", " ", (inspect.getdoc(function) or "").partition("\n\n")[0])
    text = re.sub(r":\w+:`~?\.?(?:[\w.]*\.)?(\w+)`", r"`\1`", text).replace("``", "`")
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
