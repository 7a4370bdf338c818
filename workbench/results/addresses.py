"""Where a webhook may go: public addresses alone, so that nobody reaches this machine or its network through it.

A name is resolved once, every address it has is looked at, and what is connected to is one of those looked at.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from workbench.domain.errors import InvalidStream

ALLOW_LOCAL = "WORKBENCH_ALLOW_LOCAL_WEBHOOKS"
MAX_URL = 2000
_PORTS = {"http": 80, "https": 443}
_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class Endpoint(NamedTuple):
    """A web address in parts; ``host`` is in ASCII, ``path`` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


Socket = tuple[int, tuple[Any, ...]]  # address family, and what connect takes


def endpoint_of(url: str) -> Endpoint:
    """Raises ``InvalidStream`` where it is no plain http or https address."""
    if len(url) > MAX_URL or not url.isascii() or any(c <= " " or c in '\\"<>^`{|}\x7f' for c in url):
        raise InvalidStream(f"webhook: an address has at most {MAX_URL} plain ASCII characters and no spaces")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidStream("webhook: is no web address") from None
    if parts.scheme not in _PORTS or not host or port == 0:
        raise InvalidStream("webhook: give an address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise InvalidStream("webhook: leave name and password out of the address; messages are signed")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, host, port or _PORTS[parts.scheme], path)


def checked_url(url: str) -> str:
    """The address as kept; raises ``InvalidStream``. Names are looked up, and judged, at each delivery."""
    endpoint = endpoint_of(url)
    with suppress(OSError):  # a name
        resolved(endpoint, socket.AI_NUMERICHOST)
    return url


def resolved(endpoint: Endpoint, flags: int = 0) -> Socket:
    """An address to connect to.

    Raises:
        InvalidStream: the host has an address that is not public, and local ones are not allowed.
        OSError: the host cannot be found.
    """
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError:
        raise InvalidStream(f"webhook: {endpoint.host!r} is no host's name") from None
    if not found:
        raise OSError("the host has no address")
    if os.environ.get(ALLOW_LOCAL) != "1":
        for *_, address in found:
            if not is_public(str(address[0])):
                raise InvalidStream(
                    f"webhook: {endpoint.host} lies on this machine or in its network, where none may go; "
                    f"{ALLOW_LOCAL}=1 allows it"
                )
    family, *_, address = found[0]
    return family, address


def is_public(address: str) -> bool:
    """Whether the whole internet reaches it; an address within another one counts as that one does."""
    found = ip_address(address.split("%")[0])
    if isinstance(found, IPv6Address):
        inner = _within(found)
        if inner is not None:
            return is_public(str(inner))
        if found not in _UNICAST:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, translated or 6to4 address stands for; Teredo's are not global anyway."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
