"""What passes between a reader's page and its kernel: widgets' messages, and nothing that runs code.

Voilà lets all comm messages pass. Here a page can neither open any comm, which would create widgets in the kernel, nor
set a widget's traits: it sends requests, and the widget decides. Messages that pass are rebuilt from the parts that a
kernel needs, with the sender as the server knows them.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from workbench.domain.names import printable
from workbench.domain.reporters import STAMP, Reporter
from workbench.serving.identity import reporter_of
from workbench.serving.quota import Quota

ASKS = ("kernel_info_request", "comm_info_request", "comm_close")
OPENS = ("jupyter.widget.control",)  # a page uses it to request the existing widgets
METHODS = ("custom", "request_state", "request_states")
TOLD = ("status", "comm_open", "comm_msg", "comm_close")
LONGEST = 65_536  # bytes of one message, as requests are short
MOST_PARTS = 32  # parts of a message, including its buffers
V1 = "v1.kernel.websocket.jupyter.org"
LOGGED_A_MINUTE = {"refused": 10, "printed": 200}  # log lines of one page
HEADER = ("msg_id", "msg_type", "session", "date", "version")
_PLAIN = re.compile(r"[\w.:+-]{0,100}", re.ASCII)  # ids, dates and versions, which kernels print if they are wrong
log = logging.getLogger(__name__)


def may_pass(channel: Any, kind: Any, content: Any) -> bool:
    """Return whether a page's message of this kind, on this channel, is passed to the kernel."""
    if channel not in ("shell", "control") or not isinstance(content, Mapping):
        return False
    if kind in ASKS:
        return True
    if channel != "shell":
        return False
    if kind == "comm_open":
        return content.get("target_name") in OPENS
    if kind == "comm_msg":
        data = content.get("data")
        return isinstance(data, Mapping) and data.get("method") in METHODS
    return False


def rewritten(header: Any, metadata: Any, content: Any, by: Reporter) -> tuple[dict[str, Any], ...]:
    """Header, metadata and content of a message that may pass, reduced to what a kernel needs.

    Raises:
        ValueError: one of them is not what widgets send.
    """
    head = {name: _plain(header.get(name, "")) for name in HEADER} | {"username": ""}
    version = metadata.get("version") if isinstance(metadata, Mapping) else None
    about: dict[str, Any] = {STAMP: by.stamp()} | ({} if version is None else {"version": _plain(version)})
    if head["msg_type"] == "kernel_info_request":
        return head, about, {}
    kept = {name: _plain(content[name]) for name in ("comm_id", "target_name") if content.get(name) is not None}
    if head["msg_type"] == "comm_info_request":
        return head, about, kept
    if not kept.get("comm_id"):
        raise ValueError("not the name of a comm")
    return head, about, kept | {"data": content["data"] if head["msg_type"] == "comm_msg" else {}}


class ReadersConnection(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel, which drops what :func:`may_pass` refuses.

    What the kernel prints goes to this process's log, for the administrator, and not to the page.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._quotas = {name: Quota(lines) for name, lines in LOGGED_A_MINUTE.items()}
        self._looks: asyncio.Future[None] | None = None

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass a message on, or log that it was refused."""
        handler = self.websocket_handler
        seen = handler.identity_provider.seen_to_stand(handler.current_user)  # type: ignore[attr-defined]  # the server has ReadersIdentity
        if not seen and (self._looks is None or self._looks.done()):
            self._looks = asyncio.ensure_future(self._look_again())
        kind: Any = "unreadable"
        try:
            channel, (header, metadata, content) = self._read(incoming_msg)
            kind = header["msg_type"]
            if not may_pass(channel, kind, content):
                raise ValueError
            parts = rewritten(header, metadata, content, reporter_of(handler.current_user))
        except Exception:  # noqa: BLE001, a page may send anything
            self._log("refused", f"A page's message was refused: {kind!r:.60}")
            return
        head, about, content = map(self.session.pack, parts)
        super().handle_incoming_message(serialize_msg_to_ws_v1([head, b"{}", about, content], channel))

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Pass on what the page's widgets need."""
        parts = self.session.feed_identities(outgoing_msg, copy=True)[1]
        kind = self.session.unpack(parts[1])["msg_type"]
        if getattr(stream, "channel", stream) != "iopub" or kind in TOLD:
            super().handle_outgoing_message(stream, outgoing_msg)
        elif kind == "stream":
            for line in str(self.session.unpack(parts[4]).get("text")).splitlines():
                if line.strip():
                    self._log("printed", f"A dashboard's kernel: {line.rstrip()}")

    async def _look_again(self) -> None:
        """Close the connection of a reader whose token was revoked or has expired."""
        handler = self.websocket_handler
        if not await handler.identity_provider.stands(handler.current_user):  # type: ignore[attr-defined]  # the server has ReadersIdentity
            handler.close(4403, "This token is no longer valid.")

    def _log(self, name: str, line: str) -> None:
        """Log a line without terminal control characters, up to the page's limit per minute."""
        if self._quotas[name].take():
            left_out = self._quotas[name].left_out()
            log.warning("%s", printable(line, lines=False))
            if left_out:
                log.warning("%d more lines of this page were left out", left_out)

    def _read(self, message: Any) -> tuple[Any, list[Any]]:
        """Return channel, header, metadata and content as the kernel would read them; raises if they are unreadable."""
        if self.subprotocol != V1 or not isinstance(message, bytes) or len(message) > LONGEST:
            raise ValueError
        if int.from_bytes(message[:8], "little") > MOST_PARTS:  # Jupyter's own parser would never end
            raise ValueError
        channel, parts = deserialize_msg_from_ws_v1(message)
        return channel, [self.session.unpack(parts[place]) for place in (0, 2, 3)]


def _plain(value: Any) -> str:
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        raise ValueError("not what widgets send")
    return value
