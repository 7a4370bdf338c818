"""People are told once when results are ready, a run fails, or a tracker is paused for want of credits."""

from __future__ import annotations

import json
import threading

import pytest
from typer.testing import CliRunner

import workbench as wb
from tests.support.patience import wait_for
from tests.unit.small import conversations
from workbench.cli.app import app
from workbench.domain.errors import InvalidStream
from workbench.domain.publications import Run
from workbench.engine.encoders import HashingEncoder
from workbench.publishing.publication import Publication
from workbench.store import notices
from workbench.store.credits import CreditRepository
from workbench.store.publications import PublicationRepository

ASKED = {"kind": "question", "question": "Is it too expensive?", "details": "“that is too expensive for us”"}


@pytest.fixture
def workspace(tmp_path):
    found = wb.open(tmp_path / "w", encoder=HashingEncoder())
    found.ingest(conversations(12))
    return found


def dog(workspace):
    return workspace.trackers.create("Dog", kind="keyword", words=["dog"])


def told(workspace):
    return [str(message.kind) for message in workspace.messages()]


def got(receiver):
    """What has arrived, at least one message; the kernel's background work may be the one that sends it."""
    wait_for(lambda: receiver.got, "a message")
    return [json.loads(one.body) for one in receiver.got]


def out_of_luck(*_, **__):
    raise RuntimeError("out of luck")


@pytest.mark.usefixtures("state")
def test_item_3_results_are_told_without_a_stream(workspace, receiver):
    workspace.notify(webhook=receiver.url)
    assert dog(workspace).publish(past="all").wait().state is Run.DONE
    workspace.deliver()
    (body,) = got(receiver)
    found = workspace.detections("Dog")
    assert (body["kind"], body["tracker"], body["sentences"]) == ("summary", "Dog", len(found))
    assert body["calls"] == found["conversation_id"].nunique() > 0
    (message,) = workspace.messages(unread=True)
    assert message.subject == f"Past calls are read: {body['calls']} calls in which Dog found something"
    assert message.id == body["id"]
    assert workspace.deliver().sent == 0


def test_results_that_need_no_reading_again_are_counted_as_found(workspace):
    tracker = dog(workspace)
    tracker.publish(past="all").wait()
    tracker.update(description="Barks")
    tracker.publish(past="all").wait()
    again, first = workspace.messages()
    assert (again.about["version"], first.about["version"]) in {(1, 2), (2, 1)}
    assert again.about["calls"] == first.about["calls"] > 0
    assert again.about["sentences"] == first.about["sentences"] == len(workspace.detections("Dog"))


def test_without_an_address_it_shows_in_the_notebook(workspace):
    dog(workspace).publish(past="all").wait()
    assert told(workspace) == ["summary"]
    assert workspace.deliveries().empty


@pytest.mark.parametrize("stream_has_address", [True, False])
def test_a_stream_s_own_addresses_come_first(workspace, receiver, stream_has_address):
    workspace.notify(webhook=f"{receiver.url}&of=workspace")
    tracker = dog(workspace)
    stream = workspace.streams.create("Dogs", trackers=["Dog"])
    if stream_has_address:
        stream.notify(webhook=f"{receiver.url}&of=stream")
    tracker.publish(past="all").wait()
    workspace.deliver()
    (body,) = got(receiver)
    assert body["stream"]["name"] == "Dogs"
    assert receiver.got[0].path.endswith("of=stream" if stream_has_address else "of=workspace")


@pytest.mark.usefixtures("state")
def test_a_run_that_fails_is_told_once_for_each_reason(workspace, receiver, monkeypatch):
    workspace.notify(webhook=receiver.url)
    monkeypatch.setattr(Publication, "reader", out_of_luck)
    publication = dog(workspace).publish(past="all")
    assert publication.wait().state is Run.FAILED
    for _ in range(2):
        with pytest.raises(RuntimeError):
            publication.resume().result()
    workspace.deliver()
    (body,) = got(receiver)
    assert (body["kind"], body["version"], body["reason"]) == ("failed", 1, "out of luck")
    (message,) = workspace.messages()
    assert message.subject == "Dog could not read past calls"
    assert "resume the backfill" in message.text
    monkeypatch.setattr(Publication, "reader", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publication.resume().result()
    assert told(workspace) == ["failed", "failed"]
    monkeypatch.undo()
    publication.resume().result()
    assert told(workspace).count("summary") == 1


@pytest.mark.usefixtures("state")
def test_a_pause_for_want_of_credits_is_told_and_nothing_beside(workspace, receiver):
    workspace.encode()
    workspace.notify(webhook=receiver.url)
    workspace.credits.set_price("local", 2)
    workspace.credits.top_up(3)
    price = workspace.trackers.create("Price", **ASKED)
    assert price.publish(past="all").wait().state is Run.FAILED
    workspace.deliver()
    (body,) = got(receiver)
    assert (body["kind"], body["tracker"], body["reason"]) == ("paused", "Price", "out of credits")
    assert workspace.messages()[0].subject == "Price is paused: out of credits"


@pytest.mark.usefixtures("state")
def test_who_pauses_at_once_tells_once(workspace):
    tracker = dog(workspace)
    tracker.publish()
    start = threading.Barrier(4)

    def pause():
        start.wait()
        CreditRepository(workspace.database).pause([tracker.id], "out of credits")

    threads = [threading.Thread(target=pause) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told(workspace) == ["paused"]


@pytest.mark.usefixtures("state")
def test_a_change_and_its_message_are_one_transaction(workspace, monkeypatch):
    tracker = dog(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(notices, "post", out_of_luck)
        publication = tracker.publish(past="all")
        assert publication.wait().state is not Run.DONE
        assert publication.detections().empty
        assert PublicationRepository(workspace.database).cursors(publication.id).failure is None
        with pytest.raises(RuntimeError):
            CreditRepository(workspace.database).pause([tracker.id], "out of credits")
    assert workspace.trackers.get("Dog").state == "active"
    assert told(workspace) == []
    publication.resume().result()
    assert told(workspace) == ["summary"]


def test_what_cannot_be_sent_waits_and_shows(workspace, receiver):
    receiver.statuses = [500]
    workspace.notify(webhook=receiver.url)
    dog(workspace).publish(past="all").wait()
    workspace.deliver()
    wait_for(lambda: workspace.deliveries()["failure"].notna().all(), "the first try")
    (row,) = workspace.deliveries().to_dict("records")
    assert (row["state"], row["tries"], row["target"]) == ("waiting", 1, receiver.url)
    assert "500" in row["failure"]


def test_addresses_are_listed_and_taken_away(workspace):
    with pytest.raises(InvalidStream, match="is not an e-mail address"):
        workspace.notify(email="nobody")
    channel = workspace.notify(email="ann@example.org")
    assert [one.target for one in workspace.notices.channels] == ["ann@example.org"]
    assert "ann@example.org (results, failed runs and pauses)" in str(workspace.sending())
    workspace.notices.forget(channel)
    assert workspace.notices.channels == []


def test_the_command_line_lists_adds_and_forgets(workspace):
    def run(*options):
        return CliRunner().invoke(app, ["notify", "-w", str(workspace.path), *options])

    assert "Nobody is notified yet" in run().output
    assert "email: ann@example.org" in run("--email", "ann@example.org").output
    assert run("--email", "a@example.org", "--forget", "b").exit_code == 2
    assert run("--forget", "b@example.org").exit_code == 2
    assert "Nobody" in run("--forget", "ann@example.org").output
