"""Who asks: the server's own user, or a program with one of our tokens. Such a token opens nothing but this API."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_server.auth.identity import User

from workbench.domain.api_tokens import PREFIX, Rights
from workbench.server.service import Service

_BEARER = re.compile(r"bearer\s+(\S+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """A user, as Jupyter's authorizer sees one, and what our token allows. The server's own users may do everything."""

    user: User
    rights: Rights = Rights.WRITE

    @property
    def name(self) -> str:
        return self.user.display_name or self.user.name or self.user.username


def bearer_of(header: str) -> str | None:
    """Return our token in an Authorization header; None if it is not ours and the server has to judge it."""
    match = _BEARER.fullmatch(header)
    return match[1] if match and match[1].startswith(PREFIX) else None


def caller_of(service: Service, text: str) -> Caller | None:
    """Return the program with this token; None if the token is not valid."""
    from workbench.store.api_tokens import ApiTokenRepository

    found = ApiTokenRepository(service.workspace().database).check(text)
    if found is None:
        return None
    return Caller(User(username=f"workbench-token-{found.id}", name=found.name, display_name=found.name), found.rights)
