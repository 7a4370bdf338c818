"""The page on the Python API lists what the classes have, and names no old name but as one."""

from __future__ import annotations

import re

import pytest

from scripts import python_api


def test_the_page_is_as_the_code():
    text = python_api.PAGE.read_text("utf-8")
    assert text == python_api.page(text), "run `python -m scripts.python_api`"


@pytest.mark.parametrize("path", [path for _, path in python_api.CLASSES])
def test_each_call_says_what_it_returns(path):
    for row in python_api.rows(python_api.loaded(path)):
        assert row.returns, f"{path}.{row.call}"
        assert "_empty" not in row.returns, f"{path}.{row.call}"


def test_each_old_name_leads_to_one_that_there_is():
    for _, path in python_api.CLASSES:
        kind = python_api.loaded(path)
        known = {re.split(r"\W", row.call)[0] for row in python_api.rows(kind)}
        for before, after in python_api.old(kind):
            assert re.split(r"\W", after)[0] in known, f"{path}: {before}"


# What a user can come by from the workspace and is not listed would be missing in the tables.
KINDS = ("streams", "alerts", "boards", "playbooks", "metrics", "trackers")


def test_what_can_be_made_can_be_changed_and_deleted_alike():
    found = dict(python_api.CLASSES)
    for name in KINDS:
        kind = python_api.loaded(found[f"ws.{name}"])
        names = {name for name, _ in python_api.public(kind)}
        assert {"create", "get", "list", "update", "delete"} <= names, kind
        assert "restore" not in names or name == "trackers", kind
