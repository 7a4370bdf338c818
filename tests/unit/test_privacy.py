"""Tests go by what is public: names that begin with an underscore may change without a test."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
OWN = {"self", "cls"}
PUBLIC = {"_asdict", "_replace", "_fields", "_exit", "_mapping", "_obj"}  # libraries spell what is public so
FRAME = {"_handle_msg", "_handle_custom_msg", "_msg_callbacks"}  # of ipywidgets: how a page's message comes in

KNOWN: dict[str, tuple[int, str]] = {
    "tests/browser/gallery/states.py": (1, "a widget of the gallery stays as it is, whatever its page asks"),
    "tests/unit/resources/test_access.py": (1, "to bring about the file of a fine-tuning takes minutes"),
    "tests/unit/results/receivers.py": (1, "aiosmtpd's hook for a port that is known only once it listens"),
    "tests/unit/server/test_problems.py": (1, "no request is known that brings about what the answer is for"),
}
"""How often these files look inside, and why. Take a number down when a test is mended; none may go up."""


def private(source: str) -> Iterator[tuple[int, str]]:
    """Give the line and name of each private name of something else that is used, patched or imported."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and _hidden(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in OWN):
                yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("setattr", "delattr"):
            for one in node.args[:2]:
                if isinstance(one, ast.Constant) and _hidden(str(one.value).rpartition(".")[2]):
                    yield node.lineno, str(one.value)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbench"):
            yield from ((node.lineno, one.name) for one in node.names if _hidden(one.name))


def _hidden(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC | FRAME


def test_tests_look_inside_no_more_than_they_did():
    found = {str(file.relative_to(ROOT)): list(private(file.read_text())) for file in sorted(TESTS.rglob("*.py"))}
    counts = Counter({name: len(places) for name, places in found.items() if places})
    more = {name: found[name] for name, count in counts.items() if count > KNOWN.get(name, (0, ""))[0]}
    assert not more, f"These tests use private names; test what is public instead: {more}"
    fewer = {name: counts[name] for name, (count, _) in KNOWN.items() if counts[name] < count}
    assert not fewer, f"These tests look inside less often now; write the new numbers into KNOWN: {fewer}"


@pytest.mark.parametrize(
    "line",
    [
        "session._answers.asked()",
        "made().train()._first_stage()",
        "monkeypatch.setattr(module, '_BATCH', 2)",
        "monkeypatch.setattr('workbench.engine.thresholds._AT_ONCE', 16)",
        "from workbench.engine.local_encoder import _padded",
    ],
)
def test_each_way_to_look_inside_is_seen(line):
    assert len(list(private(line))) == 1


@pytest.mark.parametrize("line", ["self._own", "thing.public", "row._replace(at=1)", "thing.__dict__", "_local = 1"])
def test_what_is_public_or_its_own_is_let_pass(line):
    assert not list(private(line))
