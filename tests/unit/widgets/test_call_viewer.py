import json
from types import SimpleNamespace

import pytest

from workbench.corpus import sentences
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.errors import ConversationNotFound, NotEnoughTags, NotFound, TrackerNotFound
from workbench.domain.media_hosts import MEDIA_HOSTS
from workbench.widgets import CallViewer, QualityPlots, TaggingCarousel, recordings
from workbench.widgets.hub import hub_of

CALL = {
    "id": "call:1",
    "title": "Renewal",
    "duration_s": 3700,
    "parties": [{"id": "c", "name": "Cy", "side": "customer"}, {"id": "r", "side": "company", "email": "r@x.example"}],
    "turns": [{"party": "rc"[n % 2], "text": f"Line {n}. It costs {n}.", "start_s": 10.0 * n} for n in range(120)]
    + [{"party": "c", "text": "a" * 5_000}],
}
MAIL = {"id": "mail", "kind": "email", "turns": [{"party": "a@x.example", "text": "Hello there.\n\nAll is fine."}]}


@pytest.fixture
def viewer(workspace, tmp_path, monkeypatch):
    """Earlier versions left a word of any length as it was, so there may be sentences of any length."""
    monkeypatch.setattr(sentences, "cut", lambda _text, start, end, **_: [(start, end)])
    workspace.lake = Lake(tmp_path)
    ingest(workspace.lake, [CALL, MAIL])
    return CallViewer(workspace)


def test_nothing_is_shown_before_somebody_asks(viewer, page):
    assert viewer.place["conversation_id"] == ""
    assert page(viewer).ask("open", conversation_id="")["error"]["kind"] == "ConversationNotFound"


def test_a_call_opens_at_the_sentence_and_its_text_comes_by_page(viewer, page):
    viewer.show("call:1", "call:1:70:1")
    assert viewer.place == {"conversation_id": "call:1", "at": 141, "visit": 1, "finds": 0}
    browser = page(viewer)
    call = browser.result("open", conversation_id=viewer.place["conversation_id"])
    assert len(call["starts"]) == len(call["sides"]) == len(call["turns"]) == 241
    assert call["parties"][1] == {"name": "r@x.example", "side": "company", "email": "r@x.example"}
    lines = browser.result("lines", conversation_id="call:1", start=100)
    assert [lines[0]["at"], len(lines)] == [100, 100]
    assert lines[41] == {"at": 141, "text": "It costs 70.", "more": 0, "speaker": "r", "time": "11:40"}


def test_a_very_long_sentence_is_cut_and_can_be_had_whole(viewer, page):
    viewer.show("call:1")
    (last,) = page(viewer).result("lines", conversation_id="call:1", start=240)
    assert (len(last["text"]), last["more"]) == (2_000, 3_000)
    assert page(viewer).result("whole", conversation_id="call:1", at=240) == "a" * 5_000


def test_the_same_call_shown_again_is_another_visit(viewer):
    viewer.show("call:1", "call:1:1:0")
    viewer.show("call:1", "call:1:1:0")
    assert (viewer.place["at"], viewer.place["visit"]) == (2, 2)


def test_what_is_not_there_is_named_and_changes_nothing(viewer):
    viewer.show("call:1")
    with pytest.raises(ConversationNotFound, match="'nowhere'"):
        viewer.show("nowhere")
    with pytest.raises(NotFound, match="'call:1:500:0'"):
        viewer.show("call:1", "call:1:500:0")
    assert viewer.place["visit"] == 1


def test_words_are_found_and_too_many_are_refused(viewer, page):
    viewer.show("call:1")
    assert page(viewer).result("find", conversation_id="call:1", words="COSTS 7.") == [15]
    assert "at most 200" in page(viewer).ask("find", conversation_id="call:1", words="x" * 201)["error"]["message"]


def test_an_email_knows_its_lines(viewer, page):
    viewer.show("mail")
    call = page(viewer).result("open", conversation_id=viewer.place["conversation_id"])
    assert (call["kind"], call["breaks"]) == ("email", [1])


def test_a_call_is_read_beside_any_widget_that_leads_to_calls(viewer, page, workspace):
    reading = page(TaggingCarousel(workspace))
    around = reading.result("read_call", conversation_id="call:1", sentence_id="call:1:70:1")
    assert (around["title"], around["sentences"], around["here"]) == ("Renewal", 241, 141)
    assert [around["start"], len(around["lines"]), len(around["sides"])] == [126, 60, 60]
    assert around["lines"][15]["text"] == "It costs 70."
    assert set(around["sides"]) == {"company", "customer"}
    last = reading.result("read_call", conversation_id="call:1", sentence_id="call:1:70:1", start=186)
    assert [one["at"] for one in last["lines"]] == list(range(186, 241))
    begun = reading.result("read_call", conversation_id="mail")
    assert (begun["here"], begun["start"], len(begun["lines"])) == (None, 0, 2)
    assert reading.ask("read_call", conversation_id="nowhere")["error"]["kind"] == "ConversationNotFound"
    assert page(QualityPlots(workspace)).ask("read_call", conversation_id="mail")["error"]["kind"] == "BadRequest"


def test_any_widget_can_have_a_call_shown(viewer, workspace):
    hub_of(workspace).show_call("call:1", "call:1:0:1")
    assert viewer.place["at"] == 1


def finding(workspace, name, *ids):
    tracker = workspace.trackers.create(name, examples=["a", "b", "c", "d", "e"])
    tracker.session = SimpleNamespace(sample=None, detected=lambda: (list(ids), [0.9] * len(ids)))
    return tracker


def test_finds_of_this_call_are_marked_for_each_tracker(viewer, workspace, page):
    first = finding(workspace, "Price", "call:1:0:1", "call:2:0:0", "mail:0:0")
    finding(workspace, "Line", "call:1:0:0")
    both = CallViewer(workspace, first, trackers=["Line", "Price"])
    both.show("call:1")
    assert page(both).result("detections", conversation_id="call:1") == {
        "trackers": ["Price", "Line"],
        "marks": [
            {"at": 1, "tracker": "Price", "score": 0.9, "version": None},
            {"at": 0, "tracker": "Line", "score": 0.9, "version": None},
        ],
    }
    assert CallViewer(workspace, first).place["finds"] == 1
    with pytest.raises(TrackerNotFound):
        CallViewer(workspace, trackers=["No such tracker"])


def test_a_tracker_that_learns_more_is_looked_at_again_and_one_without_answers_marks_nothing(viewer, workspace, page):
    tracker = finding(workspace, "Price", "call:1:0:1")
    both = CallViewer(workspace, tracker)
    both.show("call:1")
    assert len(page(both).result("detections", conversation_id="call:1")["marks"]) == 1

    def too_few():
        raise NotEnoughTags("None yet.")

    tracker.session.detected = too_few
    finds = both.place["finds"]
    hub_of(workspace).announce(tracker.id, object())
    assert both.place["finds"] == finds + 1
    assert page(both).result("detections", conversation_id="call:1") == {"trackers": [], "marks": []}


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A Jupyter server that serves ``tmp_path / "root"``."""
    root = tmp_path / "root"
    root.mkdir()
    note = {"root_dir": str(root), "base_url": "/user/ann/"}
    (tmp_path / "jpserver-77.json").write_text(json.dumps(note))
    monkeypatch.setenv("JPY_PARENT_PID", "77")
    monkeypatch.setattr(recordings, "jupyter_runtime_dir", lambda: str(tmp_path))
    return root


def test_a_recording_lies_on_an_allowed_host_or_is_a_served_file(server, monkeypatch):
    monkeypatch.setenv(MEDIA_HOSTS, "x.example")
    assert recordings.recording_of(None) == (None, "", None)
    assert recordings.recording_of("HTTPS://x.example/a b.wav") == ("https://x.example/a%20b.wav", "", "x.example")
    assert recordings.recording_of(str(server / "a b" / "ü#1.MP3")).address == "/user/ann/files/a%20b/%C3%BC%231.MP3"


@pytest.mark.parametrize(
    ("media", "why"),
    [
        ("javascript:alert(1)", "begin with https://"),
        ("data:audio/wav;base64,AAAA", "begin with https://"),
        ("file:///etc/passwd", "begin with https://"),
        ("http://x.example/a.wav", "begin with https://"),
        ("http://127.0.0.1:8888/a.wav", "begin with https://"),
        ("https://169.254.169.254/latest.wav", "a public host"),
        ("https://elsewhere.example/a.wav", "elsewhere.example is not among the hosts in WORKBENCH_MEDIA_HOSTS"),
        ("https://[::1", "not a valid URL"),
        ("/etc/passwd", "not an audio file"),
        ("/elsewhere/a.wav", "is not under"),
        ("../a.wav", "is not under"),
    ],
)
def test_a_recording_that_must_not_be_played_is_explained(server, media, why):
    address, problem, _ = recordings.recording_of(str(server / media) if media.startswith("..") else media)
    assert address is None
    assert why in problem


def test_without_a_server_a_file_is_not_played(monkeypatch):
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    assert "only JupyterLab" in recordings.recording_of("/a/b.wav").problem
