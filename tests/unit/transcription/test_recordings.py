"""Recordings in folders: which files count, what their calls are called, where transcripts go."""

from __future__ import annotations

import os

import pytest

from workbench.transcription.recordings import SUFFIXES, recordings_in
from workbench.widgets import recordings as played


def made(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def test_what_can_be_played_is_taken_for_a_recording():
    assert played.SUFFIXES <= SUFFIXES


def test_a_folder_is_read_with_its_subfolders_and_without_what_is_no_recording(tmp_path):
    folder = made(
        tmp_path, "b.wav", "a.MP3", "team/a.wav", "notes.txt", "a.MP3.jsonl", ".hidden.wav", ".trash/x.wav", "wav"
    )
    (folder / "folder.wav").mkdir()
    os.mkfifo(folder / "pipe.wav")
    found = recordings_in(folder)
    assert [(one.id, one.path.name) for one in found] == [("a", "a.MP3"), ("b", "b.wav"), ("team/a", "a.wav")]
    assert [one.transcript.relative_to(folder).as_posix() for one in found] == [
        "a.MP3.jsonl",
        "b.wav.jsonl",
        "team/a.wav.jsonl",
    ]
    assert not any(one.problem for one in found)
    elsewhere = recordings_in(folder, tmp_path / "out")
    assert elsewhere[2].transcript == tmp_path / "out" / "team" / "a.wav.jsonl"


def test_files_count_whatever_their_suffix_and_each_once(tmp_path):
    made(tmp_path, "a.dat", "b.wav")
    assert [one.id for one in recordings_in([tmp_path / "a.dat", tmp_path, tmp_path / "b.wav"])] == ["a", "b"]
    os.mkfifo(tmp_path / "pipe.wav")
    assert "regular file" in recordings_in(tmp_path / "pipe.wav")[0].problem
    with pytest.raises(FileNotFoundError, match="no such file"):
        recordings_in(tmp_path / "none")


def test_two_recordings_never_share_an_id(tmp_path):
    made(tmp_path, "a.mp3", "a.wav", "x/b.wav", "y/b.wav")
    first, second, *others = recordings_in(tmp_path)
    assert (first.problem, "same id" in second.problem) == ("", True)
    assert [one.problem for one in others] == ["", ""]
    assert ["same id" in one.problem for one in recordings_in([tmp_path / "x", tmp_path / "y"])] == [False, True]


@pytest.mark.parametrize("name", ["a\nb.wav", "a\x1b[31m.wav", "\udcff.wav", "a\u202eb.wav"])
def test_a_name_that_cannot_be_an_id_is_reported(tmp_path, name):
    made(tmp_path, name)
    (found,) = recordings_in(tmp_path)
    assert "rename it" in found.problem
