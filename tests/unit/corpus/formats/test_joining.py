"""Files of one folder that belong together are read together: whichever came first, and in archives too."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.unit.corpus.formats.test_makers import CALL, MONOLOGUES, said, sides
from workbench.corpus.formats.joining import joined
from workbench.corpus.formats.opened import Opened
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.reading import read_all
from workbench.corpus.tables import Item

TRANSCRIPT = {"callTranscripts": [{"callId": "7782342274025937895", "transcript": MONOLOGUES}]}
OTHER = {"callTranscripts": [{"callId": "2", "transcript": MONOLOGUES}]}


def write(folder, documents):
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(document if isinstance(document, str) else json.dumps(document))
    return folder


def conversations(source):
    found = [one.found for one in read_all(source)]
    assert all(isinstance(one, Item) for one in found), found
    return [one.conversation for one in found if isinstance(one, Item)]


def zipped(documents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in documents.items():
            archive.writestr(name, document if isinstance(document, bytes) else json.dumps(document))
    return file.getvalue()


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")], ids=["transcript first", "calls first"])
def test_gongs_transcripts_and_calls_of_a_folder_are_joined(tmp_path, names):
    folder = write(tmp_path / "gong", {names[0]: TRANSCRIPT, names[1]: {"calls": [CALL]}, "page2.json": OTHER})
    calls = {one.id: one for one in conversations(folder)}
    assert calls["7782342274025937895"].title == "Plan"
    assert sides(calls["7782342274025937895"]) == {"Ada": "customer"}
    assert said(calls["2"])[0][0] == "12345678901234567890"


def test_a_list_of_files_is_joined_too_and_a_file_alone_is_not(tmp_path):
    folder = write(tmp_path / "gong", {"a.json": TRANSCRIPT, "b.json": {"calls": [CALL]}})
    assert conversations([folder / "a.json", folder / "b.json"])[0].title == "Plan"
    assert conversations(folder / "a.json")[0].title is None


def test_files_of_different_folders_are_not_joined(tmp_path):
    folder = write(tmp_path / "all", {"one/a.json": TRANSCRIPT, "two/b.json": {"calls": [CALL]}})
    report = ingest(Lake(tmp_path / "lake"), folder)
    assert (report.added, [one.name for one in report.rejected]) == (1, ["b.json"])


def twilio(at, url="https://x.example/v2/Transcripts/GT1/Sentences?Page=0"):
    sentence = {"media_channel": 1, "start_time": at, "end_time": at + 1, "transcript": f"Line {at}."}
    return {"sentences": [sentence], "meta": {"url": url}}


def test_pages_of_one_transcript_are_one_conversation_with_names_from_its_resource(tmp_path):
    people = [{"channel_participant": 1, "role": "Agent", "full_name": "Ada"}]
    resource = {"sid": "GT1", "channel": {"participants": people}, "language_code": "en-US", "duration": 9}
    folder = write(tmp_path / "t", {"p1.json": twilio(5), "p0.json": twilio(1), "r.json": resource})
    (call,) = conversations(folder)
    assert said(call) == [("Ada", 1, 2, "Line 1."), ("Ada", 5, 6, "Line 5.")]
    assert (call.id, call.language, sides(call)) == ("GT1", "en-US", {"Ada": "company"})


def test_a_call_that_was_transferred_is_one_conversation(tmp_path):
    def part(at):
        phrase = {
            "text": f"line {at}",
            "startTimeMs": at,
            "duration": {"milliseconds": 9},
            "participantPurpose": "agent",
        }
        return {"conversationId": "c", "communicationId": str(at), "transcripts": [{"phrases": [phrase]}]}

    (call,) = conversations(write(tmp_path / "g", {"a.json": part(5_000), "b.json": part(1_000)}))
    assert [turn.text for turn in call.turns] == ["line 1000", "line 5000"]


def test_meets_participants_may_be_in_another_file(tmp_path):
    entry = {"name": "conferenceRecords/c/transcripts/t/entries/1", "participant": "conferenceRecords/c/participants/7"}
    entries = {"transcriptEntries": [{**entry, "text": "Hi.", "startTime": "2026-03-02T09:00:00Z"}]}
    people = {"participants": [{"name": "conferenceRecords/c/participants/7", "signedinUser": {"displayName": "Ada"}}]}
    (call,) = conversations(write(tmp_path / "m", {"entries.json": entries, "people.json": people}))
    assert said(call) == [("Ada", 0.0, None, "Hi.")]


def test_a_convokit_folder_reads_its_utterances_and_passes_its_data_over(tmp_path):
    line = {"id": "a", "conversation_id": "a", "speaker": "x", "text": "Hi.", "reply-to": None, "timestamp": None}
    other = {"x": {"meta": {}}}
    names = ("speakers.json", "conversations.json", "corpus.json", "index.json")
    lines = json.dumps(line) + "\n" + json.dumps({**line, "id": "b"})
    folder = write(tmp_path / "c", {"utterances.jsonl": lines, **dict.fromkeys(names, other)})
    (call,) = conversations(folder)
    assert len(call.turns) == 2


def test_an_archive_is_read_as_a_folder_and_twice_changes_nothing(tmp_path):
    documents = {"x/a.json": TRANSCRIPT, "x/b.json": {"calls": [CALL]}}
    documents |= {"x/notes.txt": b"buy milk", "__MACOSX/x/._a.json": b"\0"}
    own = json.dumps({"id": "own", "turns": [{"text": "Hello."}]}).encode() + b"\n"
    file = tmp_path / "export.zip"
    file.write_bytes(zipped({**documents, "y/own.jsonl": own}))
    lake = Lake(tmp_path / "lake")
    report = ingest(lake, file)
    assert (report.added, report.rejected) == (2, ())
    assert ingest(lake, file).unchanged == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["../../outside.json", "/etc/outside.json", "..\\outside.json", "C:\\outside.json"])
def test_a_name_that_leads_outside_leads_nowhere(tmp_path, name):
    file = tmp_path / "in" / "export.zip"
    file.parent.mkdir()
    file.write_bytes(zipped({name: OTHER}))
    report = ingest(Lake(tmp_path / "lake"), file)
    assert report.added == 1
    assert {one.name for one in tmp_path.iterdir()} <= {"in", "lake"}


def test_archives_within_archives_and_bombs_are_refused(tmp_path):
    nested = tmp_path / "nested.zip"
    nested.write_bytes(zipped({"inner.zip": zipped({"a.json": OTHER})}))
    assert "archive within an archive" in ingest(Lake(tmp_path / "l1"), nested).rejected[0].reason
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped({f"{n}.json": b" " * 20_000_000 for n in range(3)}))
    report = ingest(Lake(tmp_path / "l2"), bomb)
    assert (report.added, len(report.rejected)) == (0, 1)
    assert "unpack" in report.rejected[0].reason
    cut = tmp_path / "cut.zip"
    cut.write_bytes(zipped({"a.json": OTHER})[:-20])
    assert "damaged" in ingest(Lake(tmp_path / "l3"), cut).rejected[0].reason


def test_an_archive_without_transcripts_says_so(tmp_path):
    file = tmp_path / "x.zip"
    file.write_bytes(zipped({"a.txt": b"nothing here", "b.png": b"\x89PNG"}))
    assert "known transcript" in ingest(Lake(tmp_path / "lake"), file).rejected[0].reason


def test_a_folder_too_large_to_be_held_is_read_file_by_file(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.corpus.formats.joining.MAX_JOINED", 10)
    folder = write(tmp_path / "t", {"p1.json": twilio(5), "p0.json": twilio(1)})
    files = sorted(folder.iterdir())
    assert joined([(one.name, lambda one=one: Opened(one)) for one in files]) == {}
