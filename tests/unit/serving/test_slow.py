"""Who is slow, opens too much or sends too much is cut off, and the others go on being answered."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPException
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from tests.browser.jupyter import wait_for
from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import notebooks, opened, send
from tests.unit.serving.sockets import socket_of, states
from workbench.serving import app

SHORT_S, MOST = 3, 30  # seconds that a busy machine keeps no request waiting, and connections
BEFORE = f"from workbench.serving import app\napp.SLOW_S, app.MAX_CONNECTIONS = {SHORT_S}, {MOST}"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with less patience than usual."""
    home = tmp_path_factory.mktemp("hasty")
    with dashboards(notebooks(home), home / "w", home, "--warm", "0", before=BEFORE) as server:
        yield server


def connection(server: Server) -> socket.socket:
    where = urlsplit(server.url)
    found = socket.create_connection((where.hostname or "", where.port or 0))
    found.settimeout(60)
    return found


def answers(server: Server) -> bool:
    try:
        return send(server, "/nothing").status == 404
    except (ConnectionError, HTTPException):
        return False


def is_closed(one: socket.socket) -> bool:
    try:
        return one.recv(100) == b""
    except ConnectionError:
        return True


def test_patience_is_bounded() -> None:
    assert app.SLOW_S <= 30
    assert app.MAX_CONNECTIONS < 1024  # what a process may open, by default
    assert app.MAX_BODY <= 1024 * 1024


HALVES = {
    "nothing": b"",
    "a line": b"GET / HTTP/1.1\r\n",
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
    "half a body": b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\npassword=",
    "half a chunk": b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\npass",
}


def test_half_requests_are_cut_off(hasty: Server) -> None:
    with ExitStack() as stack:
        many = [(name, stack.enter_context(connection(hasty))) for name in HALVES for _ in range(5)]
        for name, one in many:
            one.sendall(HALVES[name])
        assert [name for name, one in many if not is_closed(one)] == []


def test_a_head_that_drips_is_cut_off(hasty: Server) -> None:
    with connection(hasty) as one:
        one.settimeout(SHORT_S / 4)
        one.sendall(b"GET / HTTP/1.1\r\n")

        def dripped() -> bool:
            try:
                one.sendall(b"X-Drip: 1\r\n")
                return one.recv(100) == b""
            except TimeoutError:
                return False
            except ConnectionError:
                return True

        wait_for(dripped, "the connection to be cut off", 60)


def test_a_connection_that_idles_is_closed(hasty: Server) -> None:
    with connection(hasty) as one:
        one.sendall(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert one.recv(65_536).startswith(b"HTTP/1.1 404")
        assert is_closed(one)


def test_too_many_connections_are_turned_away(hasty: Server) -> None:
    with ExitStack() as stack:
        many = [stack.enter_context(connection(hasty)) for _ in range(2 * MOST)]
        closed = [one for one in many[MOST + 5 :] if is_closed(one)]
        assert len(closed) == len(many[MOST + 5 :])
    wait_for(lambda: answers(hasty), "the server to answer again")


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 10000000",
        b"Transfer-Encoding: chunked",
        b"X: " + b"x" * 100_000,
    ],
    ids=["a body", "chunks", "a head"],
)
def test_too_much_is_not_read(hasty: Server, head: bytes) -> None:
    def send_on(one: socket.socket) -> None:
        one.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
        while True:
            one.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    with connection(hasty) as one, pytest.raises(ConnectionError):
        send_on(one)


def test_too_long_a_message_ends_its_websocket_alone(hasty: Server) -> None:
    kernel = opened(hasty)
    with socket_of(hasty, kernel) as page:
        page.send(b"x" * (app.MAX_MESSAGE + 1))
        with pytest.raises(ConnectionClosed):
            states(page)
    with socket_of(hasty, kernel) as page:
        assert states(page)
