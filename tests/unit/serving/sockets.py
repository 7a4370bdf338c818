"""A page's websocket to its kernel, as a test speaks over it in each of Jupyter's protocols."""

from __future__ import annotations

import json
import re
import struct
from typing import Any
from uuid import uuid4

from websockets.sync.client import ClientConnection, connect

from tests.browser.servers import Server
from tests.support.patience import PATIENCE_S

V1 = "v1.kernel.websocket.jupyter.org"


def socket_of(server: Server, kernel: str, protocol: str = V1, known: bool = True, **options: Any) -> ClientConnection:
    """Connect to a page's kernel; ``options`` are those of ``websockets``."""
    url = server.url.replace("http", "ws") + f"/api/kernels/{kernel}/channels?session_id={uuid4().hex}"
    headers = {"Authorization": f"token {server.token}"} if known else {}
    protocols: Any = [protocol] if protocol else None
    more = {**headers, **options.pop("additional_headers", {})}
    return connect(url, additional_headers=more, subprotocols=protocols, max_size=None, **options)


def message(kind: str, content: Any) -> dict[str, Any]:
    header = {"msg_id": uuid4().hex, "msg_type": kind, "session": "s", "username": "u", "version": "5.3"}
    return {
        "header": header | {"date": "2026-01-01T00:00:00Z"},
        "parent_header": {},
        "metadata": {"version": "1.0.0"},
        "content": content,
    }


def in_v1(channel: str, told: dict[str, Any]) -> bytes:
    parts = [
        channel.encode(),
        *(json.dumps(told[n]).encode() for n in ("header", "parent_header", "metadata", "content")),
    ]
    at = [8 * (len(parts) + 2)]
    for part in parts:
        at.append(at[-1] + len(part))
    return struct.pack(f"<{len(at) + 1}Q", len(at), *at) + b"".join(parts)


def in_json(channel: str, told: dict[str, Any]) -> str:
    return json.dumps({"channel": channel, "buffers": [], **told})


def in_binary(channel: str, told: dict[str, Any]) -> bytes:
    return struct.pack("!II", 1, 8) + json.dumps({"channel": channel, **told}).encode()


def states(page: ClientConnection) -> dict[str, Any]:
    """All widgets' states, as a page asks for them: what was sent before has been dealt with by then.

    Nothing but comms and whether the kernel is busy comes back.
    """
    comm = uuid4().hex
    page.send(
        in_v1("shell", message("comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}))
    )
    page.send(in_v1("shell", message("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})))
    while True:
        got = page.recv(timeout=PATIENCE_S)
        text = got if isinstance(got, str) else got.decode(errors="replace")
        assert re.findall(r'"msg_type": ?"(\w+)"', text)[0] in ("status", "comm_msg", "kernel_info_reply"), text
        if "update_states" in text:
            whole: dict[str, Any] = json.JSONDecoder().raw_decode(text, text.index("{", text.index('"states"')))[0]
            return whole


def text_of(found: dict[str, Any]) -> tuple[str, str]:
    """The id and the value of the one text field."""
    return next((name, one["state"]["value"]) for name, one in found.items() if one["model_name"] == "TextModel")
