"""A folder is imported without the workspaces in it."""

from __future__ import annotations

from pathlib import Path

import workbench as wb
from workbench.corpus.folders import IS_WORKSPACE, files_in, is_workspace

TALK = "Agent: Hello there.\nCustomer: That is too expensive.\nAgent: I see.\n"


def folder_with_workspace(tmp_path: Path) -> tuple[Path, wb.Workspace]:
    folder = tmp_path / "calls"
    (folder / "team").mkdir(parents=True)
    for name in ("a.txt", "team/b.txt"):
        (folder / name).write_text(TALK)
    ws = wb.open(folder / "all.workspace")
    ws.ingest(folder)
    return folder, ws


def test_a_workspace_in_a_folder_is_passed_over(tmp_path):
    folder, ws = folder_with_workspace(tmp_path)
    assert [one.relative_to(folder).as_posix() for one in files_in(folder)] == ["a.txt", "team/b.txt"]
    again = ws.ingest(folder)
    assert (again.added, again.changed, again.unchanged, len(again.rejected)) == (0, 0, 2, 0)


def test_a_workspace_itself_is_refused(tmp_path):
    _, ws = folder_with_workspace(tmp_path)
    for place in (ws.path, Path(ws.path) / "corpus"):
        assert is_workspace(Path(place))
        (found,) = ws.ingest(place).rejected
        assert found.reason == IS_WORKSPACE
    assert not is_workspace(tmp_path)


def test_the_order_is_that_of_names(tmp_path):
    for name in ("b/1", "a/2", "c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert [one.relative_to(tmp_path).as_posix() for one in files_in(tmp_path)] == ["c", "a/2", "b/1"]
