"""The stores in which a user has agreed to keep corpora: said once, in the user's own folder."""

from __future__ import annotations

import pytest

from workbench.domain.errors import WorkspaceNotTrusted
from workbench.resources.agreed_stores import agree_to, check_agreed

URL = "s3://calls/team"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_CONFIG_DIR", str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_each_store_is_agreed_to_by_itself():
    agree_to(URL)
    agree_to(URL)
    check_agreed(URL)
    with pytest.raises(WorkspaceNotTrusted, match=r"run `workbench corpus s3://calls/other`"):
        check_agreed("s3://calls/other")


def test_a_damaged_note_agrees_to_nothing(own_folder):
    agree_to(URL)
    (own_folder / "corpora.json").write_text('{"corpora": 7}')
    with pytest.raises(WorkspaceNotTrusted):
        check_agreed(URL)


def test_a_service_agrees_to_all(monkeypatch):
    monkeypatch.setenv("WORKBENCH_TRUST", "1")
    check_agreed(URL)
