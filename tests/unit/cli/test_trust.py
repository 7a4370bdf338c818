"""``workbench trust``: what is shown, and what is agreed to."""

from __future__ import annotations

import sys

import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.cli import app as cli
from workbench.domain.user_folder import CONFIG
from workbench.engine.encoders import HashingEncoder
from workbench.store.trust import TRUST, is_trusted


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """A workspace that somebody else has made, which would send."""
    monkeypatch.delenv(TRUST, raising=False)
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)
    monkeypatch.setenv(CONFIG, str(tmp_path / "them"))
    workspace = wb.open(tmp_path / "w")
    workspace.ingest(conversations(2))
    workspace.trackers.create("Dog", kind="keyword", words=["dog"]).publish()
    workspace.streams.create("Dogs", trackers=["Dog"]).notify(email="ann@example.org")
    monkeypatch.setenv(CONFIG, str(tmp_path / "me"))
    return workspace


@pytest.fixture
def run(theirs, monkeypatch, capsys):
    """Runs a command on it; gives exit code, output and error output."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments), "-w", str(theirs.path)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    return call


def test_it_shows_and_asks(run, theirs):
    code, out, err = run("trust", "--show")
    assert code == 0
    assert "sends e-mails to ann@example.org (stream 'Dogs')" in out
    assert "None of this happens until you agree." in out
    assert "workbench trust -w" in err
    code, out, err = run("trust")
    assert code == 1
    assert "Use --yes to agree." in err
    assert not is_trusted(theirs.database)
    code, out, _ = run("trust", "--yes")
    assert code == 0
    assert "Agreed" in out
    assert is_trusted(theirs.database)
    code, out, err = run("trust")
    assert (code, err) == (0, "")
    assert "You have agreed to this." in out
    assert "Agreement revoked." in run("trust", "--revoke")[1]
    assert not is_trusted(theirs.database)
    assert "There was no agreement." in run("trust", "--revoke")[1]


def test_other_commands_say_so_on_one_line_and_go_on(run, theirs, tmp_path):
    code, out, err = run("catch-up", "--json")
    assert code == 0
    assert [line for line in err.splitlines() if line.startswith("workbench: ")] == err.splitlines()
    assert err.count("workbench trust -w") == 1
    assert out.startswith("{")


def test_one_that_sends_nothing_needs_no_agreement(run, theirs):
    for stream in theirs.streams.list():
        theirs.streams.delete(stream.id)
    code, out, err = run("trust")
    assert (code, err) == (0, "")
    assert "sends nothing and spends nothing" in out
