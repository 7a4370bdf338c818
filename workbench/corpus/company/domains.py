"""Domains of e-mail addresses: the company's, and public providers'."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from workbench.corpus.formats.reasons import shown
from workbench.domain.errors import InvalidArgument

FREE_MAIL = frozenset(Path(__file__).with_name("free_mail.txt").read_text("ascii").split())
"""Providers where anyone can have an address."""

_SHARED = frozenset(
    f"{first}.{country}"
    for first in ("ac", "co", "com", "edu", "gov", "ne", "net", "or", "org")
    for country in ("ar", "at", "au", "br", "cn", "hk", "id", "il", "in", "jp", "kr", "mx", "nz", "sg", "tr", "tw")
) | frozenset(("co.uk", "org.uk", "ac.uk", "gov.uk", "ltd.uk", "plc.uk", "me.uk", "co.za", "org.za"))
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_ADDRESS = re.compile(r"[^@\s<>]{1,200}@([^@\s<>]{1,253})")


def domain_of(address: str | None) -> str | None:
    """Return the domain of an address in the form used to compare domains; None if the text is not an address."""
    found = _ADDRESS.fullmatch(address.strip().removeprefix("mailto:").strip("<>")) if address else None
    return _plain(found[1]) if found else None


def is_within(domain: str, domains: Collection[str]) -> bool:
    """Return whether a domain is one of these or a subdomain of one."""
    parts = domain.split(".")
    return any(".".join(parts[at:]) in domains for at in range(len(parts)))


def is_free_mail(domain: str) -> bool:
    """Return whether anyone can have an address there."""
    return is_within(domain, FREE_MAIL)


def checked_domain(given: object) -> str:
    """Return a company's domain in the form used to compare domains: "@Example.COM" is "example.com".

    Raises:
        InvalidArgument: it is not a domain, or one where anyone can have an address.
    """
    if not isinstance(given, str):
        raise InvalidArgument(f"domains: must be texts such as 'example.com', not {shown(given)}")
    text = re.sub(r"^[a-z]+://", "", given.strip().lower()).partition("/")[0].rpartition("@")[2]
    domain = _plain(text.removeprefix("*."))
    if not _DOMAIN.fullmatch(domain) or domain in _SHARED:
        raise InvalidArgument(f"domains: {shown(given)} is not a company's domain; give one such as 'example.com'")
    if is_free_mail(domain):
        raise InvalidArgument(
            f"domains: anyone can have an address at {domain}; list your colleagues with their addresses instead"
        )
    return domain


def _plain(domain: str) -> str:
    text = domain.strip().rstrip(".").lower()
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return text
