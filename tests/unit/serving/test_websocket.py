"""A hostile page on its own kernel's websocket: whatever it sends, no code runs and the page goes on being answered."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from tests.browser.servers import Server
from tests.support.patience import PATIENCE_S
from tests.unit.serving.readers import opened
from tests.unit.serving.sockets import V1, in_binary, in_json, in_v1, message, socket_of, states, text_of

KINDS = (
    *("execute_request", "inspect_request", "complete_request", "history_request", "is_complete_request"),
    *("connect_request", "kernel_info_request", "comm_info_request", "shutdown_request", "interrupt_request"),
    *("debug_request", "create_subshell_request", "delete_subshell_request", "list_subshell_request", "usage_request"),
    *("input_reply", "input_request", "execute_reply", "execute_input", "stream", "display_data", "error", "status"),
    *("comm_open", "comm_msg", "comm_close", "apply_request", "EXECUTE_REQUEST", "execute_request ", "", "unheard_of"),
)
CHANNELS = ("shell", "control", "stdin", "iopub", "hb", "", "unheard_of", "shell ")
TARGETS = (
    *("jupyter.widget", "jupyter.widget.version", "jupyter.widget.control ", "Jupyter.Widget.Control", "matplotlib"),
    *("jupyter.ipympl", "hook", "", ["jupyter.widget.control"], {"jupyter.widget.control": 1}, None, 1),
)
TEXT = {"_model_module": "@jupyter-widgets/controls", "_model_name": "TextModel", "value": "made"}


def code(file: Path) -> dict[str, Any]:
    """Return content that would write a file if a message were run as code."""
    line = f"open({str(file)!r}, 'w')"
    return {
        "code": line,
        "silent": False,
        "store_history": False,
        "user_expressions": {"a": line},
        "allow_stdin": True,
        "cursor_pos": 3,
        "detail_level": 1,
        "value": line,
        "hist_access_type": "range",
        "restart": False,
        "command": "evaluate",
        "type": "request",
        "arguments": {"expression": line},
        "name": "stdout",
        "text": line,
    }


def offsets(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}Q", *values)


def deep(levels: int) -> bytes:
    """A message whose content lies as deep as that."""
    whole = message("comm_msg", 0)
    parts = [b"shell", *(json.dumps(whole[name]).encode() for name in ("header", "parent_header", "metadata"))]
    parts.append(b"[" * levels + b"]" * levels)
    ends = [8 * (len(parts) + 2)]
    for part in parts:
        ends.append(ends[-1] + len(part))
    return offsets(len(ends), *ends) + b"".join(parts)


def twice(kind: str, other: str, content: Any) -> bytes:
    """A message that says two kinds, of which one reader takes the first and another the last."""
    made = in_v1("shell", message(kind, content))
    return made.replace(f'"msg_type": "{kind}"'.encode(), f'"msg_type": "{other}", "msg_type": "{kind}"'.encode())


def in_subshell(name: Any) -> dict[str, Any]:
    asked = message("comm_info_request", {})
    return {**asked, "header": {**asked["header"], "subshell_id": name}}


MALFORMED: dict[str, Any] = {
    "nothing": b"",
    "no text": "",
    "a brace": "{",
    "no message": "null",
    "a number": "1",
    "a list": "[]",
    "a text": '"execute_request"',
    "an empty object": "{}",
    "no header": '{"channel": "shell"}',
    "a header of null": '{"channel": "shell", "header": null}',
    "a byte": b"\x00",
    "seven bytes": b"\x01" * 7,
    "no parts": offsets(0),
    "one part": offsets(1),
    "one offset": offsets(1, 8),
    "2 ** 64 parts": b"\xff" * 40,
    "2 ** 63 parts": offsets(2**63, 0),
    "a million parts": offsets(1_000_000) + b"\x00" * 1_000,
    "offsets behind the end": offsets(6, 56, 10_000, 20_000, 30_000, 40_000, 50_000),
    "offsets backwards": offsets(6, 500, 400, 300, 200, 100, 56),
    "offsets of zero": offsets(6, 0, 0, 0, 0, 0, 0),
    "one offset for all": offsets(6, 56, 56, 56, 56, 56, 56),
    "parts that are no JSON": offsets(6, 56, 61, 62, 63, 64, 65) + b"shell{[}x",
    "a channel that is no text": offsets(6, 56, 58, 60, 62, 64, 66) + b"\xff\xfe" + b"{}" * 4,
    "a content 5,000 deep": deep(5_000),
    "a content 30,000 deep": deep(30_000),
    "a long message": in_v1("shell", message("comm_msg", ["x" * 100_000])),
    "900,000 bytes": b"\x00" * 900_000,
    "a content that is a text": in_v1("shell", message("comm_msg", "x")),
    "data that is a list": in_v1("shell", message("comm_msg", {"comm_id": "x", "data": ["method", "custom"]})),
    "a kind that is a list": in_v1("shell", {**message("x", {}), "header": {"msg_type": ["execute_request"]}}),
    "a header without a kind": in_v1("shell", {**message("x", {}), "header": {}}),
    "a header that is a list": in_v1("shell", {**message("x", {}), "header": []}),
    "an unknown comm": in_v1("shell", message("comm_msg", {"comm_id": "none", "data": {"method": "custom"}})),
    "a comm's id that is an object": in_v1(
        "shell", message("comm_msg", {"comm_id": {"a": 1}, "data": {"method": "custom"}})
    ),
    "a subshell that there is not": in_v1("shell", in_subshell("none")),
    "a subshell's id that is a list": in_v1("shell", in_subshell([1])),
    "NaN": in_v1("shell", message("comm_msg", {"comm_id": float("nan"), "data": {"method": float("inf")}})),
    "a lone surrogate": in_v1("shell", message("comm_msg", {"comm_id": "\ud800", "data": {"method": "custom"}})),
}


@pytest.fixture(scope="module")
def kernel(server: Server) -> str:
    return opened(server)


def is_well(server: Server, kernel: str) -> tuple[str, str]:
    """The page's one text, by a new connection: the one before was closed when all that it sent had been read."""
    with socket_of(server, kernel) as page:
        found = states(page)
    assert "made" not in json.dumps(found)
    return text_of(found)


@pytest.mark.parametrize(
    ("protocol", "write"),
    [(V1, in_v1), ("", in_json), ("", in_binary), ("unheard-of", in_v1), ("unheard-of", in_json), (V1, in_json)],
    ids=["v1", "JSON", "binary", "v1 unasked", "JSON to an unknown one", "JSON to v1"],
)
def test_no_kind_of_message_on_no_channel_runs_code(
    server: Server, kernel: str, tmp_path: Path, protocol: str, write: Callable[..., Any]
) -> None:
    before, file = is_well(server, kernel), tmp_path / "written"
    with socket_of(server, kernel, protocol) as page:
        for channel in CHANNELS:
            for kind in KINDS:
                page.send(write(channel, message(kind, code(file))))
    assert is_well(server, kernel) == before
    assert not file.exists()


def test_a_page_makes_no_widget_and_sets_no_trait(server: Server, kernel: str) -> None:
    before = is_well(server, kernel)
    opens = [{"comm_id": uuid4().hex, "target_name": name, "data": {"state": TEXT}} for name in TARGETS]
    changes = [
        {"comm_id": before[0], "data": {"method": method, "state": {"value": "made"}, "buffer_paths": []}}
        for method in ("update", "backbone", "Update", "", None, ["update"], "echo_update")
    ]
    with socket_of(server, kernel) as page:
        for content in opens:
            page.send(in_v1("shell", message("comm_open", content)))
        for content in changes:
            page.send(in_v1("shell", message("comm_msg", content)))
    assert is_well(server, kernel) == before


def test_two_kinds_in_one_message_are_one_for_all_readers(server: Server, kernel: str, tmp_path: Path) -> None:
    before, file = is_well(server, kernel), tmp_path / "written"
    with socket_of(server, kernel) as page:
        for kinds in (("execute_request", "comm_info_request"), ("comm_info_request", "execute_request")):
            page.send(twice(*kinds, code(file)))
    assert is_well(server, kernel) == before
    assert not file.exists()


@pytest.mark.parametrize("protocol", [V1, "", "unheard-of"])
def test_what_cannot_be_read_stops_nobody(server: Server, kernel: str, protocol: str) -> None:
    before = is_well(server, kernel)
    for torn in MALFORMED.values():
        with socket_of(server, kernel, protocol) as page:
            page.send(torn)
    assert is_well(server, kernel) == before


def origins(server: Server) -> list[str]:
    where = urlsplit(server.url)
    return [
        *("https://evil.example", "null", "", f"http://127.0.0.1:{(where.port or 0) + 1}", "http://127.0.0.1"),
        *(
            f"http://{where.netloc}.evil.example",
            f"http://evil.example/{where.netloc}",
            f"http://evil@{where.netloc}.x",
        ),
        *(f"http://localhost:{where.port}", "file://", "chrome-extension://abc"),
    ]


def login(server: Server) -> str:
    """The cookie of a reader who has opened a link with the token."""
    import http.client

    where = urlsplit(server.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE_S)
    connection.request("GET", f"/login?token={server.token}")
    given = connection.getresponse().getheader("Set-Cookie") or ""
    connection.close()
    return given.partition(";")[0]


def test_a_readers_browser_connects_from_our_pages_alone(server: Server, kernel: str) -> None:
    cookie = {"Cookie": login(server)}
    with socket_of(server, kernel, known=False, origin=server.url, additional_headers=cookie) as page:
        assert states(page)
    for origin in origins(server):
        with pytest.raises(InvalidStatus, match="403"):
            socket_of(server, kernel, known=False, origin=origin, additional_headers=cookie)
    for site in ("cross-site", "same-site"):
        foreign = cookie | {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "websocket"}
        with pytest.raises(InvalidStatus, match="403"):
            socket_of(server, kernel, known=False, origin=server.url, additional_headers=foreign)


def test_strangers_do_not_connect(server: Server, kernel: str) -> None:
    for cookie in ("", "username-x=1", login(server)[:-8], login(server).replace("=", "=2|", 1)):
        with pytest.raises(InvalidStatus, match="403"):
            socket_of(server, kernel, known=False, origin=server.url, additional_headers={"Cookie": cookie})
    with pytest.raises(InvalidStatus, match=r"40[34]"):
        socket_of(server, str(uuid4()))


def test_names_of_other_machines_do_not_connect(server: Server, kernel: str) -> None:
    """As after DNS rebinding, where Host and Origin agree."""
    for name in ("evil.example", "127.0.0.1.evil.example", "10.0.0.1"):
        host = f"{name}:{urlsplit(server.url).port}"
        url = server.url.replace("http://127.0.0.1", f"ws://{name}") + f"/api/kernels/{kernel}/channels"
        with pytest.raises(InvalidStatus, match="403"):
            socket_at(server, url, origin=f"http://{host}", cookie=login(server))


def socket_at(server: Server, url: str, origin: str, cookie: str) -> Any:
    """Connect to the server under another name's address."""
    import socket

    from websockets.sync.client import connect

    where = urlsplit(server.url)
    plain = socket.create_connection((where.hostname or "", where.port or 0))
    options: Any = {"origin": origin, "additional_headers": {"Cookie": cookie}}
    return connect(url, sock=plain, **options)
