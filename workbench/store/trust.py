"""Whether this user has agreed to what a workspace makes this machine send and spend; see docs/decisions/0019-trust.md.

A workspace can be copied, mailed and unpacked, and then its recipients, its questions and its balance are another
person's. So the agreement is kept outside of it, in the user's own folder: for the very file of the state, or the very
database, and for just what was agreed to wherever it lies.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from workbench.domain.errors import CannotWrite, ReadOnlyWorkspace, WorkspaceNotTrusted
from workbench.domain.user_folder import CONFIG, make_user_folder, read_note, user_folder, write_note
from workbench.store.authority import Authority, authority_of, is_idle

TRUST = "WORKBENCH_TRUST"  # 1: whatever this process opens is trusted
NOTE = "trusted.json"
NOT_TRUSTED = (
    "you have not agreed yet to what this workspace sends and spends; `workbench trust` shows it and asks, "
    f"and so does ws.trust() in Python. For a service set {TRUST}=1"
)
_MOST = 1_000  # workspaces that are remembered
_LOCK_S = 10.0


def is_trusted(engine: Engine) -> bool:
    """Return whether the state may send and spend: nothing in it would, or this user has made it or agreed to it."""
    if os.environ.get(TRUST) == "1" or _is_in_memory(engine) or is_idle(engine):
        return True
    authority = authority_of(engine)
    if not authority:
        return True
    place, known = _place(engine), _known()
    same = [one for one in known if _is_same(one, place)]
    if not same and not any(one.get("authority") == authority.digest for one in known):
        return False
    if not same or any(one.get("authority") != authority.digest for one in same):
        with suppress(CannotWrite):  # it remains valid for the old location
            _write(place, authority)
    return True


def check_trusted(engine: Engine) -> None:
    """Raise ``WorkspaceNotTrusted`` if it may not send and spend."""
    if not is_trusted(engine):
        raise WorkspaceNotTrusted(NOT_TRUSTED)


def remember(engine: Engine) -> None:
    """Agree to what the state sends and spends now, and to what is added to it where it lies.

    Raises:
        CannotWrite: the user's folder cannot be written to.
    """
    authority = Authority() if is_idle(engine) else authority_of(engine)
    if engine.dialect.name == "sqlite":
        _number(engine)
    _write(_place(engine), authority)


def forget(engine: Engine) -> bool:
    """Take the agreement back; whether there was one."""
    authority, place = authority_of(engine), _place(engine)
    with _alone():
        known = _known()
        kept = [one for one in known if not _is_same(one, place) and one.get("authority") != authority.digest]
        if len(kept) != len(known):
            _put(kept)
    return len(kept) != len(known)


@contextmanager
def extending(engine: Engine) -> Iterator[None]:
    """Agree to what this user adds in the block to what a trusted state sends and spends."""
    before = is_trusted(engine)
    yield
    if before:
        with suppress(CannotWrite):  # then they are asked
            remember(engine)


def made(engine: Engine) -> None:
    """Note that this user has made the state."""
    if not _is_in_memory(engine):
        with suppress(CannotWrite):  # then they are asked once it has recipients
            remember(engine)


def _number(engine: Engine) -> None:
    """Give the file a number of its own, as a file system gives a deleted file's away again."""
    with suppress(DBAPIError, ReadOnlyWorkspace), engine.begin() as connection:
        if not connection.exec_driver_sql("PRAGMA user_version").scalar_one():
            connection.exec_driver_sql(f"PRAGMA user_version = {secrets.randbelow(2**31 - 1) + 1}")


def _is_in_memory(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite" and (engine.url.database or ":memory:").startswith(":")


def _place(engine: Engine) -> dict[str, Any]:
    """Return the very file, or the very database: what nobody brings along with a copy."""
    if engine.dialect.name != "sqlite":
        hidden = engine.url.set(username=None, password=None)
        named = {name: value for name, value in hidden.query.items() if name in ("options", "host", "port", "dbname")}
        place = hidden.set(query=named).render_as_string()
        return {"place": hashlib.sha256(place.encode()).hexdigest()}
    file = Path(str(engine.url.database))
    with engine.connect() as connection:
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    try:
        about = file.stat()
    except OSError:
        return {"place": str(file), "inode": None, "device": None, "number": number}
    return {"place": str(file), "inode": about.st_ino, "device": about.st_dev, "number": number}


def _is_same(one: dict[str, Any], place: dict[str, Any]) -> bool:
    """Identify a file, the same after a move within its file system; device numbers may differ after a restart."""
    if "inode" not in place:
        return bool(one.get("place") == place["place"])
    alike = all(one.get(name, -1) == place[name] for name in ("inode", "number"))
    return alike and bool(one.get("place") == place["place"] or one.get("device") == place["device"])


def _known() -> list[dict[str, Any]]:
    try:
        found = read_note(NOTE).get("workspaces")
    except RuntimeError:  # no home
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _write(place: dict[str, Any], authority: Authority) -> None:
    entry = {**place, "authority": authority.digest, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with _alone():
        kept = [one for one in _known() if not _is_same(one, place)]
        _put([*kept[-_MOST + 1 :], entry])


def _put(entries: list[dict[str, Any]]) -> None:
    try:
        write_note(NOTE, {"workspaces": entries})
    except (OSError, RuntimeError) as error:
        raise _cannot_write(error) from None


@contextmanager
def _alone() -> Iterator[None]:
    try:
        lock = FileLock(make_user_folder() / f"{NOTE}.lock", timeout=_LOCK_S)
        with lock:
            yield
    except (OSError, RuntimeError, Timeout) as error:
        raise _cannot_write(error) from None


def _cannot_write(error: Exception) -> CannotWrite:
    where = user_folder() if not isinstance(error, RuntimeError) else "the home folder"
    return CannotWrite(
        f"{where}: your agreement cannot be stored here ({error}); set {CONFIG} to a folder of yours, or {TRUST}=1"
    )
