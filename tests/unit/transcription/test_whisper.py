"""faster-whisper with a model that always hears the same words: loading, word times, and no network for a folder."""

from __future__ import annotations

import json
import socket
import sys

import numpy as np
import pytest

import workbench as wb
from tests.support.tiny_whisper import SAID, UNTIL_S, tiny_whisper
from tests.unit.transcription.sounds import RATE, SPEECH, write_wav
from workbench.domain.errors import TranscriberUnavailable
from workbench.transcription import FasterWhisper
from workbench.transcription.audio import read_audio


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_whisper(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Nothing reaches out; a test that wants to names it."""
    asked = []

    def refuse(self, address):
        asked.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: refuse(None, address))
    return asked


def test_a_recording_is_transcribed_with_word_times_and_sides(folder, tmp_path, offline):
    (said,) = read_audio(SPEECH).channels
    path = write_wav(tmp_path / "call.wav", said, 0 * said)
    report = wb.transcribe(path, str(folder), company_channel=0)
    kept = json.loads(report.transcribed[0].read_text())
    (turn,) = kept["turns"]
    assert (turn["party"], turn["text"]) == ("Channel 0", SAID.strip())
    assert turn["end_s"] == pytest.approx(UNTIL_S, abs=0.5)
    assert [word["text"] for word in turn["words"]] == SAID.split()
    assert all(0 <= word["confidence"] <= 1 for word in turn["words"])
    times = [time for word in turn["words"] for time in (word["start_s"], word["end_s"])]
    assert times == sorted(times)
    assert [party["side"] for party in kept["parties"]] == ["company", "customer"]
    assert kept["language"] == "en"
    assert kept["fields"]["transcribed_by"].startswith("faster-whisper tiny ")
    assert wb.transcribe(path, str(folder)).unchanged
    assert offline == []


def test_silence_has_no_words_and_no_language(folder):
    whisper = FasterWhisper(str(folder), device="cpu")
    for samples in (np.zeros(3 * RATE, np.float32), np.zeros(0, np.float32)):
        speech = whisper.transcribe(samples)
        assert (list(speech.segments), speech.language) == ([], None)


def test_models_and_languages_have_names_of_their_own(folder, tmp_path):
    other = tmp_path / "tiny"
    other.mkdir()
    for file in folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    same = FasterWhisper(str(folder), device="cpu").name
    assert FasterWhisper(str(other), device="cpu").name == same
    assert FasterWhisper(str(other), language="en", device="cpu").name == f"{same}, en"
    with pytest.raises(TranscriberUnavailable, match="language: must be"):
        FasterWhisper(str(other), language="klingon", device="cpu")


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.bin", "config.json"])
def test_a_folder_that_is_not_whole_is_refused_and_nothing_is_downloaded(folder, tmp_path, missing, offline):
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folder.iterdir():
        if file.name != missing:
            (broken / file.name).write_bytes(file.read_bytes())
    with pytest.raises(TranscriberUnavailable, match=f"{missing} is missing"):
        FasterWhisper(str(broken))
    (broken / missing).write_bytes(b"")
    with pytest.raises(TranscriberUnavailable, match="cannot be loaded"):
        FasterWhisper(str(broken), device="cpu")
    assert offline == []


@pytest.mark.parametrize("model", ["./none", "/none/at/all", "~/none", "a/b/c", "", "models/tiny", "../none", "a b"])
def test_a_folder_that_is_not_there_is_never_asked_for_at_the_hub(model, tmp_path, monkeypatch, offline):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    with pytest.raises(TranscriberUnavailable):
        FasterWhisper(model)
    assert offline == []


def test_a_model_that_the_hub_does_not_give_is_unavailable(monkeypatch, tmp_path):
    monkeypatch.setattr("faster_whisper.transcribe.download_model", lambda *_, **__: str(tmp_path))
    with pytest.raises(TranscriberUnavailable, match="'small' cannot be loaded"):
        FasterWhisper("small", device="cpu")


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(TranscriberUnavailable, match=r"tracker-workbench\[transcribe\]"):
        FasterWhisper()
