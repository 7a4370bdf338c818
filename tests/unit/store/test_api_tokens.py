"""Tokens: shown once, kept as a hash, dead once revoked or expired; their use is noted once a minute."""

from __future__ import annotations

import hmac
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from workbench.domain.api_tokens import PREFIX, InvalidToken, Rights, TokenNotFound
from workbench.store import api_tokens as module
from workbench.store.api_tokens import ApiTokenRepository
from workbench.store.database import open_database
from workbench.store.moments import now
from workbench.store.tables import api_tokens


@pytest.fixture
def engine(tmp_path):
    return open_database(tmp_path / "state.db")


@pytest.fixture
def tokens(engine):
    return ApiTokenRepository(engine)


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on by this much."""

    def move(**by):
        moment = now() + timedelta(**by)
        monkeypatch.setattr(module, "now", lambda: moment)

    return move


def test_a_token_opens_with_its_rights(tokens):
    made, text = tokens.create("  reports \n", "read")
    assert (made.name, made.rights, made.expires) == ("reports", Rights.READ, None)
    assert text.startswith(PREFIX)
    assert tokens.check(text).id == made.id
    assert tokens.create("other", "write")[1] != text


def test_one_of_a_reader_is_looked_up_by_its_id_as_long_as_it_stands(tokens, later):
    made, _ = tokens.create("ann", "reader", days=1)
    assert tokens.standing(made.id) == made
    assert tokens.standing("nobody's") is None
    later(hours=25)
    assert tokens.standing(made.id) is None
    other, _ = tokens.create("ben", "reader")
    tokens.revoke("ben")
    assert tokens.standing(other.id) is None


def test_what_is_kept_does_not_hold_what_is_sent(tokens, engine):
    _, text = tokens.create("reports", "read")
    secret = text.removeprefix(PREFIX).partition("_")[2]
    assert len(secret) == 43  # of 32 bytes
    with engine.connect() as connection:
        row = connection.execute(select(api_tokens)).mappings().one()
    assert secret not in str(dict(row))


@pytest.mark.parametrize("wrong", ["", PREFIX, "x", PREFIX + "0" * 16 + "_", PREFIX + "0" * 16 + "_ä"])
def test_what_is_no_token_opens_nothing(tokens, wrong):
    tokens.create("reports", "read")
    assert tokens.check(wrong) is None


def test_one_wrong_character_opens_nothing(tokens):
    _, text = tokens.create("reports", "read")
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert tokens.check(other) is None
    assert tokens.check(text + "A") is None


def test_a_revoked_one_opens_nothing_and_its_name_is_free(tokens):
    _, text = tokens.create("reports", "read")
    with pytest.raises(InvalidToken, match="already named 'reports'"):
        tokens.create("reports", "read")
    tokens.revoke("reports")
    assert tokens.check(text) is None
    with pytest.raises(TokenNotFound, match="'reports'"):
        tokens.revoke("reports")
    assert tokens.check(tokens.create("reports", "write")[1]).rights is Rights.WRITE
    assert [one.revoked is None for one in tokens.list()] == [False, True]


def test_an_expired_one_opens_nothing(tokens, later):
    _, text = tokens.create("reports", "read", days=1)
    later(hours=23)
    assert tokens.check(text)
    later(hours=25)
    assert tokens.check(text) is None


def test_its_use_is_noted_at_most_once_a_minute(tokens, engine, later):
    _, text = tokens.create("reports", "read")
    writes = []
    event.listen(engine, "before_cursor_execute", lambda *a: writes.append(a[2]) if a[2].startswith("UPDATE") else None)
    for _ in range(3):
        tokens.check(text)
    first = tokens.list()[0].last_used
    assert first is not None
    assert len(writes) == 1
    later(seconds=90)
    tokens.check(text)
    assert len(writes) == 2
    assert tokens.list()[0].last_used > first


@pytest.mark.parametrize(
    ("name", "rights", "days", "field"),
    [
        *(("", "read", None, "name"), ("a" * 81, "read", None, "name"), ("a", "all", None, "rights")),
        *(("a", "read", 0, "expires"), ("a", "read", 10**6, "expires")),
    ],
)
def test_what_cannot_be_used_is_refused(tokens, name, rights, days, field):
    with pytest.raises(InvalidToken, match=f"^{field}: "):
        tokens.create(name, rights, days)


def test_secrets_are_compared_in_constant_time_by_their_hashes(tokens, monkeypatch):
    """So that the time of a refusal says nothing of how much of a secret was right."""
    made, text = tokens.create("reports", "read")
    seen = []

    def compared(one, other):
        seen.append((one, other))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr("workbench.domain.api_tokens.hmac", SimpleNamespace(compare_digest=compared))
    assert tokens.check(text).id == made.id
    assert tokens.check(text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    assert [len(one) == len(other) == 64 for one, other in seen] == [True, True]
    assert text.split("_", 2)[2] not in str(seen)
