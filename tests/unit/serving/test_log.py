"""What the server writes down of requests: neither tokens nor filters, and nothing that a terminal obeys."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.jupyter import wait_for
from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import PAGE, notebooks, send
from tests.unit.small import run

FAILS = """from workbench.serving import pages
def fail(*_, **named):
    raise RuntimeError("planted")
pages.Front.get = fail
pages.KernelState.get = fail"""
CLASSES = """import sys
from pathlib import Path
from workbench.serving.answers import SafeHandler
from workbench.serving.app import configured
app = configured(Path(sys.argv[1]), token="t" * 16, warm=0)
app.connection_dir = sys.argv[2]
settings = app.init_settings()
classes = [route[1] for route in app.init_handlers()] + [settings["default_handler_class"]]
print(len(classes), [one.__name__ for one in classes if not issubclass(one, SafeHandler)])"""
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
ADDRESSES = (
    *(
        "/",
        "/login",
        "/nothing",
        "/voila/render/none.ipynb",
        "/voila/templates/a",
        "/voila/templates/a/b/c",
        "/nothing/",
    ),
    *(
        "/voila/templates/lab/static/none",
        "/voila/static/none",
        "/voila/static/%00",
        "/voila/static/../../x",
        "/%2e%2e/x",
    ),
    *("/voila/api/themes/none", "/voila/labextensions/none", "/workbench/static/none", "/voila/api/shutdown/none"),
    *("/api/kernels/a-b-c-d-e", "/api/kernels/a-b-c-d-e/channels", "/api/contents", "//evil.example", PAGE + "/"),
)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("failing")
    with dashboards(notebooks(home), home / "w", home, "--warm", "0", before=FAILS) as server:
        yield server


def written(server: Server) -> str:
    """Return the log after the server's own link."""
    return server.log.read_text(errors="replace").partition("Stop with Ctrl+C.")[2]


def test_no_query_is_logged(failing: Server) -> None:
    queries = (
        "token={}",
        "x=1&token={}",
        "token=%20{}",
        "TOKEN={}",
        "token={}&token=%ff",
        "next=%2F%3Ftoken%3D{}",
        "{}",
    )
    for address in ADDRESSES:
        for method in METHODS:
            for query in queries if method == "GET" else queries[:1]:
                send(failing, f"{address}?{query.format(failing.token)}", method=method, known=False)
    headers = {"Referer": f"{failing.url}/?token={failing.token}", "User-Agent": failing.token, "Cookie": failing.token}
    for address in ADDRESSES:
        send(failing, address, headers)
    log = written(failing)
    assert failing.token not in log
    assert not re.search(r"token=|/\S*\?", log)
    assert "404 GET /nothing (127.0.0.1)" in log


def test_a_failure_is_logged_under_the_id_that_its_page_names(failing: Server) -> None:
    for address in ("/", "/api/kernels/a-b-c-d-e"):
        reply = send(failing, f"{address}?secret=filter")
        (number,) = re.findall(r"report error (\w+) to", reply.body)
        assert reply.status == 500
        assert reply.header("Content-Security-Policy")
        assert not reply.header("Server")
        assert not re.search("planted|Traceback|RuntimeError", reply.body)
        log = written(failing)
        assert f"Error {number}: GET {address} (127.0.0.1)" in log
        assert "RuntimeError: planted" in log.partition(number)[2]
        assert "secret" not in log


def test_a_path_is_logged_as_a_terminal_can_bear(failing: Server) -> None:
    send(failing, "/bell%07%1b[31m%0a404 GET /forged".replace(" ", "%20"))
    where = urlsplit(failing.url)
    with socket.create_connection((where.hostname or "", where.port or 0)) as connection:
        connection.sendall(f"GET /csi\x9b31m\u202e{'a' * 5000} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
        connection.recv(1000)
    wait_for(lambda: "/csi" in written(failing), "the last request to be logged")
    log = written(failing)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", log)
    assert not [line for line in log.splitlines() if line.startswith("404 GET /forged")]
    assert max(map(len, log.splitlines())) < 300


def test_every_address_answers_by_the_same_rules(tmp_path: Path) -> None:
    """Headers, origins, error pages and what is logged come from one base."""
    given = run("-c", CLASSES, str(notebooks(tmp_path) / "dashboards"), str(tmp_path))
    assert given.stdout.split() == ["12", "[]"], given.stderr
