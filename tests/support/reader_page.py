"""A reader of ``workbench dashboards`` without a browser: logs in, opens pages, and speaks with their kernels."""

from __future__ import annotations

import json
import re
import struct
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from websockets.sync.client import ClientConnection, connect

from tests.support.patience import PATIENCE_S

V1 = "v1.kernel.websocket.jupyter.org"


class Reader:
    """Somebody with a browser of their own, and so with cookies; ``token`` lets them in."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url, self.token = url, token
        self._jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, the address where it ended, and the body."""
        try:
            with self._browser.open(self.url + path, timeout=PATIENCE_S) as reply:
                return reply.status, reply.url, reply.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.url, error.read().decode(errors="replace")

    def log_in(self, typed: str) -> tuple[int, str]:
        """Type a token into the form; the status, and where it ended."""
        self.get("/login")
        xsrf = next((cookie.value for cookie in self._jar if cookie.name == "_xsrf"), "")
        body = urlencode({"password": typed, "_xsrf": xsrf}).encode()
        try:
            with self._browser.open(
                self.url + "/login?next=%2Fvoila%2Frender%2Fnone.ipynb", body, timeout=PATIENCE_S
            ) as reply:
                return reply.status, reply.url
        except urllib.error.HTTPError as error:
            return error.code, error.url

    @contextmanager
    def page(self, name: str) -> Iterator[Page]:
        """A dashboard, open."""
        mark = f"?token={self.token}" if self.token else ""
        status, _, text = self.get(f"/voila/render/{name}.ipynb{mark}")
        found = re.search(r'"kernelId": "([\w-]+)"', text)
        assert status == 200, text[:2_000]
        assert found, text[:2_000]
        with self.socket(found[1]) as connection:
            yield Page(connection, found[1])

    def socket(self, kernel: str) -> ClientConnection:
        """A connection with a kernel, with this reader's cookies."""
        address = self.url.replace("http", "ws", 1) + f"/api/kernels/{kernel}/channels?session_id={uuid4().hex}"
        cookies = "; ".join(f"{one.name}={one.value}" for one in self._jar)
        return connect(address, additional_headers={"Cookie": cookies}, subprotocols=[V1], max_size=None)  # type: ignore[list-item]


class Page:
    """An open page: its connection, and the widget that it shows."""

    def __init__(self, connection: ClientConnection, kernel: str) -> None:
        self.connection, self.kernel = connection, kernel
        states = self.states()
        self.widget = next(name for name, one in states.items() if "_anywidget_id" in one["state"])
        self.state: dict[str, Any] = states[self.widget]["state"]

    def states(self) -> dict[str, Any]:
        """The state of every widget, by the name of its comm; what was sent before has been answered by then."""
        comm = uuid4().hex
        control = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        self.send("comm_open", control, metadata={"version": "1.0.0"})
        self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        while True:
            data = self._received().get("data", {})
            if data.get("method") == "update_states":
                states: dict[str, Any] = data["states"]
                return states

    def ask(self, kind: str, metadata: Any = None, header: Any = None, **values: Any) -> dict[str, Any]:
        """The widget's reply to a request."""
        name = uuid4().hex
        request = {"id": name, "kind": kind, **values}
        data = {"method": "custom", "content": request}
        self.send("comm_msg", {"comm_id": self.widget, "data": data}, metadata, header)
        while True:
            reply: Any = self._received().get("data", {}).get("content")
            if isinstance(reply, dict) and reply.get("id") == name:
                return reply

    def send(self, kind: str, content: Any, metadata: Any = None, header: Any = None, channel: str = "shell") -> None:
        """One message, of which a test may choose every part."""
        head = {"msg_id": uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
        head |= {"date": "2026-01-01T00:00:00Z", **(header or {})}
        parts = [channel.encode(), *(json.dumps(one).encode() for one in (head, {}, metadata or {}, content))]
        at = [8 * (len(parts) + 2)]
        for part in parts:
            at.append(at[-1] + len(part))
        self.connection.send(struct.pack(f"<{len(at) + 1}Q", len(at), *at) + b"".join(parts))

    def _received(self) -> dict[str, Any]:
        """The content of the next message."""
        got = self.connection.recv(timeout=PATIENCE_S)
        assert isinstance(got, bytes)
        count = int.from_bytes(got[:8], "little")
        at = [int.from_bytes(got[8 * place : 8 * place + 8], "little") for place in range(1, count + 1)]
        content: dict[str, Any] = json.loads(got[at[4] : at[5]])
        return content
