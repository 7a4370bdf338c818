"""The package's types are for its users, too, and what mypy and ruff are told to pass over says why."""

from __future__ import annotations

import re

from tests.unit.small import ROOT

_UNEXPLAINED = re.compile(r"# type: ignore(?!\[[a-z, -]+\]  # \w)|# noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)*, [\w\"'])")


def test_each_ignored_error_names_its_kind_and_its_reason():
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "workbench").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _UNEXPLAINED.search(line)
    ]
    assert lines == []


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "workbench" / "py.typed").is_file()
