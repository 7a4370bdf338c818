"""Recordings transcribed from the command line, and imported at once."""

from __future__ import annotations

import json
import sys

import pytest

import workbench as wb
from tests.unit.transcription.sounds import FakeTranscriber, tone, write_wav
from workbench.engine.encoders import HashingEncoder


@pytest.fixture(autouse=True)
def recogniser(monkeypatch):
    monkeypatch.setattr("workbench.transcription.PocketSphinx", FakeTranscriber)


@pytest.fixture
def folder(tmp_path):
    for at in range(3):
        write_wav(tmp_path / "calls" / f"{at}.wav", tone(), 0 * tone())
    return tmp_path / "calls"


OFFLINE = ("--recogniser", "pocketsphinx")


def test_recordings_are_transcribed_and_imported_at_once(workbench, folder, tmp_path):
    (folder / "broken.wav").write_bytes(b"x")
    where = ("--to", tmp_path / "texts", "--into", tmp_path / "w", "--company-channel", 0)
    code, out, error = workbench("transcribe", folder, *OFFLINE, *where)
    assert (code, out.splitlines()[0], out.splitlines()[-1]) == (
        0,
        "3 transcribed, 0 unchanged, 1 failed",
        "3 imported",
    )
    assert "broken.wav: cannot be decoded" in out
    assert "100%" in error
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    assert ws.counts(wb.Filters(side="company", scope="any")).calls == 3
    code, out, _ = workbench("transcribe", folder, *OFFLINE, *where, "--json")
    about = json.loads(out)
    assert (code, len(about["unchanged"]), about["imported"], about["rejected"]) == (0, 3, 0, [])


def test_transcripts_that_are_there_are_imported_too(workbench, folder, tmp_path):
    workbench("transcribe", folder, *OFFLINE)
    code, out, _ = workbench("transcribe", folder, *OFFLINE, "--into", tmp_path / "w")
    assert (code, out.splitlines()) == (0, ["0 transcribed, 3 unchanged, 0 failed", "3 imported"])


def test_an_interrupt_says_how_to_go_on(workbench, folder, monkeypatch):
    class Interrupted(FakeTranscriber):
        def transcribe(self, samples):
            if self.heard == 2:
                raise KeyboardInterrupt
            return super().transcribe(samples)

    monkeypatch.setattr("workbench.transcription.PocketSphinx", Interrupted)
    code, _, error = workbench("transcribe", folder, *OFFLINE)
    assert code == 1
    assert "run the same command again to continue" in error
    assert [path.name for path in folder.glob("*.jsonl")] == ["0.wav.jsonl"]


def test_nothing_but_problems_is_a_failure(workbench, tmp_path):
    (tmp_path / "a.wav").write_bytes(b"x")
    assert workbench("transcribe", tmp_path, *OFFLINE)[0] == 1


def test_a_missing_library_is_one_line(workbench, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    code, out, error = workbench("transcribe", folder)
    assert (code, out) == (1, "")
    assert "tracker-workbench[transcribe]" in error
