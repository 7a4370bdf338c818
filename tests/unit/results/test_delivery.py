"""The outbox: at least once, in good order, with patience; what fails is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.results.receivers import post_office, web
from workbench.domain.streams import ChannelKind, MessageChannel, MessageKind
from workbench.results import delivery, mail
from workbench.results.delivery import CLAIM, TRIES, deliver, wait_s
from workbench.results.webhooks import new_key
from workbench.store.database import open_database
from workbench.store.outbox import Outbox, post
from workbench.store.streams import ChannelRepository, StreamRepository

ABOUT = {"tracker": "Price", "version": 1, "past": "1 month", "calls": 2, "sentences": 3}


class Clock:
    def __init__(self):
        self.now = datetime.now(UTC) + timedelta(seconds=5)

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += timedelta(seconds=seconds)


class State:
    """A stream with channels, and a clock to turn."""

    def __init__(self, where):
        self.engine = open_database(where)
        self.outbox, self.clock = Outbox(self.engine), Clock()
        self.stream = StreamRepository(self.engine).add("Pricing")
        self.channels = ChannelRepository(self.engine, stream_id=self.stream.id)

    def channel(self, target, kind=ChannelKind.WEBHOOK, name="c1"):
        self.channels.add(MessageChannel(id=name, kind=kind, target=target, key=new_key()))

    def post(self):
        with self.engine.begin() as connection:
            about = ABOUT | {"stream": {"id": self.stream.id, "name": self.stream.name}}
            post(connection, MessageKind.SUMMARY, about, stream_id=self.stream.id)

    def deliver(self, **senders):
        chosen = {ChannelKind(kind): send for kind, send in senders.items()} or delivery.SENDERS
        return deliver(self.outbox, chosen, self.clock, lambda: 0.5)

    def states(self):
        return [(row["state"], row["tries"]) for row in self.outbox.deliveries()]


@pytest.fixture
def outgoing(tmp_path, state):
    return State(state or tmp_path / "state.db")


def test_each_channel_gets_each_message_once(outgoing, receiver, monkeypatch):
    with post_office() as mailbox:
        monkeypatch.setenv(mail.SERVER, f"smtp+plain://127.0.0.1:{mailbox.port}")
        monkeypatch.setenv(mail.SENDER, "workbench@example.org")
        outgoing.channel(receiver.url)
        outgoing.channel("ann@example.org", ChannelKind.EMAIL, "c2")
        outgoing.post()
        assert outgoing.deliver().sent == 2
        assert outgoing.deliver() == delivery.Delivered()
    (message,) = outgoing.outbox.messages()
    assert receiver.got[0].headers["webhook-id"] == message.id
    assert message.id in mailbox.mails[0]["Message-ID"]


def test_after_a_failure_it_waits_and_tries_again_under_the_same_id(outgoing, receiver):
    receiver.statuses = [500, 200]
    outgoing.channel(receiver.url)
    outgoing.post()
    told = outgoing.deliver()
    assert (told.waiting, told.reasons) == (1, ("answered 500",))
    outgoing.clock.pass_(29)
    assert outgoing.deliver() == delivery.Delivered()
    outgoing.clock.pass_(2)
    assert outgoing.deliver().sent == 1
    one, other = receiver.got
    assert one.headers["webhook-id"] == other.headers["webhook-id"]
    assert one.body == other.body
    assert outgoing.states() == [("sent", 2)]


def test_waits_grow_to_half_a_day_and_spread():
    assert [wait_s(n, 0.5) for n in range(1, 9)] == [30, 120, 480, 1920, 7680, 30720, 43200, 43200]
    assert (wait_s(1, 0.0), wait_s(1, 1.0)) == (15, 45)


def test_what_is_given_up_is_kept_and_can_be_tried_again(outgoing, receiver):
    receiver.statuses = [503]
    outgoing.channel(receiver.url)
    outgoing.post()
    for _ in range(TRIES + 3):
        outgoing.deliver()
        outgoing.clock.pass_(13 * 3600)
    assert len(receiver.got) == TRIES
    assert outgoing.states() == [("failed", TRIES)]
    assert outgoing.outbox.deliveries()[0]["failure"] == "answered 503"
    receiver.statuses = [200]
    assert outgoing.outbox.revive() == 1
    assert outgoing.deliver().sent == 1


def test_a_redirect_fails_at_once_and_reaches_nobody(outgoing, receiver):
    receiver.statuses = [302]
    outgoing.channel(receiver.url)
    outgoing.post()
    assert outgoing.deliver().failed == 1
    assert len(receiver.got) == 1


def test_what_was_cut_off_between_sending_and_marking_is_sent_again_later(outgoing, receiver, monkeypatch):
    outgoing.channel(receiver.url)
    outgoing.post()
    with monkeypatch.context() as patch:
        patch.setattr(outgoing.outbox, "sent", lambda one: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            outgoing.deliver()
    assert outgoing.deliver() == delivery.Delivered()  # another may still be at it
    outgoing.clock.pass_(CLAIM.total_seconds() + 1)
    assert outgoing.deliver().sent == 1
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_one_that_is_cut_off_every_time_is_given_up(outgoing):
    outgoing.channel("http://example.org")
    outgoing.post()

    def dies(message, channel):
        raise KeyboardInterrupt

    for _ in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            outgoing.deliver(webhook=dies)
        outgoing.clock.pass_(CLAIM.total_seconds() + 1)
    assert outgoing.deliver(webhook=dies).reasons == ("gave up: every attempt was interrupted",)


def test_two_processes_do_not_send_the_same(outgoing):
    outgoing.channel("http://example.org")
    outgoing.post()
    sent = []

    def send(message, channel):
        if not sent:
            sent.append(message.id)
            assert outgoing.deliver(webhook=send) == delivery.Delivered()  # the other one, meanwhile
        else:
            sent.append(message.id)

    assert outgoing.deliver(webhook=send).sent == 1
    assert len(sent) == 1


def test_a_claim_as_seen_too_early_is_lost(outgoing):
    outgoing.channel("http://example.org")
    outgoing.post()
    (seen,) = outgoing.outbox.due(outgoing.clock())
    assert outgoing.outbox.claim(seen, outgoing.clock() + CLAIM) is not None
    assert outgoing.outbox.claim(seen, outgoing.clock() + CLAIM) is None


def test_a_channel_that_fails_is_left_alone_and_the_others_go_on(outgoing, receiver):
    with web() as dead:
        dead.statuses = [500]
        outgoing.channel(dead.url)
        outgoing.channel(receiver.url, name="c2")
        for _ in range(3):
            outgoing.post()
        told = outgoing.deliver()
    assert (told.sent, told.waiting) == (3, 3)
    assert (len(dead.got), len(receiver.got)) == (1, 3)


def test_what_is_not_set_up_waits_without_being_counted(outgoing, monkeypatch):
    monkeypatch.delenv(mail.SERVER, raising=False)
    for name in ("c1", "c2"):
        outgoing.channel("ann@example.org", ChannelKind.EMAIL, name)
    outgoing.post()
    told = outgoing.deliver()
    assert (told.waiting, told.reasons) == (2, ("WORKBENCH_SMTP_URL is not set, so e-mails wait",))
    assert outgoing.states() == [("waiting", 0)] * 2


def test_a_fault_of_our_own_stops_no_other_message(outgoing):
    sent = []

    def send(message, channel):
        if channel.id == "c1":
            raise RuntimeError("out of luck")
        sent.append(channel.id)

    for name in ("c1", "c2"):
        outgoing.channel("http://example.org", name=name)
    outgoing.post()
    assert outgoing.deliver(webhook=send).reasons == ("RuntimeError: out of luck",)
    assert sent == ["c2"]


def test_a_channel_that_is_removed_takes_what_waits_with_it(outgoing):
    outgoing.channel("http://example.org")
    outgoing.post()
    outgoing.channels.remove("c1")
    assert outgoing.deliver() == delivery.Delivered()
    assert len(outgoing.outbox.messages(unread=True)) == 1
