"""Live calls as the monitor's page asks for them: from journals alone, whoever writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.unit.small import run
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.live import LiveEvent, LiveKind, LiveTurn
from workbench.live.journal import Journal, journals, key_of
from workbench.widgets import LiveMonitor, live_calls

BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CALL = {
    "id": "call-9",
    "title": "Renewal",
    "account": "Ampere House",
    "parties": [{"id": "d", "name": "Dana", "side": "customer"}, {"id": "r", "email": "r@x.example"}],
}
FOLLOWS = """
import sys
from pathlib import Path
from workbench.live.journal import Journal
journal = Journal(Path(sys.argv[1]), sys.argv[2])
journal.begin({"id": "elsewhere", "title": "Fed elsewhere"}, __import__("datetime").datetime.now().astimezone())
journal.write({"turn": {"id": "0", "text": "Hello"}, "at": 0, "events": []})
"""


class FakePlaying:
    """A replay that does what it is told."""

    def __init__(self, journal: Journal, speed: float) -> None:
        self.journal = journal  # which holds it as long as it lives
        self.key, self.speed, self.done, self.error = journal.key, speed, False, ""

    def stop(self) -> None:
        self.done = True


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "live"


@pytest.fixture
def ws(workspace, folder):
    def play(conversation_id, speed=1.0):
        journal = Journal(folder, key_of(conversation_id, 1))
        journal.begin({"id": conversation_id}, BEGAN, speed)
        return FakePlaying(journal, speed)

    workspace.live = SimpleNamespace(journals=lambda: journals(folder), play=play)
    return workspace


@pytest.fixture
def journal(folder):
    """A call that goes on, with two trackers that watch and one that waits."""
    journal = Journal(folder, key_of("call-9"))
    journal.begin(CALL, BEGAN)
    later = [{"tracker": "Slow", "reason": "It reads whole calls."}]
    journal.write({"trackers": {"watching": ["Price", "Boss"], "later": later}})
    yield journal
    journal.leave()


def says(journal, at, text, party="d", final=True, *events):
    turn = LiveTurn(id=str(at), text=text, party=party, start_s=7.0 * at, final=final)
    journal.write({"turn": turn.to_dict(), "at": at, "events": [one.to_dict() for one in events]})


def event(kind, at, text, provisional=False):
    return LiveEvent(
        kind=LiveKind(kind),
        call_id="call-9",
        tracker_id="t1",
        tracker="Price",
        version=1,
        sentence_id=f"call-9:{at}:0",
        turn=at,
        start=0,
        end=len(text),
        text=text,
        speaker="Dana",
        side="customer",
        start_s=7.0 * at,
        score=0.9,
        provisional=provisional,
        at=BEGAN,
        latency_s=0.031,
    )


def test_calls_are_listed_with_how_they_stand(ws, journal, folder, page):
    left, ended = Journal(folder, key_of("left")), Journal(folder, key_of("ended"))
    for one, name in ((left, "left"), (ended, "ended")):
        one.begin({"id": name}, BEGAN.astimezone(), 10.0)
    ended.write({"ended": BEGAN.isoformat(), "kept": False, "found": 0})
    left.leave()
    ended.leave()
    Journal(folder, "empty").file.touch()
    found = {one["conversation_id"]: one for one in page(LiveMonitor(ws)).result("calls")}
    assert {name: one["state"] for name, one in found.items()} == {"call-9": "live", "left": "left", "ended": "ended"}
    live = found["call-9"]
    assert (live["title"], live["account"], live["speed"], live["here"]) == ("Renewal", "Ampere House", None, False)
    assert live["began"] == "2026-03-02T09:30:00+00:00"
    assert live["elapsed"] == pytest.approx((datetime.now(UTC) - BEGAN) / timedelta(seconds=1), abs=60)
    assert (found["left"]["elapsed"], found["left"]["speed"]) == (None, 10.0)


def test_news_come_from_the_cursor_on(ws, journal, page):
    browser = page(LiveMonitor(ws))
    first = browser.result("follow", key=journal.key, cursor=0)
    assert first["parties"] == [
        {"id": "d", "name": "Dana", "side": "customer"},
        {"id": "r", "name": "r@x.example", "side": None},
    ]
    assert (first["watching"], first["later"]) == (
        ["Price", "Boss"],
        [{"tracker": "Slow", "reason": "It reads whole calls."}],
    )
    says(journal, 0, "It is", "d", False)
    says(journal, 0, "It is too much", "d", True, event("found", 0, "It is too much"))
    journal.write({"party": {"id": "x", "name": "Xu", "side": "company"}, "events": [], "unknown": 1})
    news = browser.result("follow", key=journal.key, cursor=first["cursor"])
    assert [(one["turn"], one["text"], one["final"], one["time"]) for one in news["turns"]] == [
        (0, "It is too much", True, "0:00")
    ]
    (found,) = news["events"]
    assert (found["find"], found["kind"], found["tracker"], found["latency_ms"]) == (
        "t1 call-9:0:0",
        "found",
        "Price",
        pytest.approx(31),
    )
    assert news["parties"] == [{"id": "x", "name": "Xu", "side": "company"}]
    assert (news["watching"], news["later"], news["end"], news["more"]) == (None, None, None, False)
    assert browser.result("follow", key=journal.key, cursor=news["cursor"])["turns"] == []


def test_what_the_end_settled_comes_with_how_it_ended(ws, journal, page):
    journal.write({"events": [event("withdrawn", 0, "It is").to_dict()]})
    journal.write({"ended": BEGAN.isoformat(), "kept": True, "found": 3})
    news = page(LiveMonitor(ws)).result("follow", key=journal.key, cursor=0)
    assert (news["end"], news["call"]["state"]) == ({"kept": True, "found": 3}, "ended")
    assert [(one["kind"], one["latency_ms"]) for one in news["events"]] == [("withdrawn", None)]


def test_a_long_call_comes_in_pages_and_a_long_turn_in_part(ws, journal, page):
    for at in range(100):
        says(journal, at, f"{at} " + "x" * 3_000)
    browser, cursor, turns, pages = page(LiveMonitor(ws)), 0, [], 0
    more = True
    while more:
        news = browser.result("follow", key=journal.key, cursor=cursor)
        cursor, more, pages = news["cursor"], news["more"], pages + 1
        turns += news["turns"]
        assert len(json.dumps(news)) < 2 * live_calls.PAGE
    assert pages > 4
    assert [one["turn"] for one in turns] == list(range(100))
    assert (len(turns[7]["text"]), turns[7]["more"]) == (2_000, 1_002)
    assert browser.result("whole", key=journal.key, turn=7) == "7 " + "x" * 3_000


def test_half_a_line_is_not_waited_for(ws, journal, page):
    with journal.file.open("ab") as out:
        out.write(b'{"turn": {"id": "0", "te')
    browser = page(LiveMonitor(ws))
    news = browser.result("follow", key=journal.key, cursor=0)
    assert not browser.result("follow", key=journal.key, cursor=news["cursor"])["more"]


def test_a_call_that_another_process_fed_is_followed(ws, folder, page):
    folder.mkdir()
    done = run("-c", FOLLOWS, str(folder), key_of("elsewhere"))
    assert done.returncode == 0, done.stderr
    news = page(LiveMonitor(ws)).result("follow", key=key_of("elsewhere"), cursor=0)
    assert (news["call"]["title"], news["call"]["state"], news["turns"][0]["text"]) == (
        "Fed elsewhere",
        "left",
        "Hello",
    )


@pytest.mark.parametrize("key", ["", "nowhere", "../state", "/etc/passwd", "*"])
def test_no_other_file_is_ever_read(ws, journal, page, key):
    for ask in ("follow", "whole"):
        values = {"cursor": 0} if ask == "follow" else {"turn": 0}
        assert page(LiveMonitor(ws)).ask(ask, key=key, **values)["error"]["kind"] == "NotFound"


def test_a_call_is_named_by_its_key_its_id_or_by_itself(ws, journal):
    assert LiveMonitor(ws).call_key == ""
    assert LiveMonitor(ws, journal.key).call_key == journal.key
    assert LiveMonitor(ws, "call-9").call_key == journal.key
    assert LiveMonitor(ws, "not yet begun").call_key == key_of("not yet begun")
    assert LiveMonitor(ws, SimpleNamespace(key="k")).call_key == "k"
    with pytest.raises(TypeError, match="takes no argument 'colour'"):
        LiveMonitor(ws, colour="red")


def test_the_choice_stays_in_the_kernel(ws, journal, page):
    monitor = LiveMonitor(ws)
    page(monitor).result("choose", key=journal.key)
    assert monitor.call_key == journal.key
    page(monitor).result("choose", key="")
    assert monitor.call_key == ""


def test_a_recorded_call_is_found_by_its_title_and_replayed(ws, folder, page, tmp_path):
    ws.lake = Lake(tmp_path / "lake")
    calls = [
        {
            "id": f"c{n}",
            "title": f"Renewal {n}",
            "duration_s": 60,
            "scope": "internal",
            "turns": [{"party": "a", "text": "Hi."}],
        }
        for n in range(30)
    ]
    ingest(ws.lake, calls)
    monitor = LiveMonitor(ws)
    browser = page(monitor)
    assert [one["conversation_id"] for one in browser.result("recorded", words="")][:2] == ["c29", "c28"]
    assert len(browser.result("recorded", words="renewal")) == 20
    assert browser.result("recorded", words=" RENEWAL 7 ") == [
        {"conversation_id": "c7", "title": "Renewal 7", "account": None, "date": None, "duration": 60.0, "turns": 1}
    ]
    assert "at most 200" in browser.ask("recorded", words="x" * 201)["error"]["message"]
    key = browser.result("replay", conversation_id="c7", speed=10)
    assert monitor.call_key == key
    again = page(LiveMonitor(ws))  # as when the cell is run anew
    again.result("speed", key=key, speed=50)
    (call,) = again.result("calls")
    assert (call["here"], call["speed"], call["state"]) == (True, 50.0, "live")
    for speed in (0, 101):
        assert "1 to 100 times" in again.ask("speed", key=key, speed=speed)["error"]["message"]
    assert "give a finite one" in again.ask("speed", key=key, speed=float("nan"))["error"]["message"]
    again.result("stop", key=key)
    assert again.ask("stop", key=key)["error"]["kind"] == "NotFound"
    assert not again.result("calls")[0]["here"]


def test_what_ended_a_replay_is_told(ws, page):
    monitor = LiveMonitor(ws)
    key = page(monitor).result("replay", conversation_id="c1", speed=1)
    playing = live_calls.playings_of(ws)[key]
    playing.done, playing.error = True, "The disk is full."
    assert page(monitor).result("calls")[0]["problem"] == "The disk is full."


def test_readers_replay_nothing_whatever_their_page_says(ws, page):
    monitor = LiveMonitor(ws, can_replay=False)
    monitor.can_replay = True
    asks = {
        "recorded": {"words": ""},
        "replay": {"conversation_id": "c1", "speed": 1},
        "speed": {"key": "k", "speed": 1},
        "stop": {"key": "k"},
    }
    for kind, values in asks.items():
        assert "only shows live calls" in page(monitor).ask(kind, **values)["error"]["message"]
    assert page(monitor).result("calls") == []
