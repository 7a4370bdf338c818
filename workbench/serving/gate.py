"""What passes between a reader's page and its kernel: widgets' messages, and nothing that runs code.

Voilà lets all comm messages pass. Here a page can neither open a comm of its own choice, which would make widgets
in the kernel, nor set a widget's traits: it asks, and the widget decides.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

ASKS = ("kernel_info_request", "comm_info_request", "comm_close")
OPENS = ("jupyter.widget.control",)  # by which a page asks for the widgets that there are
METHODS = ("custom", "request_state", "request_states")
TOLD = ("status", "comm_open", "comm_msg", "comm_close")
LONGEST = 65_536  # bytes of one message: requests are short
log = logging.getLogger(__name__)
MOST_PARTS = 32  # of a message, its buffers included
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
    """A page's connection to its kernel, which drops what :func:`may_pass` refuses.

    What the kernel prints goes to this process's log, not to the page: it is for whoever runs the server.
    """

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Passes one message on, or says in the log that it was refused."""
        try:
            channel, kind, content = self._read(incoming_msg)
            passes = may_pass(channel, kind, content)
        except Exception:
            kind, passes = "unreadable", False
        if passes:
            super().handle_incoming_message(incoming_msg)
        else:
            log.warning("A page's message was refused: %.60r", kind)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Passes on what the page's widgets need."""
        parts = self.session.feed_identities(outgoing_msg, copy=True)[1]
        kind = self.session.unpack(parts[1])["msg_type"]
        if getattr(stream, "channel", stream) != "iopub" or kind in TOLD:
            super().handle_outgoing_message(stream, outgoing_msg)
        elif kind == "stream":
            log.warning("A dashboard's kernel: %s", str(self.session.unpack(parts[4]).get("text")).rstrip())

    def _read(self, message: Any) -> tuple[Any, Any, Any]:
        """Channel, kind and content, read as the kernel will read them; raises where they can't be read so."""
        if self.subprotocol != V1 or not isinstance(message, bytes) or len(message) > LONGEST:
            raise ValueError
        if int.from_bytes(message[:8], "little") > MOST_PARTS:  # Jupyter's own reading would take for ever
            raise ValueError
        channel, parts = deserialize_msg_from_ws_v1(message)
        return channel, self.session.unpack(parts[0])["msg_type"], self.session.unpack(parts[3])
