"""Tokens of programs that call the REST API, and of people who read the dashboards: shown once, kept as a hash.

One reads ``wbk_<id>_<secret>``. The secret is 32 random bytes, so that a plain hash of it can be kept: there is
nothing to guess, and no salt is needed. The prefix lets people, and scanners of source code, see what it is.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from workbench.domain.errors import InvalidArgument, NotFound

PREFIX = "wbk_"
MAX_DAYS = 3_660


class InvalidToken(InvalidArgument):
    """A token's name, rights or days cannot be used."""


class TokenNotFound(NotFound):
    """No token that stands has this name."""


class Rights(StrEnum):
    """``READ`` may GET over REST and ``WRITE`` may all; ``READER`` opens the dashboards under its name, and no more."""

    READ = "read"
    WRITE = "write"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """What is known of a token, apart from its secret."""

    id: str
    name: str
    rights: Rights
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None

    def stands(self, moment: datetime) -> bool:
        """Return whether it is neither revoked nor expired then."""
        return self.revoked is None and (self.expires is None or moment < self.expires)


class Parts(NamedTuple):
    id: str
    secret: str

    @property
    def text(self) -> str:
        """What a program sends."""
        return f"{PREFIX}{self.id}_{self.secret}"

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def is_of(self, known: str) -> bool:
        """Return whether the secret has this hash; takes as long whether or not it has."""
        return hmac.compare_digest(self.hash, known)


def new_parts() -> Parts:
    return Parts(secrets.token_hex(8), secrets.token_urlsafe(32))


def parts_of(text: str) -> Parts | None:
    """Return the parts of what a program sent; None if it is no token of ours."""
    head, _, secret = text.removeprefix(PREFIX).partition("_")
    known = text.startswith(PREFIX) and len(head) == 16 and secret.isascii() and 0 < len(secret) <= 100
    return Parts(head, secret) if known else None


def checked_rights(rights: str) -> Rights:
    """Check the rights; raises ``InvalidToken``."""
    if rights not in list(Rights):
        raise InvalidToken(f"rights: must be one of {', '.join(Rights)}, not {rights!r}")
    return Rights(rights)


def expiry(moment: datetime, days: int | None) -> datetime | None:
    """Return when a token made then expires; raises ``InvalidToken``."""
    if days is None:
        return None
    if not 1 <= days <= MAX_DAYS:
        raise InvalidToken(f"expires: {days} must be from 1 to {MAX_DAYS} days")
    return moment + timedelta(days=days)
