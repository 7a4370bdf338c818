"""The glossary against the code: every name is there, and every label is shown somewhere."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests.unit.small import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith(("| term", "|---"))
]
SHOWN = [
    *(
        file
        for file in (ROOT / "widgets").rglob("*.ts*")
        if "node_modules" not in file.parts and "tests" not in file.parts
    ),
    *(ROOT / "workbench" / "widgets").glob("*.py"),
    *(ROOT / "workbench" / "dashboards").rglob("*.py"),
]


@pytest.mark.parametrize(("term", "name"), [(row[0], row[2].strip("`")) for row in ROWS])
def test_the_code_has_what_a_term_names(term, name):
    module, found = name, None
    while "." in module and found is None:
        module = module.rpartition(".")[0]
        try:
            found = import_module(module)
        except ModuleNotFoundError:
            continue
    assert found is not None, term
    for part in name.removeprefix(f"{module}.").split("."):
        found = getattr(found, part)


@pytest.mark.parametrize("label", [row[3] for row in ROWS if row[3]])
def test_a_label_stands_on_the_screen(label):
    text = re.compile(rf"[\">`{{ ]{re.escape(label)}\b")
    assert any(text.search(file.read_text()) for file in SHOWN)


def test_terms_are_in_no_doubt():
    terms = [row[0] for row in ROWS]
    assert len(terms) == len(set(terms))
    assert len(terms) > 20
