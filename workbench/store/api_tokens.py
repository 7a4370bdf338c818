"""Stores tokens of programs that call the REST API and of the dashboards' readers."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, RowMapping, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.api_tokens import (
    ApiToken,
    InvalidToken,
    Rights,
    TokenNotFound,
    checked_rights,
    expiry,
    new_parts,
    parts_of,
)
from workbench.domain.errors import ReadOnlyWorkspace
from workbench.domain.rules import checked_name
from workbench.store.moments import aware, now
from workbench.store.reading import readable
from workbench.store.tables import api_tokens

USE_NOTED_EVERY = timedelta(minutes=1)


class ApiTokenRepository:
    """The tokens of one workspace. Any number of processes may use it at once."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def create(self, name: str, rights: str, days: int | None = None) -> tuple[ApiToken, str]:
        """Return a new token, and the text that a program sends, which is not stored.

        Args:
            name: what the token is for.
            rights: ``read`` or ``write`` over REST, or ``reader`` of the dashboards.
            days: until it expires; None for never.

        Raises:
            InvalidToken: a value cannot be used, or a valid token has the name.
        """
        parts, moment = new_parts(), now()
        made = ApiToken(
            id=parts.id,
            name=checked_name(name, InvalidToken),
            rights=checked_rights(rights),
            created=moment,
            expires=expiry(moment, days),
        )
        values = {name: getattr(made, name) for name in ("id", "name", "created", "expires")}
        values |= {"rights": str(made.rights), "hash": parts.hash}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(api_tokens).values(values))
        except IntegrityError:
            raise InvalidToken(
                f"name: a token is already named {made.name!r}; revoke it or choose another name"
            ) from None
        return made, parts.text

    def list(self) -> list[ApiToken]:
        """Return all tokens, including revoked ones, oldest first."""
        query = select(api_tokens).order_by(api_tokens.c.created, api_tokens.c.id)
        with self._engine.connect() as connection:
            return readable(connection, query, "token", api_tokens.c.id, api_tokens.c.name, _token)[0]

    def revoke(self, name: str) -> None:
        """Revoke a token: it stops working, and its name can be used again. Raises ``TokenNotFound``."""
        mine = (api_tokens.c.name == name) & api_tokens.c.revoked.is_(None)
        with self._engine.begin() as connection:
            done = connection.execute(update(api_tokens).where(mine).values(revoked=now()))
        if not done.rowcount:
            raise TokenNotFound(f"no active token is named {name!r}; `workbench tokens list` shows them")

    def check(self, text: str) -> ApiToken | None:
        """Return the token that a program sent if it is valid; record its use, at most once a minute."""
        parts = parts_of(text)
        if parts is None:
            return None
        query, moment = select(api_tokens.c.hash).where(api_tokens.c.id == parts.id), now()
        with self._engine.connect() as connection:
            known = connection.execute(query).scalar()
        if known is None or not parts.is_of(known):
            return None
        found = self.standing(parts.id)
        if found is None:
            return None
        if found.last_used is None or moment - found.last_used >= USE_NOTED_EVERY:
            with suppress(ReadOnlyWorkspace):
                self._note(found.id)
        return found

    def standing(self, token_id: str) -> ApiToken | None:
        """Return the token with this id; None if there is none, or it is revoked or expired."""
        query = select(api_tokens).where(api_tokens.c.id == token_id)
        with self._engine.connect() as connection:
            found = readable(connection, query, "token", api_tokens.c.id, api_tokens.c.name, _token)[0]
        return found[0] if found and found[0].stands(now()) else None

    def _note(self, token_id: str) -> None:
        moment = now()
        last = api_tokens.c.last_used
        stale = or_(last.is_(None), last <= moment - USE_NOTED_EVERY)
        with self._engine.begin() as connection:
            connection.execute(update(api_tokens).where((api_tokens.c.id == token_id) & stale).values(last_used=moment))


def _token(row: RowMapping) -> ApiToken:
    moments: dict[str, Any] = {name: row[name] for name in ("created", "expires", "revoked", "last_used")}
    moments = {name: None if value is None else aware(value) for name, value in moments.items()}
    return ApiToken(id=row["id"], name=row["name"], rights=Rights(row["rights"]), **moments)
