"""A state that means harm: what SQLite could be made to do, and names that lead out of the workspace.

Holds since the security test; each line of it has its test here.
"""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import closing

import pytest
from sqlalchemy.exc import DBAPIError

import workbench as wb
from tests.unit.small import conversations
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import HashingEncoder

LEADING_OUT = ("../../outside", "..", "../models", "/outside", "a/../../../outside", "outside\0x")


@pytest.fixture
def workspace(tmp_path):
    made = wb.open(tmp_path / "w", encoder=HashingEncoder())
    made.ingest(conversations(3))
    made.trackers.create("Dog", kind="keyword", words=["dog"]).publish()
    return made


def changed(workspace, *statements):
    """The state with these statements run on it by somebody who has no rules to keep."""
    file = workspace.path / "state.db"
    workspace.close()
    with closing(sqlite3.connect(file)) as connection:
        for one in statements:
            connection.execute(*one) if isinstance(one, tuple) else connection.execute(one)
        connection.commit()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return wb.open(workspace.path, encoder=HashingEncoder())


@pytest.mark.parametrize(
    "call",
    [
        "load_extension('/tmp/evil.so')",
        "load_extension('libevil')",
        "readfile('/etc/passwd')",
        "writefile('/tmp/out', 'x')",
        "edit('x', 'touch /tmp/out')",
        "fts3_tokenizer('x')",
    ],
)
def test_a_trigger_reaches_nothing_outside(workspace, call):
    """It is refused as it runs: extensions are off, and the shell's own functions are not there."""
    own = changed(workspace, f"CREATE TRIGGER t AFTER UPDATE ON trackers BEGIN SELECT {call}; END")
    with pytest.raises((DBAPIError, WorkbenchError)):
        own.trackers.get("Dog").update(description="changed")
    assert own.trackers.get("Dog").description == ""


def test_no_other_file_is_taken_in(workspace, tmp_path):
    own = changed(workspace, "CREATE TRIGGER t AFTER UPDATE ON trackers BEGIN SELECT 1; END")
    with own.database.connect() as connection, pytest.raises((DBAPIError, WorkbenchError)):
        connection.exec_driver_sql("SELECT load_extension('x')")
    own.trackers.get("Dog").update(description="changed")
    assert own.trackers.get("Dog").description == "changed"


@pytest.mark.parametrize("name", LEADING_OUT)
def test_ids_that_lead_out_delete_and_read_nothing(workspace, tmp_path, name):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    (outside / "imported.tracker").write_text("kept")
    before = sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if "state.db" not in one.name)
    statements = [
        "PRAGMA foreign_keys = OFF",
        ("UPDATE trackers SET id = ?", (name,)),
        ("UPDATE publications SET tracker_id = ?, id = ?", (name, name)),
    ]
    own = changed(workspace, *statements)
    tracker = own.trackers.list()[0]
    for use in (
        lambda: own.detections("Dog"),
        lambda: tracker.imported,
        lambda: tracker.publish(),
        lambda: own.trackers.delete("Dog"),
        lambda: own.trackers.delete(name, forever=True),
    ):
        try:
            use()
        except (WorkbenchError, DBAPIError, ValueError, OSError):
            continue
    after = [str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*")]
    assert set(before) <= set(after)
    assert (outside / "kept.txt").read_text() == "kept"
    assert not [one for one in set(after) - set(before) if one.startswith("outside")]
