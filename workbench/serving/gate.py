"""What a reader's page may say to its kernel: that widgets' messages, and nothing that runs code.

Voilà lets all comm messages pass. Here a page can neither open a comm of its own choice, which would make widgets
in the kernel, nor set a widget's traits: it asks, and the widget decides.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_binary_message, deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

ASKS = frozenset({"kernel_info_request", "comm_info_request", "comm_close"})
OPENS = frozenset({"jupyter.widget.control"})  # by which a page asks for the widgets that there are
METHODS = frozenset({"custom", "request_state", "request_states"})
LONGEST = 65_536  # bytes of one message: requests are short
log = logging.getLogger(__name__)
V1 = "v1.kernel.websocket.jupyter.org"


def may_pass(channel: Any, kind: Any, content: Any) -> bool:
    """Whether a page's message of this kind, on this channel, goes on to the kernel."""
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


class ReadersConnection(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel, which drops what :func:`may_pass` refuses."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Passes one message on, or says in the log that it was refused."""
        try:
            channel, kind, content = self._read(incoming_msg)
            passes = len(incoming_msg) <= LONGEST and may_pass(channel, kind, content)
        except Exception:
            kind, passes = "unreadable", False
        if passes:
            super().handle_incoming_message(incoming_msg)
        else:
            log.warning("A page's message was refused: %.60r", kind)

    def _read(self, message: Any) -> tuple[Any, Any, Any]:
        """Channel, kind and content, read as the kernel will read them."""
        if self.subprotocol == V1:
            channel, parts = deserialize_msg_from_ws_v1(message)
            header, content = self.session.unpack(parts[0]), self.session.unpack(parts[3])
        else:
            whole = deserialize_binary_message(message) if isinstance(message, bytes) else json.loads(message)
            channel, header, content = whole["channel"], whole["header"], whole["content"]
        return channel, header["msg_type"], content
