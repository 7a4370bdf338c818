"""``workbench tokens``: shown once, listed without what they are, revoked."""

from __future__ import annotations

import json

from typer.testing import CliRunner

import workbench as wb
from workbench.cli.tokens import tokens
from workbench.store.api_tokens import ApiTokenRepository


def call(*arguments: str, folder: object) -> str:
    done = CliRunner().invoke(tokens, [*arguments, "-w", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_life_of_a_token(tmp_path):
    known = ApiTokenRepository(wb.open(tmp_path).database)
    text = call("create", "reports", "--expires", "30", folder=tmp_path).strip()
    assert known.check(text).rights == "read"
    listed = call("list", folder=tmp_path)
    assert "reports: read" in listed
    assert text not in listed
    secret = text.split("_", 2)[2]  # which may contain the mark, too
    assert secret not in call("list", "--json", folder=tmp_path)
    assert "revoked" in call("revoke", "reports", folder=tmp_path)
    assert known.check(text) is None
    made = json.loads(call("create", "reports", "--rights", "write", "--json", folder=tmp_path))
    assert known.check(made["token"]).rights == made["rights"] == "write"
