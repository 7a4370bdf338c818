"""Runs over recordings: resumed, shared, killed and cancelled, nothing is done twice or written half."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.unit.small import ROOT
from tests.unit.transcription.sounds import FakeTranscriber, tone, write_wav
from workbench.corpus.reading import read_all
from workbench.domain.errors import InvalidArgument, TranscriberUnavailable
from workbench.engine.encoders import HashingEncoder
from workbench.transcription import ChannelSpeech, SpokenSegment

SILENCE = 0 * tone()


@pytest.fixture
def folder(tmp_path):
    """Two calls of two channels, who speak in turn, and one of one channel."""
    for name in ("a.wav", "team/b.wav"):
        company, customer = [tone(), SILENCE, tone()], [SILENCE, tone(), SILENCE]
        write_wav(tmp_path / "calls" / name, np.concatenate(company), np.concatenate(customer))
    write_wav(tmp_path / "calls" / "c.wav", tone(2))
    return tmp_path / "calls"


def kept(path):
    return json.loads(path.read_text())


def said(path):
    return [(turn["party"], turn["start_s"], turn["text"]) for turn in kept(path)["turns"]]


def names(paths):
    return [path.name for path in paths]


def test_each_recording_gets_a_transcript_that_can_be_imported(folder, tmp_path):
    report = wb.transcribe(folder, FakeTranscriber(), company_channel=1)
    assert names(report.transcribed) == ["a.wav.jsonl", "c.wav.jsonl", "b.wav.jsonl"]
    assert (report.unchanged, report.problems, report.notes, report.left) == ((), (), (), 0)
    assert said(folder / "a.wav.jsonl") == [
        ("Channel 0", 0.25, "word0"),
        ("Channel 1", 1.25, "word1"),
        ("Channel 0", 2.25, "word2"),
    ]
    assert kept(folder / "c.wav.jsonl")["turns"][0]["words"] == [
        {"text": "word0", "start_s": 0.25, "end_s": 0.75, "confidence": 0.5},
        {"text": "word1", "start_s": 1.25, "end_s": 1.75, "confidence": 0.5},
    ]
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    assert ws.ingest(folder).added == 3
    assert ws.ingest(report.files).unchanged == 3
    calls = {one.found.conversation.id: one.found.conversation for one in read_all(folder)}
    assert {party.id: party.side for party in calls["team/b"].parties} == {
        "Channel 0": "customer",
        "Channel 1": "company",
    }
    assert [party.side for party in calls["c"].parties] == [None]
    assert calls["a"].media == str((folder / "a.wav").resolve())
    assert (calls["a"].language, calls["a"].duration_s, calls["a"].title) == ("en", 3, "a")
    assert calls["a"].fields == {"transcribed_by": "fake"}


def test_transcripts_elsewhere_name_their_recordings(folder, tmp_path):
    wb.transcribe(folder, FakeTranscriber(), to=tmp_path / "new" / "texts")
    found = {one.found.conversation.id: one.found.conversation for one in read_all(tmp_path / "new")}
    assert found["team/b"].media == str((folder / "team" / "b.wav").resolve())
    assert not list(folder.rglob("*.jsonl*"))
    if os.name == "posix":
        assert (tmp_path / "new/texts/a.wav.jsonl").stat().st_mode & 0o077 == 0


def test_a_second_run_hears_only_what_is_new_or_has_changed(folder):
    wb.transcribe(folder, FakeTranscriber())
    again = FakeTranscriber()
    report = wb.transcribe(folder, again)
    assert (again.heard, len(report.unchanged), report.transcribed) == (0, 3, ())
    write_wav(folder / "c.wav", tone(3))
    write_wav(folder / "d.wav", tone())
    report = wb.transcribe(folder, again)
    assert names(report.transcribed) == ["c.wav.jsonl", "d.wav.jsonl"]
    assert len(kept(folder / "c.wav.jsonl")["turns"][0]["words"]) == 3
    moved = folder.rename(folder.parent / "moved")
    assert len(wb.transcribe(moved, again).unchanged) == 4
    other = FakeTranscriber("another")
    assert len(wb.transcribe(moved, other).transcribed) == 4


def test_sides_are_set_afterwards_without_hearing_again(folder):
    wb.transcribe(folder, FakeTranscriber())
    assert [party["side"] for party in kept(folder / "a.wav.jsonl")["parties"]] == [None, None]
    for channel, sides in ((0, ["company", "customer"]), (1, ["customer", "company"])):
        again = FakeTranscriber()
        report = wb.transcribe(folder, again, company_channel=channel)
        assert (again.heard, len(report.unchanged)) == (0, 3)
        assert [party["side"] for party in kept(folder / "a.wav.jsonl")["parties"]] == sides
    assert kept(folder / "c.wav.jsonl")["parties"][0]["side"] is None


def test_a_corrected_transcript_stays_and_a_foreign_file_is_not_touched(folder):
    wb.transcribe(folder, FakeTranscriber())
    path = folder / "a.wav.jsonl"
    path.write_text(path.read_text().replace("word0", "Hello"))
    (folder / "c.wav.jsonl").write_text('{"id": "mine", "turns": []}\n')
    report = wb.transcribe(folder, FakeTranscriber())
    assert names(report.unchanged) == ["a.wav.jsonl", "b.wav.jsonl"]
    assert "not a transcript that this command made" in str(report)
    report = wb.transcribe(folder, FakeTranscriber("another"))
    assert names(report.transcribed) == ["b.wav.jsonl"]
    assert "was edited" in report.problems[0].what
    assert "Hello" in path.read_text()
    assert kept(folder / "c.wav.jsonl")["id"] == "mine"


@pytest.mark.parametrize("content", [b"", b"\xff\0", b"[1]", b"[" * 100_000, b'{"turns": 1, "parties": [3]}', b"{}"])
def test_whatever_stands_in_the_way_is_told(folder, content):
    (folder / "c.wav.jsonl").write_bytes(content)
    report = wb.transcribe(folder / "c.wav", FakeTranscriber())
    assert [one.path.name for one in report.problems] == ["c.wav"]
    assert (folder / "c.wav.jsonl").read_bytes() == content


def test_broken_recordings_do_not_stop_the_others(folder):
    (folder / "aa.wav").write_bytes(b"nothing")
    (folder / "b.mp3").write_bytes(b"")
    (folder / "gone.wav").symlink_to(folder / "nowhere.wav")
    report = wb.transcribe([folder, folder / "aa.wav"], FakeTranscriber())
    assert len(report.transcribed) == 3
    assert [one.path.name for one in report.problems] == ["aa.wav", "b.mp3"]
    assert all(len(one.what) > 20 for one in report.problems)
    assert not list(folder.rglob(".*"))


def test_a_recogniser_that_fails_is_told_for_each_recording_unless_it_is_gone(folder):
    class Failing(FakeTranscriber):
        def transcribe(self, samples):
            if self.heard < 2:
                return super().transcribe(samples)
            raise MemoryError("no memory\x1b[31m")

    report = wb.transcribe(folder, Failing())
    assert names(report.transcribed) == ["a.wav.jsonl"]
    assert len(report.problems) == 2
    assert "MemoryError: no memory\\x1b" in str(report)

    class Gone(FakeTranscriber):
        def transcribe(self, samples):
            raise TranscriberUnavailable("the server is gone")

    with pytest.raises(TranscriberUnavailable):
        wb.transcribe(folder, Gone())


def test_silence_gives_a_transcript_without_turns_and_a_note(tmp_path):
    path = write_wav(tmp_path / "calls" / "s.wav", SILENCE, SILENCE)
    report = wb.transcribe(path, FakeTranscriber())
    assert "no speech was recognised" in str(report)
    assert kept(report.transcribed[0])["turns"] == []
    assert wb.transcribe(path, FakeTranscriber()).unchanged
    report = wb.open(tmp_path / "w", encoder=HashingEncoder()).ingest(tmp_path / "calls")
    assert (report.added, len(report.rejected)) in ((1, 0), (0, 1))


def test_cancelling_keeps_what_is_finished_and_counts_what_is_left(folder):
    seen = []

    def report(done, name):
        seen.append(done)
        return done < 0.5

    found = wb.transcribe(folder, FakeTranscriber(), progress=report)
    assert names(found.transcribed) == ["a.wav.jsonl"]
    assert found.left == 2
    assert seen == sorted(seen)
    assert all(0 <= one <= 1 for one in seen)
    assert not list(folder.rglob(".*"))
    assert len(wb.transcribe(folder, FakeTranscriber()).transcribed) == 2


def test_an_interrupt_keeps_what_is_finished_and_leaves_no_claim(folder):
    class Interrupted(FakeTranscriber):
        def transcribe(self, samples):
            if self.heard == 2:
                raise KeyboardInterrupt
            return super().transcribe(samples)

    with pytest.raises(KeyboardInterrupt):
        wb.transcribe(folder, Interrupted())
    assert [path.name for path in folder.rglob("*.jsonl")] == ["a.wav.jsonl"]
    assert not list(folder.rglob(".*"))


SLOW = """
    import sys, time
    import workbench as wb
    from tests.unit.transcription.sounds import FakeTranscriber
    class Slow(FakeTranscriber):
        def transcribe(self, samples):
            print("hears", flush=True)
            if self.heard == 2:
                time.sleep(600)
            return super().transcribe(samples)
    wb.transcribe(sys.argv[1], Slow())
"""


def test_a_killed_run_loses_only_the_recording_at_hand(folder):
    command = [sys.executable, "-c", textwrap.dedent(SLOW), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        for _ in range(3):
            assert process.stdout.readline() == "hears\n"
        busy = wb.transcribe(folder / "c.wav", FakeTranscriber())
        assert [one.what for one in busy.problems] == ["another run is transcribing it"]
        process.kill()
    assert [path.name for path in folder.rglob("*.jsonl")] == ["a.wav.jsonl"]
    report = wb.transcribe(folder, FakeTranscriber())
    assert names(report.unchanged) == ["a.wav.jsonl"]
    assert names(report.transcribed) == ["c.wav.jsonl", "b.wav.jsonl"]
    assert not list(folder.rglob(".*"))


def test_runs_at_once_share_the_work(tmp_path):
    for at in range(12):
        write_wav(tmp_path / "calls" / f"{at:02}.wav", tone())
    heard = []
    lock = threading.Lock()

    class Shared(FakeTranscriber):
        def transcribe(self, samples):
            time.sleep(0.01)
            with lock:
                heard.append(1)
            return super().transcribe(samples)

    reports = []
    threads = [
        threading.Thread(target=lambda: reports.append(wb.transcribe(tmp_path / "calls", Shared()))) for _ in range(3)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE_S)
    written = [path for one in reports for path in one.transcribed]
    assert len(written) == len(set(written)) == len(heard) == 12
    assert len(list((tmp_path / "calls").glob("*.jsonl"))) == 12


def test_each_transcript_is_given_as_soon_as_it_is_on_disk(folder):
    found = []
    wb.transcribe(folder, FakeTranscriber(), on_transcript=lambda path: found.append((path.name, path.is_file())))
    assert found == [("a.wav.jsonl", True), ("c.wav.jsonl", True), ("b.wav.jsonl", True)]
    wb.transcribe(folder, FakeTranscriber(), on_transcript=found.append)
    assert len(found) == 3

    def fails(path):
        raise RuntimeError("an import fails")

    shutil.rmtree(folder / "team")
    write_wav(folder / "d.wav", tone())
    with pytest.raises(RuntimeError):
        wb.transcribe(folder, FakeTranscriber(), on_transcript=fails)


def test_odd_recognisers_give_valid_transcripts(tmp_path):
    class Odd(FakeTranscriber):
        def transcribe(self, samples):
            nan = float("nan")
            odd = [SpokenSegment("late", 99, 50), SpokenSegment("nan", nan, nan), SpokenSegment(" \n", 0, 1)]
            return ChannelSpeech([*odd, SpokenSegment("</script>\x1b\ud800", -1, 0.5)], "not a language")

    path = write_wav(tmp_path / "a.wav", tone(2))
    report = wb.transcribe(path, Odd())
    assert len(report.transcribed) == 1
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    assert ws.ingest(report.files).added == 1


def test_a_large_transcript_with_words_is_imported(tmp_path):
    class Talkative(FakeTranscriber):
        def transcribe(self, samples):
            words = [self.word] * 3
            spoken = (SpokenSegment(" ".join(words), at / 1_000, at / 1_000 + 0.001) for at in range(0, 9_000, 2))
            return ChannelSpeech(spoken, "en")

    path = write_wav(tmp_path / "calls" / "a.wav", tone(10), tone(10, 880))
    wb.transcribe(path, Talkative())
    assert (tmp_path / "calls" / "a.wav.jsonl").stat().st_size > 64_000
    assert wb.open(tmp_path / "w", encoder=HashingEncoder()).ingest(tmp_path / "calls").added == 1


@pytest.mark.parametrize("channel", [-1, 16, 1.0, True, "0"])
def test_a_channel_is_a_number_from_0(folder, channel):
    with pytest.raises(InvalidArgument, match="company_channel: must be"):
        wb.transcribe(folder, FakeTranscriber(), company_channel=channel)


def test_the_recogniser_in_the_documents_runs(folder, monkeypatch):
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/transcribe.md").read_text(), re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(folder.parent)
    folder.rename("recordings")
    exec(compile(blocks[-1], "transcribe.md", "exec"), {"wb": wb})
    assert said(folder.parent / "recordings" / "c.wav.jsonl") == [("Channel 0", 0.2, "hello")]


def test_an_empty_folder_gives_an_empty_report(tmp_path):
    assert str(wb.transcribe(tmp_path, FakeTranscriber(), progress=True)) == "0 transcribed, 0 unchanged, 0 failed"
