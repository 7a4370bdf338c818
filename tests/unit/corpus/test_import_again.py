"""What an import adds is no part of what a conversation says: the same files, wherever they lie, add nothing (item 4).

And what cannot be read in the midst of an import is told by name, and costs nothing else (item 8).
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.make_workspace import chosen
from tests.support.old_workspace import unpacked
from workbench.corpus import reading
from workbench.corpus.formats.neutral_model import from_json, to_json
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.tables import Item, content_hash
from workbench.domain.conversations import Conversation, Turn

MEDIA = ["audio/m1.mp3", "m1.mp3", "../m1.mp3", "/srv/m1.mp3", "https://host.example/m1.mp3", "ähm .mp3", None]


def call(name: str, **more) -> dict:
    return {"id": name, "turns": [{"text": "We can look at the fee."}]} | more


def write(folder: Path, *calls: dict, name: str = "c.jsonl") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(json.dumps(one) + "\n" for one in calls))
    return folder / name


def outcome(report) -> tuple[int, int, int]:
    return report.added, report.unchanged, len(report.rejected)


def by_earlier_version(lake: Lake, file: Path) -> None:
    """As it was done: the recording's path first, and the hash of what came out."""
    items = []
    for line in file.read_bytes().splitlines():
        found = from_json(line)
        if found.media is not None and "://" not in found.media:
            found = replace(found, media=str((file.parent / found.media).resolve()))
        items.append(Item(found, content_hash(to_json(found)), file.name))
    lake.append(items)


@pytest.mark.parametrize("media", MEDIA)
def test_the_same_files_in_another_folder_add_nothing(tmp_path, media):
    lake, line = Lake(tmp_path / "lake"), call("m1", media=media)
    assert outcome(ingest(lake, write(tmp_path / "old", line))) == (1, 0, 0)
    kept = lake.outline("m1").media
    assert kept == (media if media is None or "://" in media else str((tmp_path / "old" / media).resolve()))
    assert outcome(ingest(lake, write(tmp_path / "new" / "deeper", line))) == (0, 1, 0)
    assert outcome(ingest(lake, [tmp_path / "old", tmp_path / "new"])) == (0, 2, 0)


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("moved", [False, True])
def test_what_an_earlier_version_imported_is_known_again_wherever_it_lies(tmp_path, media, moved):
    lake, file = Lake(tmp_path / "lake"), write(tmp_path / "old", call("m1", media=media))
    by_earlier_version(lake, file)
    if moved:
        shutil.move(tmp_path / "old", tmp_path / "new")
    assert outcome(ingest(lake, tmp_path / ("new" if moved else "old"))) == (0, 1, 0)


@pytest.mark.parametrize("earlier", [False, True])
def test_another_recording_or_other_words_are_told(tmp_path, earlier):
    lake, file = Lake(tmp_path / "lake"), write(tmp_path / "old", call("m1", media="m1.mp3"))
    if earlier:
        by_earlier_version(lake, file)
    else:
        ingest(lake, file)
    for changed in ({"media": "m2.mp3"}, {"media": None}, {"media": "m1.mp3", "title": "Other"}):
        new = write(tmp_path / "new", call("m1", **changed))
        assert outcome(ingest(lake, new, on_change="reject")) == (0, 0, 1)


def test_objects_of_an_earlier_import_are_known_again(tmp_path):
    """A whole number of seconds was hashed as it was given, without its point."""
    lake = Lake(tmp_path)
    given = Conversation(id="a", turns=(Turn(text="Yes.", start_s=3),), duration_s=5)
    lake.append([Item(given, content_hash(to_json(given)))])
    assert outcome(ingest(lake, [given])) == (0, 1, 0)
    assert outcome(ingest(lake, [replace(given, duration_s=6)], on_change="reject")) == (0, 0, 1)


def test_what_else_an_import_adds_is_no_content_either(tmp_path):
    """The language that the words tell, names made clean, a zone for the date."""
    lake = Lake(tmp_path / "lake")
    words = " ".join(["Das ist uns leider viel zu teuer, wir müssen das noch einmal besprechen."] * 3)
    one = call("a", turns=[{"text": words}], title=" Ren\x07ewal\n talk ", team=" East ", started="2026-03-01")
    assert outcome(ingest(lake, [one])) == (1, 0, 0)
    card = lake.card("a")
    assert (card.language, card.title, card.team) == ("de", "Ren ewal talk", "East")
    assert outcome(ingest(lake, [one, one])) == (0, 2, 0)
    assert outcome(ingest(lake, write(tmp_path / "f", one))) == (0, 1, 0)


def test_the_calls_of_an_older_workspace_are_known_again(tmp_path):
    lake = Lake(unpacked(tmp_path) / "corpus")
    calls = list(chosen())
    assert outcome(ingest(lake, calls)) == (0, len(calls), 0)
    assert outcome(ingest(lake, write(tmp_path / "f", *calls))) == (0, len(calls), 0)


PROBLEMS = {
    "missing": lambda folder: folder / "nothing.jsonl",
    "missing folder": lambda folder: folder / "nothing" / "at all.jsonl",
    "null": lambda _: "a\0b.jsonl",
    "too long": lambda _: "x" * 5_000 + ".jsonl",
    "nobody's home": lambda _: "~nobody-of-this-name/x.jsonl",
    "pipe": lambda folder: os.mkfifo(folder / "p.jsonl") or folder / "p.jsonl",
    "device": lambda _: "/dev/zero",
    "circle": lambda folder: os.symlink("circle.jsonl", folder / "circle.jsonl") or folder / "circle.jsonl",
    "format": lambda folder: (folder / "x.xml").write_text("<x/>") and folder / "x.xml",
    "damaged": lambda folder: (
        (folder / "x.jsonl.gz").write_bytes(gzip.compress(b"x" * 999)[:15]) and folder / "x.jsonl.gz"
    ),
    "empty": lambda folder: (folder / "e.jsonl").write_text("") or folder / "e.jsonl",
}


@pytest.mark.parametrize("what", PROBLEMS)
def test_what_cannot_be_read_is_told_by_name_and_the_rest_goes_in(tmp_path, what):
    before, after = (write(tmp_path / name, call(name)) for name in ("a", "c"))
    (tmp_path / "odd").mkdir()
    report = ingest(Lake(tmp_path / "lake"), [before, PROBLEMS[what](tmp_path / "odd"), call("b"), after])
    assert outcome(report) == (3, 0, 1)
    assert report.rejected[0].name
    assert len(report.rejected[0].name) <= 255
    assert str(report.rejected[0]).isprintable()


@pytest.mark.parametrize("error", [ValueError("no more"), OSError("gone"), RuntimeError(), MemoryError()], ids=repr)
def test_a_source_that_fails_half_way_keeps_what_it_gave(tmp_path, error):
    def failing():
        yield from (call("a"), call("b"))
        raise error

    report = ingest(Lake(tmp_path), failing())
    assert outcome(report) == (2, 0, 1)
    assert report.rejected[0].name == "item 2"
    assert f"the source stopped here ({type(error).__name__}" in report.rejected[0].reason


def test_a_file_that_goes_while_a_folder_is_read_is_told(tmp_path, monkeypatch):
    files = [write(tmp_path / "f", call(name), name=f"{name}.jsonl") for name in "abc"]
    known = reading.format_of

    def vanishing(path, mapping=None):
        if path == files[1]:
            path.unlink(missing_ok=True)
        return known(path, mapping)

    monkeypatch.setattr(reading, "format_of", vanishing)
    report = ingest(Lake(tmp_path / "lake"), files)
    assert outcome(report) == (2, 0, 1)
    assert (report.rejected[0].name, report.rejected[0].reason) == (
        "b.jsonl",
        "cannot be read: No such file or directory",
    )


def test_a_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    write(tmp_path / "f", call("a"))
    write(tmp_path / "f" / "closed", call("b"))
    scan = os.scandir

    def refused(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    report = ingest(Lake(tmp_path / "lake"), tmp_path / "f")
    assert outcome(report) == (1, 0, 1)
    assert (report.rejected[0].name, report.rejected[0].reason) == ("closed", "cannot be read: Permission denied")


def test_names_that_no_text_holds_are_shown_all_the_same(tmp_path):
    name = b"bad\xff\x1b.jsonl"
    (tmp_path / "f").mkdir()
    with open(os.path.join(os.fsencode(tmp_path / "f"), name), "wb") as file:
        file.write(json.dumps(call("a", media="a.wav")).encode() + b"\n{")
    lake = Lake(tmp_path / "lake")
    report = ingest(lake, tmp_path / "f")
    assert outcome(report) == (1, 0, 1)
    assert report.rejected[0].name == "bad\ufffd\ufffd.jsonl"
    assert list(lake.conversations()["source"]) == ["bad\ufffd\ufffd.jsonl"]
