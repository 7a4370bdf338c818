"""Decide where a webhook may go: only to public addresses, so that it cannot reach this machine or its network.

A name is resolved once, every address it has is looked at, and what is connected to is one of those looked at. Which
networks are public is written down here: the interpreter's own table differs from one patch release to the next.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from workbench.domain.errors import InvalidStream
from workbench.domain.rules import MAX_URL

ALLOW_LOCAL = "WORKBENCH_ALLOW_LOCAL_WEBHOOKS"
_PORTS = {"http": 80, "https": 443}
_UNICAST = IPv6Network("2000::/3")  # all that IANA gives out as global unicast; the rest of IPv6 is not public
_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_SIX_TO_FOUR = IPv6Network("2002::/16")  # RFC 3056: bits 16 to 47 are an IPv4 address

# IANA's registries of special-purpose addresses, whole blocks, with what lies in them: also where an assignment within
# is marked as globally reachable, since those are anycast to the nearest machine of a network, such as 192.0.0.9.
# https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
SPECIAL_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private use
            "100.64.0.0/10",  # shared by a provider's customers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local; clouds answer for their machines here
            "172.16.0.0/12",  # private use
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a cloud's metadata
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays, deprecated
            "192.168.0.0/16",  # private use
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast, a registry of its own
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
SPECIAL_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "::/96",  # unspecified, loopback, IPv4-compatible
            "::ffff:0:0/96",  # IPv4-mapped
            "64:ff9b:1::/48",  # translation within a network
            "100::/64",  # discard
            "100:0:0:1::/64",  # dummy prefix
            "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID and others
            "2001:db8::/32",  # documentation
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
            "fc00::/7",  # unique local
            "fe80::/10",  # link-local
            "fec0::/10",  # site-local, deprecated
            "ff00::/8",  # multicast
        ),
    )
)


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
    """Take an address apart; raises ``InvalidStream`` if it is not a plain http or https one."""
    if len(url) > MAX_URL or not url.isascii() or any(c <= " " or c in '\\"<>^`{|}\x7f' for c in url):
        raise InvalidStream(f"webhook: must have at most {MAX_URL} plain ASCII characters and no spaces")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidStream("webhook: not a valid URL") from None
    if parts.scheme not in _PORTS or not host or port == 0:
        raise InvalidStream("webhook: must begin with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise InvalidStream("webhook: must not contain a name or password; messages are signed instead")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, host, port or _PORTS[parts.scheme], path)


def checked_url(url: str) -> str:
    """Return the address as kept; raises ``InvalidStream``. Names are looked up, and judged, at each delivery."""
    endpoint = endpoint_of(url)
    with suppress(OSError):  # a name
        resolved(endpoint, flags=socket.AI_NUMERICHOST)
    return url


def resolved(endpoint: Endpoint, seconds: float | None = None, flags: int = 0) -> list[Socket]:
    """Look up the addresses to connect to, in the order in which to try them.

    Raises:
        InvalidStream: the host has an address that is not public, and local ones are not allowed.
        TimeoutError: the name was not resolved within so many ``seconds``.
        OSError: the host cannot be found.
    """
    try:
        found = _looked_up(endpoint, seconds, flags)
    except UnicodeError:
        raise InvalidStream(f"webhook: {endpoint.host!r} is not a valid host name") from None
    if not found:
        raise OSError("the host has no address")
    if os.environ.get(ALLOW_LOCAL) != "1":
        for _, address in found:
            if not is_public(str(address[0])):
                raise InvalidStream(
                    f"webhook: {endpoint.host} resolves to a private address, which is not allowed; "
                    f"{ALLOW_LOCAL}=1 allows it"
                )
    return found


def is_public(address: str) -> bool:
    """Return whether the whole internet reaches it; an address within another one counts as that one does."""
    found = ip_address(address.split("%")[0])
    if isinstance(found, IPv4Address):
        return not any(found in network for network in SPECIAL_IPV4)
    inner = _within(found)
    if inner is not None:
        return is_public(str(inner))
    return found in _UNICAST and not any(found in network for network in SPECIAL_IPV6)


def _within(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a mapped, translated or 6to4 address stands for; Teredo's are not public anyway."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address.ipv4_mapped


def _looked_up(endpoint: Endpoint, seconds: float | None, flags: int) -> list[Socket]:
    """Ask the resolver in a thread, which is abandoned if it does not answer, because it has no time limit itself."""
    answers: list[list[Socket]] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM, flags=flags)
            answers.append([(family, address) for family, *_, address in found])
        except Exception as error:  # noqa: BLE001, raised again below, by who waits
            failures.append(error)

    if seconds is None:
        ask()
    else:
        thread = threading.Thread(target=ask, name="resolve", daemon=True)
        thread.start()
        thread.join(seconds)
    for error in failures:
        raise error
    if not answers:
        raise TimeoutError("the host name could not be resolved in time")
    return answers[0]
