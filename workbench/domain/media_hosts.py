"""Decide where recordings may be played from: hosts that the operator allows, over https, whatever an import says."""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from workbench.domain.rules import MAX_URL

MEDIA_HOSTS = "WORKBENCH_MEDIA_HOSTS"  # names of hosts, with commas between; *.example.org for all below one
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LOCAL = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa", "test", "invalid")
_KEPT = "%/:@!$&'()*+,;=-._~?"


class Host(NamedTuple):
    """A host that may be played from; ``below``: any that lies below it instead. ``port`` is None for that of https."""

    name: str
    below: bool = False
    port: int | None = None

    @property
    def source(self) -> str:
        """Give it as a Content-Security-Policy names it."""
        return f"https://{'*.' if self.below else ''}{self.name}{f':{self.port}' if self.port else ''}"

    def holds(self, name: str, port: int | None) -> bool:
        """Return whether an address with this host and port lies there."""
        found = name.endswith(f".{self.name}") if self.below else name == self.name
        return found and (port or 443) == (self.port or 443)


class Remote(NamedTuple):
    """An address that a browser may play, rebuilt of what was checked, and its host, to be shown."""

    address: str
    host: str


def allowed_hosts() -> tuple[Host, ...]:
    """Give the hosts that the environment allows; what there is no public name of a host is left out."""
    found = (_host(one.strip().lower()) for one in os.environ.get(MEDIA_HOSTS, "").split(","))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def remote_of(url: str) -> Remote | str:
    """Give the address to play, or why it may not be played: a sentence for the person who sees it."""
    if not url.isprintable() or len(url) > MAX_URL or "\\" in url:
        return f"its address has more than {MAX_URL:,} characters, or contains invalid ones."
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return "its address is not a valid URL."
    if parts.scheme.lower() != "https":
        return "its address must begin with https://."
    if not is_public_name(host) or parts.username is not None or parts.password is not None:
        return "its address must name a public host, without a user name or password."
    if not any(one.holds(host, port) for one in allowed_hosts()):
        return f"{host} is not among the hosts in {MEDIA_HOSTS}. Add it there to hear its recordings."
    shown = f"{host}:{port}" if port not in (None, 443) else host
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return Remote(f"https://{shown}{quote(parts.path or '/', safe=_KEPT)}{query}", shown)


def is_public_name(host: str) -> bool:
    """Return whether this can be the name of a public host: no number in any notation, and none of this network."""
    return len(host) <= 253 and bool(_NAME.fullmatch(host)) and host.rpartition(".")[2] not in _LOCAL


def _host(given: str) -> Host | None:
    name, _, port = given.partition(":")
    below = name.startswith("*.")
    try:
        name = name.removeprefix("*.").encode("idna").decode()
    except UnicodeError:
        return None
    if not is_public_name(name) or (port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536)):
        return None
    return Host(name, below, int(port) if port and int(port) != 443 else None)
