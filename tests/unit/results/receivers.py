"""Servers on loopback that take webhooks and e-mails, and keep what they get."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from aiosmtpd.controller import Controller

from tests.support.patience import PATIENCE_S
from workbench.results import addresses


class Got(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Answers with ``statuses`` in turn, and with the last of them from then on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Got] = []
        self.statuses = [200]
        self.drips = False
        self.before_answer: Any = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?a=1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are none."""


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.server.before_answer()
        while self.server.drips:  # until the client hangs up
            self.wfile.write(b"H")
            time.sleep(0.05)
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def web() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.drips = False
    server.shutdown()
    server.server_close()


class Mailbox:
    """Messages that an SMTP server accepted; ``refuses`` makes it reject recipients with this answer."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.secured: list[bool] = []
        self.refuses: str | None = None
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.secured.append(session.ssl is not None)
        return "250 OK"


class _AtAnyPort(Controller):
    def _trigger_server(self) -> None:
        """It knocks at its port, which is known only by now."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def post_office(**options: Any) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = _AtAnyPort(mailbox, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE_S, **options)
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """One that is allowed to be reached, though it is on loopback."""
    monkeypatch.setenv(addresses.ALLOW_LOCAL, "1")
    with web() as server:
        yield server
