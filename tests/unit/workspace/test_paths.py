"""Item 12: paths are made absolute when they are given, so a change of directory moves nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.domain.errors import WorkbenchError
from workbench.domain.paths import absolute, model_of, resolved
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import DEFAULT_MODEL, HashingEncoder
from workbench.store.database import STATE, absolute_state

ALL = wb.Filters(scope="any")


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders: the test begins in the first, and changes to the second."""
    monkeypatch.delenv(STATE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("home", "first", "second"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "first")
    return tmp_path / "second"


@pytest.mark.parametrize("given", ["demo", "./demo", "../first/demo", "~/demo", "deep/er/demo"])
def test_item_12_a_workspace_stays_where_it_was_opened(given: str, away: Path) -> None:
    workspace = wb.open(given, encoder=HashingEncoder())
    assert workspace.path.is_absolute()
    workspace.ingest(conversations(2), detect=False)
    os.chdir(away)
    workspace.encode()
    workspace.ingest(conversations(4)[2:], detect=False)
    tracker = workspace.trackers.create("Price", kind="keyword", words=["price"])
    tracker.publish(past="12 months").wait()
    assert workspace.counts(ALL).calls == 4
    assert wb.open(workspace.path, encoder=HashingEncoder()).counts(ALL).calls == 4
    assert os.listdir(away) == []
    assert {"corpus", "state.db", "vectors", "words"} <= set(os.listdir(workspace.path))


@pytest.mark.parametrize(
    "url", ["sqlite:///here.db", "sqlite:///./here.db", "here.db", "sqlite:///~/here.db", "~/here.db"]
)
@pytest.mark.parametrize("by_environment", [False, True])
def test_a_state_s_url_is_resolved(url: str, by_environment: bool, away: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_environment:
        monkeypatch.setenv(STATE, url)
    workspace = wb.open("demo", state=None if by_environment else url)
    os.chdir(away)
    workspace.database.dispose()
    workspace.trackers.create("Price", kind="keyword", words=["price"])
    home = away.parent / ("home" if "~" in url else "first")
    assert (home / "here.db").exists()
    assert os.listdir(away) == []


def test_a_state_is_told_to_other_processes_by_its_whole_path(away: Path) -> None:
    first = away.parent / "first"
    assert absolute_state("sqlite:///here.db") == f"sqlite:///{first}/here.db"
    assert absolute_state("here.db") == f"{first}/here.db"
    for url in (
        "postgresql+psycopg://ann:s3cret@host/w?sslmode=require",
        "sqlite://",
        "nonsense://",
        "sqlite:///:memory:",
    ):
        assert absolute_state(url) == url


@pytest.mark.parametrize("given", ["model", "./model", "~/model"])
def test_an_encoder_s_folder_is_resolved_and_keeps_its_key(given: str, away: Path) -> None:
    folder = away.parent / ("home" if "~" in given else "first") / "model"
    folder.mkdir()
    (folder / "weights").write_text("1")
    encoder = SharedEncoder(given)
    assert encoder.model == str(folder)
    assert encoder.key == SharedEncoder(str(folder)).key


def test_a_model_s_name_stays_a_name(away: Path) -> None:
    (away.parent / "first" / DEFAULT_MODEL).mkdir()
    assert model_of(DEFAULT_MODEL, DEFAULT_MODEL) == DEFAULT_MODEL
    assert model_of("sentence-transformers/other", DEFAULT_MODEL) == "sentence-transformers/other"


def test_files_are_read_and_written_at_home(away: Path) -> None:
    home = away.parent / "home"
    (home / "calls.jsonl").write_text("".join(json.dumps(one) + "\n" for one in conversations(2)))
    workspace = wb.open("~/demo", encoder=HashingEncoder())
    assert workspace.ingest("~/calls.jsonl", detect=False).added == 2
    workspace.encode()
    workspace.trackers.create("Price", kind="keyword", words=["price"]).publish()
    for name in ("trackers.json", "trackers.csv"):
        write = workspace.trackers.to_json if name.endswith("json") else workspace.trackers.to_csv
        assert write(f"~/{name}") == home / name
    assert workspace.trackers.get("Price").export("~/price.tracker") == home / "price.tracker"
    other = wb.open("other", encoder=HashingEncoder())
    assert other.trackers.import_file("~/price.tracker").name == "Price"
    assert other.trackers.from_json("~/trackers.json", skip=True).refused
    assert sorted(os.listdir(away.parent / "first")) == ["other"]


@pytest.mark.parametrize("bad", ["~nobody-of-that-name/w", "a\0b"])
def test_a_path_that_cannot_be_is_told(bad: str) -> None:
    for function in (absolute, resolved, wb.open):
        with pytest.raises(WorkbenchError, match="path: "):
            function(bad)


def test_links_that_lead_in_a_circle_are_told(tmp_path: Path) -> None:
    os.symlink(tmp_path / "b", tmp_path / "a")
    os.symlink(tmp_path / "a", tmp_path / "b")
    with pytest.raises(WorkbenchError):
        wb.open(tmp_path / "a" / "w")
