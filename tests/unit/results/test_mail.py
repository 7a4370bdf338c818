"""E-mails to a real SMTP server on loopback."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from datetime import UTC, datetime

import pytest

from tests.unit.results.receivers import post_office
from workbench.domain.errors import InvalidStream
from workbench.domain.streams import ChannelKind, Message, MessageChannel, MessageKind, checked_address
from workbench.results import mail
from workbench.results.failures import DeliveryRefused, NoServer, NotSetUp, Unreached

CALL = {
    "conversation_id": "call-1",
    "title": "Über den Preis\r\nBcc: eve@example.org",
    "started": "2026-05-01T10:00:00+00:00",
    "account": "Ölmühle",
    "team": None,
    "tracker": "Price",
    "sentences": 2,
    "sentence_ids": ["call-1:0:0", "call-1:4:0"],
}
TO = MessageChannel(id="c1", kind=ChannelKind.EMAIL, target="ann@example.org")


def message(name="Preise", calls=1):
    about = {"stream": {"id": "s", "name": name}, "calls": [CALL] * calls}
    return Message(id="m1", kind=MessageKind.CALLS, created=datetime(2026, 5, 1, 12, tzinfo=UTC), about=about)


@pytest.fixture
def office(monkeypatch):
    with post_office() as mailbox:
        monkeypatch.setenv(mail.SERVER, f"smtp+plain://127.0.0.1:{mailbox.port}")
        monkeypatch.setenv(mail.SENDER, "workbench@example.org")
        yield mailbox


def test_what_arrives(office):
    mail.send(message(calls=22), TO)
    (got,) = office.mails
    assert (got["From"], got["To"]) == ("workbench@example.org", "ann@example.org")
    assert got["Subject"] == "22 new calls in Preise"
    assert got["Message-ID"] == "<m1.c1@example.org>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content_type() == "text/plain"
    lines = got.get_content().splitlines()
    assert lines[2] == "- Über den Preis Bcc: eve@example.org, Ölmühle, 2026-05-01, Price: 2 sentences"
    assert lines[-1] == "and 2 more"
    assert got["Bcc"] is None


@pytest.mark.parametrize(
    "name",
    [
        "Price\r\nBcc: eve@example.org",
        "Price\nX: y",
        "Price\r\n\r\nbody",
        *(
            f"Price{line}Bcc: eve@example.org" for line in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
        ),  # all that splitlines knows
        "a\x00b",
        "\u202egnp",
        "a\ud800b",
    ],
)
def test_a_name_cannot_add_a_header_or_a_line(office, name):
    mail.send(message(name), TO)
    (got,) = office.mails
    assert {key.lower() for key in got} <= {
        *("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version"),
        *("content-type", "content-transfer-encoding", "x-peer", "x-mailfrom", "x-rcptto"),
    }
    assert len(got.get_content().splitlines()) == 3


@pytest.mark.parametrize(
    "address",
    [
        *("", "ann", "@example.org", "ann@", "ann@example.org, eve@example.org", "ann@example.org\nBcc: e@example.org"),
        *("Ann <ann@example.org>", "ann@exa mple.org", "änn@example.org", "ann@example.org ", "a" * 250 + "@x.org"),
    ],
)
def test_addresses_that_are_none(address):
    with pytest.raises(InvalidStream, match="email"):
        checked_address(address)
    assert checked_address("ann.o'neil+tag@mail.example.org")


def test_what_the_server_says_is_told(office):
    for answer, why in (("550 no such mailbox", DeliveryRefused), ("451 try later", Unreached)):
        office.refuses = answer
        with pytest.raises(why, match=answer):
            mail.send(message(), TO)


def test_no_server(monkeypatch):
    monkeypatch.setenv(mail.SENDER, "workbench@example.org")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv(mail.SERVER, f"smtp+plain://127.0.0.1:{port}")
    with pytest.raises(NoServer):
        mail.send(message(), TO)


def test_without_tls_nothing_is_sent_where_it_was_asked_for(office, monkeypatch):
    monkeypatch.setenv(mail.SERVER, f"smtp://name%40example.org:secret@127.0.0.1:{office.port}")
    with pytest.raises(NoServer, match="STARTTLS"):
        mail.send(message(), TO)
    assert office.mails == []


@pytest.mark.parametrize(
    ("url", "sender", "why"),
    [
        (None, None, "SMTP_URL is not set"),
        ("example.org:25", None, "must begin with smtp://"),
        ("smtp://[bad", None, "must be an address"),
        ("smtp+plain://name:hush@example.org", "a@example.org", "only sent over TLS"),
        ("smtp://name:hush@example.org", None, "SMTP_FROM"),
    ],
)
def test_what_is_not_set_up_is_told_without_the_password(url, sender, why):
    given = {mail.SERVER: url, mail.SENDER: sender}
    with pytest.raises(NotSetUp, match=why) as told:
        mail.server_of({name: value for name, value in given.items() if value})
    assert "hush" not in str(told.value)


def test_what_the_environment_names():
    found = mail.server_of({mail.SERVER: "smtps://ann%40example.org:p%3Aw@mail.example.org"})
    assert (found.host, found.port, found.name, found.password) == ("mail.example.org", 465, "ann@example.org", "p:w")
    assert found.sender == "ann@example.org"
    assert "p:w" not in repr(found)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """For localhost, trusted by this process alone."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*made.split(), "-keyout", key, "-out", cert], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def allow(server, session, envelope, mechanism, data):
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=(data.login, data.password) == (b"ann@example.org", b"right"), handled=False)


def test_starttls_and_login(certificate, monkeypatch):
    with post_office(
        tls_context=certificate, require_starttls=True, authenticator=allow, auth_required=True
    ) as mailbox:
        for password in ("wrong", "right"):
            monkeypatch.setenv(mail.SERVER, f"smtp://ann%40example.org:{password}@localhost:{mailbox.port}")
            if password == "wrong":
                with pytest.raises(NoServer, match="535"):
                    mail.send(message(), TO)
        mail.send(message(), TO)
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        with pytest.raises(NoServer, match="certificate verify failed"):
            mail.send(message(), TO)
    assert mailbox.secured == [True]
