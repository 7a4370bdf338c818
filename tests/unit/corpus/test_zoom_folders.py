"""Folders as Zoom names them, with files of the same names in each: topics, starts, ids, and earlier imports."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime

import pytest

import workbench as wb
from tests.unit.corpus.formats.files import opened
from workbench.corpus.formats import recognition
from workbench.corpus.formats.names_in_files import meeting_folder
from workbench.corpus.reading import read_all
from workbench.engine.encoders import HashingEncoder

ANY = wb.Filters(scope="any")
FIRST, SECOND = "2026-03-10 13.00.27 Weekly sync 98765432101", "2026-03-11 09.30.00 山田 太郎のZoomミーティング"
CAPTIONS = "meeting_saved_closed_caption.txt"


def captions(words: str) -> str:
    said = [("Ann Lee", f"Hello, this is about {words}."), ("Ben", f"Tell me more about {words}.")] * 3
    return "\n".join(f"[{name}] 13:00:{at:02}\n{text}\n" for at, (name, text) in enumerate(said))


@pytest.fixture
def zoom(tmp_path):
    """Two meetings' folders."""
    for name, words in ((FIRST, "bikes"), (SECOND, "trains")):
        (tmp_path / "Zoom" / name).mkdir(parents=True)
        (tmp_path / "Zoom" / name / CAPTIONS).write_text(captions(words))
        (tmp_path / "Zoom" / name / "recording.conf").write_text("{}")
    return tmp_path / "Zoom"


def table(ws):
    found = ws.conversations(ANY).set_index("id")
    return {id_: (row["title"], row["started"]) for id_, row in found.iterrows()}


def test_files_of_one_name_in_zooms_folders_are_calls_of_their_own(tmp_path, zoom):
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as ws:
        report = ws.ingest(zoom, time_zone="Asia/Tokyo")
        assert (report.added, report.rejected) == (2, ())
        assert table(ws) == {
            f"{FIRST}/meeting_saved_closed_caption": ("Weekly sync", datetime(2026, 3, 10, 4, 0, 27, tzinfo=UTC)),
            f"{SECOND}/meeting_saved_closed_caption": (
                "山田 太郎のZoomミーティング",
                datetime(2026, 3, 11, 0, 30, tzinfo=UTC),
            ),
        }
        assert ws.ingest(zoom).unchanged == 2
        assert [one.name for one in report.files] == [f"{FIRST}/{CAPTIONS}", f"{SECOND}/{CAPTIONS}"]


def test_an_archive_of_the_folders_gives_the_same(tmp_path, zoom):
    with zipfile.ZipFile(tmp_path / "zoom.zip", "w") as archive:
        for file in sorted(zoom.rglob("*.txt")):
            archive.write(file, file.relative_to(zoom.parent).as_posix())
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as ws:
        assert ws.ingest(tmp_path / "zoom.zip").added == 2
        assert ws.ingest(zoom).unchanged == 2


@pytest.mark.parametrize("redact", [False, True])
def test_what_an_earlier_version_imported_keeps_its_id(tmp_path, zoom, monkeypatch, redact):
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as ws:
        with monkeypatch.context() as earlier:
            earlier.setattr(recognition, "meeting_folder", lambda name: None)
            ws.ingest(zoom / FIRST, redact=["email"] if redact else False)
        assert list(table(ws)) == ["meeting_saved_closed_caption"]
        for added, changed, unchanged in ((1, 1, 0), (0, 0, 2)):
            report = ws.ingest(zoom, redact=["email"] if redact else False)
            assert (report.added, report.changed, report.unchanged) == (added, changed, unchanged)
        assert set(table(ws)) == {"meeting_saved_closed_caption", f"{SECOND}/meeting_saved_closed_caption"}
        assert table(ws)["meeting_saved_closed_caption"][0] == "Weekly sync"


def test_what_the_file_tells_comes_first(tmp_path):
    folder = tmp_path / FIRST
    folder.mkdir()
    name = "GMT20260310-120030_Recording.transcript.vtt"
    (folder / name).write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: Hello.\n")
    (one,) = read_all(folder)
    assert one.found.conversation.id == "GMT20260310-120030_Recording.transcript"
    assert one.found.conversation.started == datetime(2026, 3, 10, 12, 0, 30, tzinfo=UTC)
    assert one.found.conversation.title == "Weekly sync"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Zoom",
        "2026-03-10",
        "2026-03-10 13.00.27",
        "2026-13-10 13.00.27 A",
        "2026-03-10 25.00.27 A",
        "20260310 A",
    ],
)
def test_other_folders_tell_nothing(name):
    assert meeting_folder(name) is None
    assert opened("a.txt", "").folder == "nowhere"


def test_rejected_files_of_one_name_are_told_apart(tmp_path):
    for folder in ("a", "b/c"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "broken.json").write_text("{")
    (tmp_path / "in" / "other.json").write_text("{")
    names = [one.name for one in read_all(tmp_path / "in")]
    assert names == ["other.json", "a/broken.json", "b/c/broken.json"]
    assert [one.name for one in read_all(tmp_path / "in" / "a")] == ["broken.json"]
