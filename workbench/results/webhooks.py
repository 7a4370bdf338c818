"""Messages as signed HTTP requests, after the Standard Webhooks specification (https://www.standardwebhooks.com).

The receiver checks ``webhook-signature`` against HMAC-SHA256 of ``webhook-id.webhook-timestamp.body``, turns down time
stamps that are far from its own clock, and drops ids that it has had.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException

from workbench.domain import plain_json
from workbench.domain.errors import InvalidStream
from workbench.domain.streams import Message, MessageChannel
from workbench.results.addresses import Endpoint, Socket, endpoint_of, resolved
from workbench.results.failures import DeliveryRefused, Unreached

TIMEOUT_S = 10.0  # for all of it: the name, each address that is tried, and the answer
MIN_CONNECT_S = 1.0  # for one address, however many there are
_PREFIX = "whsec_"
_GONE = 410


def new_key() -> str:
    """Return a key of 32 random bytes, as text."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(key: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of ``webhook-signature``."""
    secret = base64.b64decode(key.removeprefix(_PREFIX))
    digest = hmac.new(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def send(message: Message, channel: MessageChannel) -> None:
    """Post it; what is answered counts by its status alone, and is not read.

    Raises:
        Refused: trying again would not help: the address is not allowed, redirects, or is gone for good.
        Unreached: it did not answer in time, or not with success.
    """
    body = plain_json.dumps(message.to_dict()).encode()
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "tracker-workbench",
        "webhook-id": message.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(channel.key or "", message.id, timestamp, body),
    }
    try:
        status = _post(endpoint_of(channel.target), headers, body)
    except InvalidStream as error:
        raise DeliveryRefused(str(error)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unreached(f"not reached: {error or type(error).__name__}") from None
    if 300 <= status < 400:
        raise DeliveryRefused(f"answered {status}; redirects are not followed, so give the address that it leads to")
    if status == _GONE:
        raise DeliveryRefused("answered 410 Gone")
    if not 200 <= status < 300:
        raise Unreached(f"answered {status}")


def _post(endpoint: Endpoint, headers: dict[str, str], body: bytes) -> int:
    end = time.monotonic() + TIMEOUT_S
    with (
        _connected(resolved(endpoint, TIMEOUT_S), end) as plain,
        _cut_off(plain, _left(end)) as cut,
        _secured(plain, endpoint) as stream,
    ):
        connection = HTTPConnection(endpoint.host, endpoint.port)
        connection.sock = stream
        try:
            if isinstance(stream, ssl.SSLSocket):
                stream.do_handshake()
            connection.request("POST", endpoint.path, body, {"Host": endpoint.authority, **headers})
            with connection.getresponse() as response:
                return response.status
        except (OSError, HTTPException):
            if cut.is_set():
                raise _too_late() from None
            raise


def _connected(addresses: Sequence[Socket], end: float) -> socket.socket:
    """Connect to the first address that answers; a dead one leaves time for those behind it."""
    failure = OSError("the host has no address")
    for place, (family, address) in enumerate(addresses):
        share = max(MIN_CONNECT_S, _left(end) / (len(addresses) - place))
        try:
            plain = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:  # this machine has no such family
            failure = error
            continue
        try:
            plain.settimeout(min(_left(end), share))
            plain.connect(address)
            plain.settimeout(TIMEOUT_S)
            return plain
        except OSError as error:
            plain.close()
            failure = error
    raise failure


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise _too_late()
    return left


def _too_late() -> TimeoutError:
    return TimeoutError(f"no answer within {TIMEOUT_S:g} s")


def _secured(plain: socket.socket, endpoint: Endpoint) -> socket.socket:
    if endpoint.scheme == "http":
        return plain
    context = ssl.create_default_context()
    return context.wrap_socket(plain.dup(), server_hostname=endpoint.host, do_handshake_on_connect=False)


@contextmanager
def _cut_off(plain: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """End the connection then, whatever it is at: a receiver that sends a byte now and again is never idle."""
    cut = threading.Event()

    def stop() -> None:
        cut.set()
        with suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
