"""Identifies readers: by their own token, by JupyterHub's name, or as one of many who share the server's token.

A token from ``workbench tokens create NAME --rights reader`` lets a person in under its name while it is valid. The
browser's cookie stores the token's id, never the token, and it is checked again and again. Readers who use the server's
token are told apart by a random number in the cookie. Cookies are signed; a page can neither read nor create one.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from jupyter_server.auth.identity import User
from tornado.web import RequestHandler
from voila.voila_identity_provider import VoilaIdentityProvider

from workbench.domain.api_tokens import PREFIX, ApiToken, Rights
from workbench.domain.reporters import HUB_PATH, HUB_USER, Reporter, guest, hub_reader, reader
from workbench.store.api_tokens import ApiTokenRepository
from workbench.store.database import STATE, open_database

TOKEN_USER = "token:"  # begins the user name of someone with their own token, followed by the token's id
TRUSTED_S = 10.0  # for so long, a valid token is not looked up again


class ReadersIdentity(VoilaIdentityProvider):
    """Voilà's identity provider, with readers' tokens in addition to the server's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._stood: dict[str, float] = {}  # ids of tokens, with when they were last seen to be valid

    async def get_user_token(self, handler: RequestHandler) -> User | None:
        """Return the user of the token in the address or the header.

        With the server's token, this is the user of the cookie, if any.
        """
        given = self.get_token(handler) or ""
        if _same(given, self.token):
            return await self.get_user_cookie(handler) or self.generate_anonymous_user(handler)
        return await asyncio.get_running_loop().run_in_executor(None, self._named, given)

    async def get_user_cookie(self, handler: RequestHandler) -> User | None:
        """Return the cookie's user, unless their token is no longer valid."""
        user = cast(User | None, super().get_user_cookie(handler))
        return user if user is not None and await self.stands(user) else None

    def generate_anonymous_user(self, handler: RequestHandler) -> User:  # noqa: ARG002, the signature is Jupyter's
        """Return a new user: JupyterHub's, else a number that only their browser knows."""
        hub_user = hub_user_of(os.environ, self.parent.base_url)
        return _user(hub_reader(hub_user) if hub_user else guest(secrets.token_hex(16)))

    def process_login_form(self, handler: RequestHandler) -> User | None:
        """Return the user of the token that was typed; None if it is not valid."""
        typed = handler.get_body_argument("password", "").strip()
        if not self.auth_enabled or _same(typed, self.token):
            return self.generate_anonymous_user(handler)
        return self._named(typed)

    async def stands(self, user: User) -> bool:
        """Return whether a user may continue: those with their own token only until it is revoked or expires."""
        if not user.username.startswith(TOKEN_USER) or self.seen_to_stand(user):
            return True
        token_id = user.username.removeprefix(TOKEN_USER)
        if not await asyncio.get_running_loop().run_in_executor(None, self._is_readers, token_id):
            self._stood.pop(token_id, None)
            return False
        self._stood[token_id] = time.monotonic()
        return True

    def seen_to_stand(self, user: User) -> bool:
        """Return whether a check a few seconds ago still answers this."""
        if not user.username.startswith(TOKEN_USER):
            return True
        seen = self._stood.get(user.username.removeprefix(TOKEN_USER))
        return seen is not None and time.monotonic() - seen < TRUSTED_S

    def _named(self, text: str) -> User | None:
        known = self._tokens() if text.startswith(PREFIX) else None
        found = None if known is None else known.check(text)
        return _user_of(found) if found is not None and found.rights is Rights.READER else None

    def _is_readers(self, token_id: str) -> bool:
        known = self._tokens()
        found = None if known is None else known.standing(token_id)
        return found is not None and found.rights is Rights.READER

    def _tokens(self) -> ApiTokenRepository | None:
        """Return the repository of tokens; None if there is no workspace yet, which is not created here."""
        return self._opened if STATE in os.environ or _state_file().exists() else None

    @cached_property
    def _opened(self) -> ApiTokenRepository:
        return ApiTokenRepository(open_database(os.environ.get(STATE) or _state_file()))


def hub_user_of(environment: Mapping[str, str], base_url: str) -> str:
    """Return JupyterHub's user if all requests to this server come by that user's path; otherwise empty.

    The name alone is not enough: it is also in the environment of someone who starts a server for others in a terminal.
    """
    path = environment.get(HUB_PATH, "")
    return environment.get(HUB_USER, "").strip() if path and base_url.startswith(path) else ""


def reporter_of(user: User) -> Reporter:
    """Return the reader in the form that kernels receive."""
    if user.username.startswith(TOKEN_USER):
        return reader(user.name, user.username)
    if user.username.startswith("hub:"):
        return hub_reader(user.name)
    return guest(user.username.removeprefix("guest:"))


def _state_file() -> Path:
    return Path(os.environ.get("WORKBENCH_WORKSPACE", "")) / "state.db"


def _user_of(token: ApiToken) -> User:
    return _user(reader(token.name, f"{TOKEN_USER}{token.id}"))


def _user(who: Reporter) -> User:
    return User(username=who.key, name=who.name, display_name=who.name)


def _same(given: str, known: str) -> bool:
    return bool(known) and hmac.compare_digest(given.encode(errors="surrogatepass"), known.encode())
