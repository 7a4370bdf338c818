"""Whoever gives an argument that cannot be used gets an error that is also a ValueError."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import workbench
from workbench.domain import errors
from workbench.domain.annotators import checked_user
from workbench.domain.paths import absolute
from workbench.domain.publications import checked_past
from workbench.domain.results import checked_note
from workbench.engine.recipes import recipe
from workbench.engine.thresholds import check_rule
from workbench.results.grouping import checked_by

PACKAGE = Path(workbench.__file__).parent
FIELD = re.compile(r"[a-z][a-z_.]*: ")
# What people give on the command line or in a page, and not to a call.
NOT_CALLED = ("cli", "serving", "widgets")


def beginning(message: ast.expr) -> str:
    """Return the literal text that a message begins with."""
    if isinstance(message, ast.JoinedStr):
        message = message.values[0]
    return message.value if isinstance(message, ast.Constant) and isinstance(message.value, str) else ""


def plain_errors() -> list[str]:
    """Find where a plain WorkbenchError names a field."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        where = file.relative_to(PACKAGE)
        if where.parts[0] in NOT_CALLED:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            made = node.exc if isinstance(node, ast.Raise) else None
            if not (isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.args):
                continue
            said = beginning(made.args[0])
            if made.func.id in ("WorkbenchError", "ValueError") and FIELD.match(said):
                found.append(f"{where}:{node.lineno}: {said}")
    return found


# Raised for files and read again as an error of theirs by whoever reads them.
READ_AGAIN = ("engine/detector_arrays.py", "engine/model_file.py", "workspace/definition_cells.py")


def test_an_error_that_names_an_argument_is_an_invalid_argument():
    assert [one for one in plain_errors() if not one.startswith(READ_AGAIN)] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda: checked_user(" "),
        lambda: absolute("a\0b"),
        lambda: checked_past("2 weeks"),
        lambda: checked_note("x" * 100_000),
        lambda: recipe("nothing"),
        lambda: check_rule("precision>=2"),
        lambda: checked_by("colour"),
        lambda: checked_by(["team", "team"]),
    ],
)
def test_a_wrong_argument_is_a_value_error(call):
    with pytest.raises(ValueError, match=": ") as wrong:
        call()
    assert isinstance(wrong.value, workbench.InvalidArgument)
    assert isinstance(wrong.value, workbench.WorkbenchError)


def test_each_error_about_what_was_given_is_an_invalid_argument():
    for kind in vars(errors).values():
        if isinstance(kind, type) and kind.__name__.startswith("Invalid") and kind not in ABOUT_FILES:
            assert issubclass(kind, errors.InvalidArgument), kind


ABOUT_FILES = (errors.InvalidModelFile, errors.InvalidBackup)
