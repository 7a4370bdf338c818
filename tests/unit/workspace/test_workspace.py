"""A workspace gives back what it holds open, and can be used again after that."""

from __future__ import annotations

import os

import pytest

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="this system doesn't tell which files are open")
def test_closed_workspaces_keep_no_files_open(tmp_path):
    def use(n):
        with wb.open(tmp_path / str(n), encoder=HashingEncoder()) as workspace:
            workspace.ingest(small.conversations(3), detect=False)
            workspace.encode()
            workspace.trackers.list()
            workspace.search("price")
            return workspace

    kept = [use(0)]
    before = open_files()
    kept += [use(n) for n in range(1, 8)]
    assert open_files() <= before


def test_a_closed_workspace_can_be_used_again(tmp_path):
    workspace = small.ready(tmp_path / "w", rounds=1)
    publication = workspace.trackers.get("Price").publish(past="12 months")
    publication.wait()
    before = workspace.detections("Price"), workspace.counts(), workspace.search("price")
    workspace.close()
    workspace.close()
    assert workspace.detections("Price").equals(before[0])
    assert workspace.counts() == before[1]
    assert workspace.search("price").equals(before[2])
    assert workspace.similar_sentences("price").sentences
