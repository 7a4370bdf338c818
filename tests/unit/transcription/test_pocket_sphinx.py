"""A real recogniser on speech that a program spoke: from the recording to a call that can be searched."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import workbench as wb
from tests.unit.transcription.sounds import RATE, SPEECH, write_wav
from workbench.domain.errors import TranscriberUnavailable
from workbench.engine.encoders import HashingEncoder
from workbench.transcription import PocketSphinx
from workbench.transcription.audio import read_audio


@pytest.fixture(scope="module")
def recogniser():
    return PocketSphinx()


def test_words_that_were_said_are_recognised_with_their_times(recogniser):
    audio = read_audio(SPEECH)
    speech = recogniser.transcribe(audio.samples(0))
    words = [word for one in speech.segments for word in one.words]
    said = [word.text.strip() for word in words]
    assert speech.language == "en"
    assert {"price", "order"} <= set(said)
    assert not [word for word in said if set("<>[]()+") & set(word)]
    times = [time for word in words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert 0 <= times[0] < 0.5
    assert audio.duration_s - 0.6 < times[-1] <= audio.duration_s
    (price,) = (word for word in words if word.text == " price")
    around = audio.samples(0)[round(price.start_s * RATE) : round(price.end_s * RATE)]
    assert np.abs(around).max() > 0.1


def test_each_channel_is_a_side_at_the_time_at_which_it_was_said(recogniser, tmp_path):
    (said,) = read_audio(SPEECH).channels
    silence, pause = 0 * said, np.zeros(RATE * 2, np.int16)
    company, customer = np.concatenate([said, pause, silence]), np.concatenate([silence, pause, said])
    path = write_wav(tmp_path / "calls" / "call.wav", company, customer)
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    report = wb.transcribe(path.parent, recogniser, company_channel=0)
    ws.ingest(report.files)
    later = len(said) / RATE + 2
    sides = {}
    for side in ("company", "customer"):
        found = ws.search("order", filters=wb.Filters(side=side, scope="any"))
        (sides[side],) = found["start_s"]
    assert 0 <= sides["company"] < 1
    assert later <= sides["customer"] < later + 1


def test_silence_and_noise_give_no_words(recogniser):
    assert list(recogniser.transcribe(np.zeros(RATE, np.float32)).segments) == []
    assert list(recogniser.transcribe(np.zeros(0, np.float32)).segments) == []


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(TranscriberUnavailable, match=r"tracker-workbench\[pocketsphinx\]"):
        PocketSphinx()
