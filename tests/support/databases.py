"""A private PostgreSQL server for a test run, a database of its own for each test, and SQLite beside it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from scripts.programs import POSTGRESQL
from workbench.store.database import STATE, open_database

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100", "shared_buffers=32MB")
PATIENCE_S = 60.0


class Server:
    """PostgreSQL in a temporary folder, reached by a socket in it; nothing is kept, so it need not wait for the disk.

    It refuses to be root's, so root runs it as somebody else.
    """

    def __init__(self, programs: Path):
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has at most 107 characters
        self._as = _other_user() if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self._folder, self._as["user"], self._as["group"])
        data = str(self._folder / "data")
        initdb = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "tests",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **self._as)
        options = [part for one in SETTINGS for part in ("-c", one)]
        reached = ["-k", str(self._folder), "-c", "listen_addresses="]
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [programs / "postgres", "-D", data, *reached, *options],
            stdout=self._log,
            stderr=self._log,
            cwd="/",
            **self._as,
        )
        self._admin = self._engine("postgres")
        self._wait()
        self._names = (f"test_{number}" for number in count())
        self._add("migrated", "template0")
        open_database(self.url("migrated")).dispose()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://tests@/{database}?host={self._folder}"

    def new(self, migrated: bool = True) -> str:
        """The URL of a database that nobody has used; ``migrated`` for one with the newest tables."""
        name = next(self._names)
        self._add(name, "migrated" if migrated else "template0")
        return self.url(name)

    def stop(self) -> None:
        self._admin.dispose()
        self._process.send_signal(signal.SIGQUIT)  # at once: what hundreds of databases hold is not written any more
        try:
            self._process.wait(PATIENCE_S)
        finally:
            self._log.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _add(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))

    def _engine(self, database: str) -> Engine:
        return create_engine(self.url(database), isolation_level="AUTOCOMMIT")

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                with self._admin.connect():
                    return
            except Exception:  # noqa: BLE001, any refusal is a reason to ask again
                if time.monotonic() > until or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)


def _other_user() -> dict[str, int | list[int]]:
    entry = next(pwd.getpwnam(name) for name in ("postgres", "nobody") if _exists(name))
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Started by the first test that wants it; a run without PostgreSQL fails these tests and says what to install."""
    programs = POSTGRESQL.find_or_install()
    if programs is None:
        pytest.fail(POSTGRESQL.missing)
    server = Server(Path(programs))
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """The test runs once on each: what it opens, in other processes too, has its state there.

    None for SQLite in the workspace's folder, else the URL of a database that all workspaces of the test share.
    """
    if request.param == "sqlite":
        monkeypatch.delenv(STATE, raising=False)
        return None
    url: str = request.getfixturevalue("postgresql_server").new()
    monkeypatch.setenv(STATE, url)
    return url
