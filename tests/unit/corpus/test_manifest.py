"""F18 and item 11: the manifest and the parts that it names are checked before anything is read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.corpus.damages import damages
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.manifest import part_files, read_manifest
from workbench.domain.errors import NewerWorkspace, WorkbenchError, WorkspaceDamaged

NAMES = (
    "../../../other/corpus/conversations/000001-0123abcd.parquet",
    "/etc/passwd",
    "000001-0123abcd.parquet/../x",
    "000001-0123ABCD.parquet",
    "000001-0123abcd.parquet\n",
    "0000001-0123abcd.parquet.parquet",
    "*.parquet",
    "",
    None,
    1,
    ["000001-0123abcd.parquet"],
)


def calls(start: int, stop: int) -> list[dict[str, Any]]:
    return [{"id": f"c{n}", "turns": [{"text": f"This is call {n}. It is short."}]} for n in range(start, stop)]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "w" / "corpus")
    ingest(lake, calls(0, 3))
    ingest(lake, calls(3, 5))
    return lake


def changed(lake: Lake, change: Callable[[Any], Any]) -> Lake:
    """A new reader of the lake, whose manifest is another."""
    file = lake.root / "manifest.json"
    data = json.loads(file.read_text())
    found = change(data)
    file.write_text(json.dumps(data if found is None else found))
    return Lake(lake.root)


@pytest.mark.parametrize("name", NAMES)
def test_a_part_has_only_a_name_that_the_writer_gives(lake: Lake, name: Any) -> None:
    other = changed(lake, lambda data: data["parts"][0].update(name=name))
    with pytest.raises(WorkspaceDamaged, match=r"manifest.json: damaged .* the name of a part"):
        other.counts()
    with pytest.raises(WorkspaceDamaged):
        ingest(other, calls(5, 6))


@pytest.mark.parametrize("table", ["conversations", "turns", "sentences"])
@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_link_in_a_part_s_place_is_not_followed(lake: Lake, tmp_path: Path, table: str, whole_folder: bool) -> None:
    folder = lake.root / table
    moved = tmp_path / "elsewhere"
    place = folder if whole_folder else next(folder.iterdir())
    shutil.move(place, moved)
    os.symlink(moved, place)
    with pytest.raises(WorkspaceDamaged, match="a link"):
        _read_all(Lake(lake.root))


def _read_all(lake: Lake) -> None:
    lake.counts()
    assert [turn.text for turn in lake.turns("c0")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda _: [], "damaged"),
        (lambda _: {"format": 1}, "'parts' is missing"),
        (lambda _: {"parts": []}, "'format' is missing"),
        (lambda data: data.update(format="1"), "format '1' is unknown"),
        (lambda data: data.update(format=True), "format True is unknown"),
        (lambda data: data.update(format=0), "format 0 is unknown"),
        (lambda data: data.update(parts=5), "damaged"),
        (lambda data: data["parts"][0].update(turns=-1), "counts of 0"),
        (lambda data: data["parts"][0].update(sentences="6"), "counts of 0"),
        (lambda data: data["parts"][0].update(sentences=7), "holds 6 rows, the manifest says 7"),
        (lambda data: data["parts"][0].pop("turns") and None, "'turns' is missing"),
        (lambda data: data["sha256"].update({data["parts"][0]["name"]: [1]}), "hashes of 0"),
        (lambda data: data.update(sha256=[]), "damaged"),
    ],
)
def test_a_damaged_manifest_names_itself_and_the_remedy(lake: Lake, change: Callable[[Any], Any], says: str) -> None:
    with pytest.raises(WorkspaceDamaged, match=says) as raised:
        changed(lake, change).counts()
    assert str(lake.root) in str(raised.value)
    assert "workbench" in str(raised.value)


@pytest.mark.parametrize("size", [0, 1, 40, -1])
def test_a_cut_off_manifest_is_told(lake: Lake, size: int) -> None:
    file = lake.root / "manifest.json"
    os.truncate(file, size if size >= 0 else file.stat().st_size - 1)
    with pytest.raises(WorkspaceDamaged, match=r"manifest\.json: damaged .*workbench check --repair"):
        Lake(lake.root).counts()


def test_a_missing_manifest_is_not_an_empty_corpus(lake: Lake) -> None:
    (lake.root / "manifest.json").unlink()
    with pytest.raises(WorkspaceDamaged, match=r"manifest\.json: missing"):
        Lake(lake.root).counts()
    with pytest.raises(WorkspaceDamaged):
        ingest(Lake(lake.root), calls(5, 6))
    assert len(part_files(lake.root)) == 2


def test_a_newer_manifest_is_refused_and_says_what_to_do(lake: Lake) -> None:
    with pytest.raises(NewerWorkspace, match=r"format 99.*upgrade the workbench"):
        changed(lake, lambda data: data.update(format=99)).counts()


def test_a_manifest_without_hashes_is_read_and_written_on(lake: Lake) -> None:
    other = changed(lake, lambda data: data.pop("sha256") and None)
    assert other.counts().conversations == 5
    ingest(other, calls(5, 6))
    parts = read_manifest(lake.root).parts
    assert [len(part.sha256) for part in parts] == [0, 0, 3]
    assert [part.name[:6] for part in parts] == ["000001", "000002", "000003"]


@pytest.mark.parametrize("table", ["conversations", "turns", "sentences"])
@pytest.mark.parametrize("damage", ["delete", "empty", "half", "garbage", "folder", "other"])
def test_a_damaged_part_is_named_with_its_remedy(lake: Lake, table: str, damage: str) -> None:
    file = sorted((lake.root / table).iterdir())[0]
    data = file.read_bytes()
    file.unlink()
    if damage == "folder":
        file.mkdir()
    elif damage == "other":
        shutil.copy(sorted((lake.root / table).iterdir())[-1], file)
    elif damage != "delete":
        file.write_bytes({"empty": b"", "half": data[: len(data) // 2], "garbage": bytes(len(data))}[damage])
    assert [one for one, _ in damages(lake.root, read_manifest(lake.root))] == [file]
    if damage == "other" and table == "turns":
        return  # only `workbench check` reads all of them
    with pytest.raises(WorkbenchError, match=file.name) as raised:
        _read_all(Lake(lake.root))
    assert isinstance(raised.value, WorkspaceDamaged)
    assert "workbench restore" in str(raised.value)


def test_a_part_that_was_changed_is_known_by_its_hash(lake: Lake) -> None:
    import pyarrow.parquet as pq

    file = sorted((lake.root / "sentences").iterdir())[0]
    pq.write_table(pq.read_table(file), file)
    found = list(damages(lake.root, read_manifest(lake.root)))
    assert [one for one, _ in found] == [file]
    assert "its hash differs" in found[0][1]


def test_parts_that_were_taken_out_leave_their_numbers_free(lake: Lake) -> None:
    other = changed(lake, lambda data: data["parts"].pop(0) and None)
    ingest(other, calls(5, 6))
    assert [part.name[:6] for part in read_manifest(lake.root).parts] == ["000002", "000003"]
