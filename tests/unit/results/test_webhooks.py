"""Webhooks over real sockets: signed, once, in time, to where they were checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from tests.support.patience import PATIENCE_S
from workbench.domain.streams import ChannelKind, Message, MessageChannel, MessageKind
from workbench.results import addresses, webhooks
from workbench.results.failures import DeliveryRefused, Unreached

MESSAGE = Message(
    id="m1",
    kind=MessageKind.SUMMARY,
    created=datetime(2026, 5, 1, tzinfo=UTC),
    about={
        "stream": {"id": "s", "name": "Preise – €"},
        "tracker": "Price",
        "version": 1,
        "past": "1 month",
        "calls": 2,
        "sentences": 3,
    },
)


def channel(url):
    return MessageChannel(id="c1", kind=ChannelKind.WEBHOOK, target=url, key=webhooks.new_key())


def test_what_is_posted_and_how_it_is_signed(receiver):
    to = channel(receiver.url)
    begun = int(time.time())
    webhooks.send(MESSAGE, to)
    (got,) = receiver.got
    assert got.path == "/hook?a=1"
    assert got.headers["host"] == f"127.0.0.1:{receiver.server_port}"
    assert got.headers["content-type"] == "application/json"
    assert json.loads(got.body) == MESSAGE.to_dict()
    assert begun <= int(got.headers["webhook-timestamp"]) <= time.time()
    key = base64.b64decode(to.key.removeprefix("whsec_"))
    signed = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    assert got.headers["webhook-id"] == "m1"


def test_the_signature_is_that_of_the_specifications_example():
    key, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    made = webhooks.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_keys_differ_and_hold_32_bytes():
    one, other = webhooks.new_key(), webhooks.new_key()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32
    assert one not in repr(channel("http://example.org/").__class__(id="c", kind="webhook", target="t", key=one))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(receiver, status):
    receiver.statuses = [status]
    with pytest.raises(DeliveryRefused, match=f"answered {status}; redirects are not followed"):
        webhooks.send(MESSAGE, channel(receiver.url))
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("status", "why"), [(500, Unreached), (404, Unreached), (429, Unreached), (410, DeliveryRefused)]
)
def test_what_an_answer_means(receiver, status, why):
    receiver.statuses = [status]
    with pytest.raises(why, match=str(status)):
        webhooks.send(MESSAGE, channel(receiver.url))


def test_nobody_there(receiver):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreached, match="not reached"):
        webhooks.send(MESSAGE, channel(f"http://127.0.0.1:{port}/"))


def test_who_says_nothing_and_who_drips_are_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(webhooks, "TIMEOUT_S", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            with pytest.raises(Unreached):
                webhooks.send(MESSAGE, channel(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/"))
    receiver.drips = True
    with pytest.raises(Unreached, match=r"no answer within 0\.4 s"):
        webhooks.send(MESSAGE, channel(receiver.url))


def test_nonsense_is_no_success(monkeypatch, receiver):
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def answer():
            for _ in range(2):
                taken, _ = odd.accept()
                with taken:
                    taken.recv(65536)
                    taken.sendall(b"220 mail.example.org ESMTP\r\n" + b"x" * 100_000)

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(Unreached):
            webhooks.send(MESSAGE, channel(f"http://127.0.0.1:{odd.getsockname()[1]}/"))
        with pytest.raises(Unreached):  # no TLS there
            webhooks.send(MESSAGE, channel(f"https://127.0.0.1:{odd.getsockname()[1]}/"))


def test_a_local_address_is_refused_at_the_moment_of_sending(receiver, monkeypatch):
    to = channel(receiver.url)
    monkeypatch.delenv(addresses.ALLOW_LOCAL)
    with pytest.raises(DeliveryRefused, match="private address"):
        webhooks.send(MESSAGE, to)
    assert receiver.got == []


def test_a_name_that_changes_its_address_between_check_and_use_is_asked_once(receiver, monkeypatch):
    """The second answer would lead to a server that must not be reached."""
    monkeypatch.delenv(addresses.ALLOW_LOCAL)
    answers, real = ["93.184.216.34", "127.0.0.1"], socket.socket.connect
    reached = []

    def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    def connect(self, address):
        reached.append(address)
        return real(self, ("127.0.0.1", receiver.server_port))  # stands for the public one

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(webhooks.socket.socket, "connect", connect)
    webhooks.send(MESSAGE, channel(f"http://rebound.example.org:{receiver.server_port}/"))
    assert reached == [("93.184.216.34", receiver.server_port)]
    assert answers == ["127.0.0.1"]
    assert receiver.got[0].headers["host"] == f"rebound.example.org:{receiver.server_port}"


def answers_with(monkeypatch, *places):
    """Every name leads to these hosts and ports, in this order."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_the_next_address_is_tried_where_the_first_refuses(receiver, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = free.getsockname()
    answers_with(monkeypatch, dead, ("127.0.0.1", receiver.server_port))
    webhooks.send(MESSAGE, channel("http://two.example.org/"))
    assert len(receiver.got) == 1


def test_the_next_address_is_tried_where_the_first_says_nothing(receiver, monkeypatch):
    """As behind an IPv6 route that leads nowhere."""
    asked, real = [], socket.socket.connect

    def connect(self, address):
        asked.append((address, self.gettimeout()))
        if address == ("192.0.2.1", 80):
            raise TimeoutError("timed out")
        return real(self, address)

    monkeypatch.setattr(webhooks.socket.socket, "connect", connect)
    answers_with(monkeypatch, ("192.0.2.1", 80), ("127.0.0.1", receiver.server_port))
    webhooks.send(MESSAGE, channel("http://two.example.org/"))
    assert len(receiver.got) == 1
    assert [address for address, _ in asked] == [("192.0.2.1", 80), ("127.0.0.1", receiver.server_port)]
    assert asked[0][1] <= webhooks.TIMEOUT_S / 2


def test_all_addresses_together_take_no_longer_than_one(receiver, monkeypatch):
    moments, asked = iter(range(1000)), []

    def connect(self, address):
        asked.append(self.gettimeout())
        raise TimeoutError("timed out")

    monkeypatch.setattr(webhooks.time, "monotonic", lambda: float(next(moments)))
    monkeypatch.setattr(webhooks.socket.socket, "connect", connect)
    answers_with(monkeypatch, *(("192.0.2.1", port) for port in range(1, 500)))
    with pytest.raises(Unreached, match="no answer within 10 s"):
        webhooks.send(MESSAGE, channel("http://many.example.org/"))
    assert 1 <= len(asked) <= 10


def test_looking_the_name_up_counts_towards_the_time_limit(receiver, monkeypatch):
    monkeypatch.setattr(webhooks, "TIMEOUT_S", 0.2)
    answering = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answering.wait(PATIENCE_S) and [])
    with pytest.raises(Unreached, match="could not be resolved in time"):
        webhooks.send(MESSAGE, channel("http://slow.example.org/"))
    answering.set()
    assert receiver.got == []


def test_no_proxy_is_used(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    webhooks.send(MESSAGE, channel(receiver.url))
    assert len(receiver.got) == 1
