"""A call over a dashboard: its text, what trackers found in it, and the recording as far as readers may hear it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.dashboards.shop import HOSTILE, workspace
from workbench.corpus.ingest import ingest
from workbench.dashboards.pages import build
from workbench.domain.recording_files import ADDRESS, FOLDER
from workbench.widgets import Dashboard
from workbench.widgets.call_views import UNHEARD


class Page:
    """Stands in for the browser."""

    def __init__(self, widget: Dashboard) -> None:
        self.widget = widget
        self.replies: list[Any] = []
        widget.send = lambda content, buffers=None: self.replies.append(content)  # type: ignore[method-assign]

    def ask(self, kind: str, **values: Any) -> Any:
        self.widget._handle_custom_msg({"id": "1", "kind": kind, **values}, [])
        return self.replies[-1]

    def result(self, kind: str, **values: Any) -> Any:
        reply = self.ask(kind, **values)
        assert reply["error"] is None, reply
        return reply["result"]


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("w"))


@pytest.fixture
def page(ws):
    return Page(Dashboard(ws, build("search"), "search"))


def test_a_call_opens_at_its_sentence_with_what_published_trackers_found(ws, page):
    sentence = ws.detections("Boss")["sentence_id"].iloc[0]
    call = sentence.rsplit(":", 2)[0]
    opened = page.result("open_call", conversation_id=call, sentence_id=sentence)
    assert HOSTILE in opened["call"]["title"]
    lines = page.result("lines", conversation_id=call, start=0)
    assert lines[opened["at"]]["text"] == "my boss decides"
    found = page.result("detections", conversation_id=call)
    assert found["trackers"] == ["Boss"]  # not "Idea", which is a draft
    (mark,) = found["marks"]
    assert (mark["at"], mark["version"]) == (opened["at"], 1)
    assert page.result("find", conversation_id=call, words="BOSS") == [opened["at"]]
    assert page.result("whole", conversation_id=call, at=opened["at"]) == "my boss decides"


def test_without_a_sentence_it_opens_at_its_beginning(ws, page):
    call = ws.lake.conversation_ids([0])[0]
    assert page.result("open_call", conversation_id=call)["at"] is None
    assert page.result("open_call", conversation_id=call, sentence_id="of another call")["at"] is None


def test_a_call_that_is_not_there_is_said_so(page):
    assert page.ask("open_call", conversation_id="nowhere")["error"]["kind"] == "ConversationNotFound"


def test_readers_hear_what_is_in_the_folder_and_are_told_nothing_of_the_machine(ws, tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    for name in ("in/a.wav", "out.wav"):
        (tmp_path / name).write_bytes(b"RIFF")
    turns = [{"party": "r", "text": "Hello."}]
    for name, media in (("heard/1", "in/a.wav"), ("unheard", "out.wav")):
        ingest(ws.lake, [{"id": name, "media": str(tmp_path / media), "turns": turns}])
    monkeypatch.setenv(FOLDER, str(tmp_path / "in"))
    monkeypatch.setenv(ADDRESS, "/base/workbench/recordings/")
    reader = Page(Dashboard(ws, build("search"), "search"))
    call = reader.result("open_call", conversation_id="heard/1")["call"]
    assert (call["address"], call["unheard"], call["host"]) == ("/base/workbench/recordings/heard%2F1", "", None)
    call = reader.result("open_call", conversation_id="unheard")["call"]
    assert (call["address"], call["unheard"]) == (None, UNHEARD)
    editor = Page(Dashboard(ws, build("search"), "search", role="editor"))
    told = editor.result("open_call", conversation_id="unheard")["call"]["unheard"]
    assert "out.wav is not in the folder given by --recordings" in told
