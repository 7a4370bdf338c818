"""Upgrades and backups that are killed."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path
from typing import Any

from sqlalchemy import text

import workbench as wb
from benchmarks.faults.killing import READY, Ack
from benchmarks.faults.trial import ANY, WORD, Trial
from tests.support.old_workspace import ARCHIVE, FOLDER
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.store.database import open_database
from workbench.workspace.workspace import Workspace


class Upgrade(Trial):
    """Opening a state from an older version."""

    def prepare(self) -> None:
        if self.state is None:
            shutil.rmtree(self.folder / "w", ignore_errors=True)
            with tarfile.open(ARCHIVE) as archive:
                archive.extractall(self.folder / "old", filter="data")
            shutil.move(self.folder / "old" / FOLDER, self.folder / "w")
            return
        older(self.state)

    def _open(self) -> Any:
        return open_database(self.state or self.folder / "w" / "state.db")

    def work(self, run: int, ack: Ack) -> None:
        ack(READY)
        self._open()
        ack("opened")

    def check(self, run: int) -> None:
        with self._open().connect() as connection:
            trackers = connection.execute(text("SELECT count(*) FROM trackers")).scalar_one()
            assert trackers > 0, "the trackers are lost"
        self.prepare()


def older(state: str) -> None:
    """Downgrade the database to an older version, with a tracker in it."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    from workbench.store import database

    engine = create_engine(state)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    command.upgrade(config, "0012")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO trackers (id, name, kind, description, filters, examples, state, seed, created) VALUES "
                "('t', 'Price', 'keyword', '', '{}', '[]', 'draft', 1, now())"
            )
        )
    engine.dispose()


class Backup(Trial):
    """A backup, while calls are imported."""

    def prepare(self) -> None:
        workspace = self.open()
        workspace.ingest(small.conversations(60), detect=False)
        workspace.encode()
        workspace.trackers.create("Price", kind="keyword", words=[WORD], filters=ANY).publish()

    def work(self, run: int, ack: Ack) -> None:
        import threading

        workspace, other = self.open(), self.open()
        going = threading.Event()

        def write() -> None:
            for n in range(10_000):
                other.ingest([{"id": f"{run}-{n}", "turns": [{"text": f"The {WORD} of it."}]}])
                going.set()

        threading.Thread(target=write, daemon=True).start()
        going.wait()
        ack(READY)
        for n in range(3):
            workspace.backup(self.folder / f"{run}-{n}.backup")
            ack(f"backup {run} {n}")

    def check(self, run: int) -> None:
        whole = self.folder / "restored"
        for n in range(3):
            file = self.folder / f"{run}-{n}.backup"
            told = f"backup {run} {n}" in self.acknowledged
            assert file.exists() or not told, "a backup is lost"
            if file.exists():
                shutil.rmtree(whole, ignore_errors=True)
                wb.restore(
                    file, whole, state=f"sqlite:///{self.folder}/restored.db" if self.state else None, force=True
                )
                with Workspace(whole, HashingEncoder(), state=restored_state(self)) as restored:
                    restored.catch_up()
                    ids = restored.conversations(ANY)["id"].tolist()
                    assert len(ids) == len(set(ids)) >= 60
                    assert len(restored.detections("Price")) >= len(ids) - 60
                file.unlink()
        workspace = self.open()
        workspace.catch_up()
        assert workspace.lake.size == len(workspace.conversations(ANY))


def restored_state(trial: Trial) -> str | None:
    return f"sqlite:///{trial.folder}/restored.db" if trial.state else None
