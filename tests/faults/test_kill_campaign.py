"""Sixty of the kills of ``benchmarks.faults``: whatever is under way, nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import pytest

from benchmarks.faults.campaign import run
from benchmarks.faults.killing import isolated
from benchmarks.faults.trials import TRIALS

SQLITE = {"tagging": 7, "import": 7, "live": 7, "publish": 6, "backfill": 6, "upgrade": 6, "backup": 3}  # 42
SERVER = {"tagging": 3, "import": 3, "live": 3, "publish": 3, "backfill": 3, "upgrade": 2, "backup": 1}  # 18


@pytest.mark.slow
@pytest.mark.parametrize("work", TRIALS)
def test_kills_lose_nothing_on_sqlite(work: str) -> None:
    result = run(work, "SQLite", SQLITE[work], lambda: None)
    assert result.failures == []
    assert result.kills == SQLITE[work]


@pytest.mark.slow
@pytest.mark.parametrize("work", TRIALS)
def test_kills_lose_nothing_on_postgresql(work: str, request: pytest.FixtureRequest) -> None:
    result = run(work, "PostgreSQL", SERVER[work], request.getfixturevalue("postgresql_server").new)
    assert result.failures == []
    assert result.kills == SERVER[work]


def test_the_kills_are_sixty_over_all_work() -> None:
    assert SQLITE.keys() == SERVER.keys() == TRIALS.keys()
    assert sum(SQLITE.values()) + sum(SERVER.values()) == 60


RAN: list[str] = []


def begins_with() -> list[Any]:
    """Return the state that a killed process has from the one that it is forked from."""
    return [os.getppid(), threading.active_count(), RAN, "sklearn.linear_model" in sys.modules]


def test_what_is_killed_has_nothing_of_what_ran_here_before() -> None:
    thread = threading.Event()
    threading.Thread(target=thread.wait, daemon=True).start()
    RAN.append("a test")
    try:
        parent, *found = isolated(begins_with)
    finally:
        thread.set()
    assert parent != os.getpid()
    assert found == [1, [], True]
