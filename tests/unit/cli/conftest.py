"""The command line as a shell calls it."""

from __future__ import annotations

import sys

import pytest

from workbench.cli import app as cli
from workbench.engine.encoders import HashingEncoder


@pytest.fixture
def workbench(monkeypatch, capsys):
    """Runs a command; gives its exit code, output and error output. Words are hashed."""
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    return call
