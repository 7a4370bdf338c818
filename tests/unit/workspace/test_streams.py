"""Streams and alerts of a workspace: what they collect, what they tell, and where to."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import workbench as wb
from tests.unit import small
from workbench.domain.errors import InvalidStream, NotEnoughTags, StreamNotFound, TrackerNotFound
from workbench.engine.encoders import HashingEncoder
from workbench.publishing import publication
from workbench.store import database, outbox
from workbench.store.moments import now
from workbench.store.streams import AlertRepository


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "BATCH", 16)
    return small.ready(tmp_path / "w", rounds=2)


def more(workspace, count=40, name="new", days_ago=1.0, **ingest):
    """Further calls; gives their ids."""
    calls = small.conversations(count, seed=9)
    begun = (now() - timedelta(days=days_ago)).isoformat()
    for call in calls:
        call |= {"id": f"{name}-{call['id']}", "title": f"<b>{name}</b>", "account": "Acme", "team": "North"}
        call["started"] = begun
    workspace.ingest(calls, **ingest)
    return {call["id"] for call in calls}


def told(workspace, kind="calls"):
    """The ids of the calls in all messages, one by one."""
    return [c["conversation_id"] for m in workspace.messages() if m.kind == kind for c in m.about["calls"]]


@pytest.mark.usefixtures("state")
def test_a_stream_made_while_publishing_collects_the_past_and_tells_of_it_once(workspace):
    publication = workspace.trackers.get("Price").publish(past="12 months", stream="Pricing")
    publication.wait()
    calls = workspace.streams.get("Pricing").calls()
    found = workspace.detections("Price")
    assert set(calls["conversation_id"]) == set(found["conversation_id"])
    assert calls["sentences"].sum() == len(found) == sum(map(len, calls["sentence_ids"]))
    (message,) = workspace.messages()
    assert message.subject == f"Past calls are read: {len(calls)} calls in Pricing"
    assert f"{len(found)} sentences found" in message.text


@pytest.mark.usefixtures("state")
def test_new_calls_are_told_once_in_one_message_a_run(workspace):
    workspace.trackers.get("Price").publish(stream="Pricing")
    ids = more(workspace)
    (message,) = workspace.messages(unread=True)
    calls = workspace.streams.get("Pricing").calls()
    assert sorted(told(workspace)) == sorted(calls["conversation_id"])
    assert set(told(workspace)) < ids
    assert len(told(workspace)) > 16
    assert message.subject == f"{len(calls)} new calls in Pricing"
    one = message.about["calls"][0]
    assert (one["title"], one["account"], one["team"], one["tracker"]) == ("<b>new</b>", "Acme", "North", "Price")
    workspace.catch_up()
    assert workspace.messages(unread=True) == [message]
    assert list(calls.columns) == [
        *("conversation_id", "title", "started", "account", "team", "tracker", "version", "sentences", "sentence_ids")
    ]


@pytest.mark.usefixtures("state")
def test_what_was_read_takes_up_no_more(workspace):
    workspace.trackers.get("Price").publish(stream="Pricing")
    more(workspace, name="a")
    (first,) = workspace.messages()
    more(workspace, name="b")
    (grown,) = workspace.messages()
    assert grown.id == first.id
    assert len(grown.about["calls"]) == 2 * len(first.about["calls"])
    workspace.mark_read(grown)
    assert workspace.messages(unread=True) == []
    more(workspace, name="c")
    assert [message.id == first.id for message in workspace.messages()] == [False, True]
    assert len(told(workspace)) == len(set(told(workspace)))


def test_a_message_holds_so_many_calls_and_no_more(workspace, monkeypatch):
    monkeypatch.setattr(outbox, "MOST", 20)
    workspace.trackers.get("Price").publish(stream="Pricing")
    more(workspace, 60)
    assert len(workspace.messages()) > 1
    assert sorted(told(workspace)) == sorted(workspace.streams.get("Pricing").calls()["conversation_id"])


def test_a_webhook_gets_what_the_notebook_shows(workspace, receiver):
    workspace.trackers.get("Price").publish(stream="Pricing")
    channel = workspace.streams.get("Pricing").notify(webhook=receiver.url)
    assert channel.key.startswith("whsec_")
    more(workspace)
    (got,) = receiver.got
    (message,) = workspace.messages()
    assert got.headers["webhook-id"] == message.id
    assert len(workspace.deliveries()) == 1
    assert workspace.deliveries()["state"].tolist() == ["sent"]
    more(workspace, name="later")
    assert len(receiver.got) == 2
    assert len(told(workspace)) == len(set(told(workspace)))


def test_what_is_said_in_calls_leaves_in_no_message(workspace, receiver):
    workspace.trackers.get("Price").publish(stream="Pricing")
    workspace.streams.get("Pricing").notify(webhook=receiver.url)
    more(workspace)
    assert not any(said.encode() in receiver.got[0].body for said in small.PRICEY)


@pytest.mark.usefixtures("state")
def test_a_channel_is_told_of_all_that_comes_after_it(workspace, receiver):
    """Also where a message from before it would have taken up what comes."""
    workspace.trackers.get("Price").publish(stream="Pricing")
    before = more(workspace, name="a")
    workspace.streams.get("Pricing").notify(webhook=receiver.url)
    more(workspace, name="b")
    assert len(receiver.got) == 1
    assert not any(name.encode() + b'"' in receiver.got[0].body for name in before)


def test_the_key_is_shown_once_and_lies_in_a_file_for_its_owner(workspace, receiver):
    stream = workspace.streams.create("Pricing")
    channel = stream.notify(webhook=receiver.url)
    assert channel.key not in repr(channel)
    assert [(one.id, one.key) for one in stream.channels] == [(channel.id, None)]
    state = workspace.path / "state.db"
    for file in (state, *workspace.path.glob("state.db-*")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    stream.forget(channel)
    assert stream.channels == []
    with pytest.raises(StreamNotFound):
        stream.forget(channel)


def test_channels_that_cannot_be(workspace):
    stream = workspace.streams.create("Pricing")
    for wrong in ({}, {"email": "a@b.org", "webhook": "https://b.org"}, {"email": "a"}, {"webhook": "http://127.1/"}):
        with pytest.raises(InvalidStream):
            stream.notify(**wrong)
    assert stream.channels == []


def test_a_stream_of_several_trackers(workspace):
    price = workspace.trackers.get("Price")
    price.publish()
    other = workspace.trackers.create("Other", examples=small.EXAMPLES)
    stream = workspace.streams.create("Both", trackers=[price])
    stream.add("Other")
    assert set(stream.spec.tracker_ids) == {price.id, other.id}
    more(workspace)
    assert set(stream.calls()["tracker"]) == {"Price"}
    stream.remove(price)
    assert stream.calls().empty
    assert "conversation_id" in stream.calls()


@pytest.mark.usefixtures("state")
def test_names_ids_and_what_is_not_there(workspace):
    stream = workspace.streams.create("  Pricing \n talk ")
    assert stream.name == "Pricing talk"
    assert workspace.streams.get(stream.id).name == workspace.streams.list()[0].name
    with pytest.raises(InvalidStream, match="already"):
        workspace.streams.create("Pricing talk")
    for name in ("", "\x00\n", "a" * 81):
        with pytest.raises(InvalidStream, match="name"):
            workspace.streams.create(name)
    with pytest.raises(TrackerNotFound):
        workspace.streams.create("Another", trackers=["Nothing"])
    workspace.streams.delete("Pricing talk")
    for ask in (workspace.streams.get, workspace.streams.delete, workspace.alerts.get, workspace.alerts.delete):
        with pytest.raises(StreamNotFound):
            ask("Pricing talk")


def test_a_publication_that_fails_makes_no_stream(workspace):
    draft = workspace.trackers.create("Draft", examples=small.EXAMPLES)
    with pytest.raises(NotEnoughTags):
        draft.publish(stream="Pricing")
    with pytest.raises(InvalidStream):
        workspace.trackers.get("Price").publish(stream=" ")
    assert workspace.streams.list() == []
    assert workspace.trackers.get("Price").state == "draft"


def test_a_new_version_keeps_what_an_older_one_collected(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish(past="12 months", stream="Pricing").wait()
    stream = workspace.streams.get("Pricing")
    before = set(stream.calls()["conversation_id"])
    tracker.publish(stream="Pricing")
    assert set(stream.calls()["conversation_id"]) == before
    tracker.deactivate()
    assert set(stream.calls()["conversation_id"]) == before
    tracker.update(filters=wb.Filters(side="customer"))
    tracker.publish(past="12 months", stream="Pricing").wait()
    kept = set(stream.calls()["conversation_id"])
    assert kept < before  # it has judged them anew
    workspace.trackers.delete("Price")
    assert set(stream.calls()["conversation_id"]) == kept
    assert "'Price' was deleted on" in stream.notes[0]


def test_going_back_to_a_version_tells_of_no_call_twice(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish(stream="Pricing")
    tracker.publish(stream="Pricing")
    more(workspace)
    before = told(workspace)
    tracker.roll_back(1)
    workspace.catch_up()
    assert tracker.active_version().progress().found > 0
    assert told(workspace) == before


@pytest.mark.usefixtures("state")
def test_messages_and_detections_are_one_transaction(workspace, monkeypatch):
    workspace.trackers.get("Price").publish(stream="Pricing")
    more(workspace, detect=False)

    def fails(*_, **__):
        raise RuntimeError("out of luck")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "post", fails)
        with pytest.raises(RuntimeError):
            workspace.catch_up()
    assert workspace.detections("Price").empty
    assert workspace.messages() == []
    assert workspace.catch_up() == 40
    assert sorted(told(workspace)) == sorted(set(workspace.detections("Price")["conversation_id"]))


# Alerts


def test_an_alert_speaks_once_until_its_condition_has_been_gone(workspace, receiver):
    workspace.trackers.get("Price").publish()
    alert = workspace.alerts.create("Many", "Price", threshold=20, days=7)
    alert.notify(webhook=receiver.url)
    assert alert.reading() == (0, 0, 0)
    workspace.deliver()
    assert workspace.messages() == []
    more(workspace)
    reading = alert.reading()
    assert reading.calls == len(set(workspace.detections("Price")["conversation_id"])) >= 20
    assert reading.read == 40
    (message,) = workspace.messages()
    assert message.subject == f"Many: {reading.calls} calls in the last 7 days"
    assert "at least 20" in message.text
    more(workspace, name="b")
    assert len(workspace.messages()) == len(receiver.got) == 1
    later = now() + timedelta(days=8)
    assert not alert.judge(later)  # they are out of the period
    assert alert.judge()
    assert len(workspace.messages()) == 2


def test_a_rate_needs_calls_enough(workspace):
    workspace.trackers.get("Price").publish()
    alert = workspace.alerts.create("Often", "Price", threshold=0.5, measure="rate", days=3)
    more(workspace, 9)
    assert alert.reading() is None
    more(workspace, 40, name="b")
    value, calls, read = alert.reading()
    assert (value, read) == (calls / 49, 49)
    assert workspace.messages()[0].subject == f"Often: {value:.0%} ({calls} of 49) in the last 3 days"
    more(workspace, 40, name="old", days_ago=5)
    assert alert.reading().read == 49


def test_an_alert_for_few_calls_waits_until_the_period_has_been_read(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish()
    alert = workspace.alerts.create("Silence", tracker, threshold=5, days=7, direction="below")
    assert alert.reading() is None
    assert alert.judge(now() + timedelta(days=8))
    tracker.publish(past="1 month").wait()
    workspace.alerts.delete("Silence")
    alert = workspace.alerts.create("Silence", tracker, threshold=5, days=7, direction="below")
    assert alert.judge()
    assert workspace.messages()[0].subject == "Silence: 0 calls in the last 7 days"


def test_an_alert_says_nothing_of_a_tracker_that_does_not_run_or_is_behind(workspace):
    tracker = workspace.trackers.get("Price")
    alert = workspace.alerts.create("Many", tracker, threshold=1)
    assert alert.reading() is None
    tracker.publish()
    assert alert.reading() is not None
    more(workspace, detect=False)
    assert alert.reading() is None
    tracker.pause()
    workspace.catch_up()
    assert alert.reading() is None


@pytest.mark.usefixtures("state")
def test_two_processes_let_an_alert_speak_once(workspace, monkeypatch):
    workspace.trackers.get("Price").publish(past="1 month").wait()
    workspace.alerts.create("Silence", "Price", threshold=5, direction="below")
    one, other = (wb.open(workspace.path, encoder=workspace.encoder).alerts.get("Silence") for _ in range(2))
    speak, first = AlertRepository.speak, []

    def late(*given):
        if not first:
            first.append(None)  # the other has seen that it is to speak, and now this one is quicker
            assert one.judge()
        return speak(*given)

    monkeypatch.setattr(AlertRepository, "speak", late)
    assert not other.judge()
    assert first
    assert len([message for message in workspace.messages() if message.kind == "alert"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": 0},
        {"threshold": -1},
        {"threshold": float("nan")},
        {"threshold": float("inf")},
        {"measure": "rate", "threshold": 2},
        {"measure": "mean"},
        {"direction": "up"},
        {"days": 0},
        {"days": 400},
        {"name": ""},
    ],
)
def test_alerts_that_cannot_be(workspace, wrong):
    with pytest.raises(InvalidStream):
        workspace.alerts.create(**{"name": "Many", "tracker": "Price", "threshold": 1} | wrong)
    assert workspace.alerts.list() == []


@pytest.mark.usefixtures("state")
def test_a_tracker_deleted_for_good_leaves_its_name_to_alerts_and_streams(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish(stream="Pricing")
    workspace.alerts.create("Many", tracker, threshold=1)
    workspace.trackers.delete("Price", forever=True)
    assert "'Price' was deleted forever on" in workspace.alerts.get("Many").notes[0]
    assert workspace.alerts.get("Many").reading() is None
    stream = workspace.streams.get("Pricing")
    assert stream.calls().empty
    assert "'Price' was deleted forever on" in stream.notes[0]
    assert workspace.deliver().sent == 0
    stream.remove(tracker)
    assert stream.trackers == ()


def test_a_state_from_before_streams_is_taken_over(tmp_path):
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes["engine"] = create_engine(f"sqlite:///{tmp_path / 'state.db'}")
    command.upgrade(config, "0004")
    opened = wb.open(tmp_path, encoder=HashingEncoder())
    opened.trackers.create("Price", examples=small.EXAMPLES)
    assert opened.streams.create("Pricing", trackers=["Price"]).calls().empty


def test_started_times_are_in_utc(workspace):
    workspace.trackers.get("Price").publish(stream="Pricing")
    more(workspace)
    started = workspace.streams.get("Pricing").calls()["started"]
    assert str(started.dt.tz) == "UTC"
    assert (started < datetime.now(UTC)).all()
