"""Translates what a database reports into errors that say what to do, anywhere in the workbench."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import DBAPIError

from workbench.domain.errors import (
    CannotWrite,
    ReadOnlyWorkspace,
    StateUnavailable,
    WorkbenchError,
    WorkspaceDamaged,
)
from workbench.domain.files import READ_ONLY, cannot_write
from workbench.store.sqlite_file import RESTORE

_BUSY = "locked by another program; wait until that has finished, then try again"
# By the first byte of SQLite's result code (sqlite.org/rescode.html).
_SQLITE: dict[int, tuple[type[WorkbenchError], str]] = {
    5: (StateUnavailable, _BUSY),
    6: (StateUnavailable, _BUSY),
    8: (ReadOnlyWorkspace, READ_ONLY),
    10: (CannotWrite, "the disk reports an error (I/O); check the disk, then try again"),
    11: (WorkspaceDamaged, f"damaged; {RESTORE}"),
    13: (CannotWrite, "the disk is full; free some space and try again; nothing was changed"),
    14: (StateUnavailable, "cannot be opened; check that you may read and write the file and its folder"),
    26: (WorkspaceDamaged, f"damaged: not a SQLite database; {RESTORE}"),
}
_MISSING = ("no such table", "no such column", "has no column named")
# By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRESQL: dict[str, tuple[type[WorkbenchError], str]] = {
    "25006": (ReadOnlyWorkspace, READ_ONLY),
    "53100": (CannotWrite, "the server's disk is full; free some space and try again; nothing was changed"),
    "40001": (StateUnavailable, _BUSY),
    "40P01": (StateUnavailable, _BUSY),
    "55P03": (StateUnavailable, _BUSY),
}


def explain(engine: Engine) -> None:
    """Make this engine raise the workbench's errors for what a person can act on; others are not changed."""
    url = engine.url

    def replace(context: Any) -> WorkbenchError | None:
        return reason(url, context.original_exception)

    event.listen(engine, "handle_error", replace, retval=True)


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Translate all errors of a block; nothing that is raised contains a password, not even as its cause."""
    try:
        yield
    except DBAPIError as error:
        raise (reason(url, error.orig) or _unusable(url, error.orig)) from None
    except WorkbenchError as error:
        raise error.with_traceback(error.__traceback__) from None
    except OSError as error:
        raise cannot_write(error, Path(url.database or "state")) from None


def reason(url: URL, error: BaseException | None) -> WorkbenchError | None:
    """Return what to raise for a driver's error; None if the database is not at fault."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        found = _SQLITE.get(code & 0xFF)
        if found is None and str(error).startswith(_MISSING) and not str(error).startswith("no such column: :"):
            found = (WorkspaceDamaged, f"damaged: {error}; {RESTORE}")
        return None if found is None else found[0](f"{named(url)}: {found[1]}")
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRESQL:
        kind, said = _POSTGRESQL[state]
        return kind(f"state: {named(url)}: {said}")
    if type(error).__name__ in ("OperationalError", "InterfaceError", "AdminShutdown") or (state or "")[:2] in _GONE:
        return _unusable(url, error)
    return None


_GONE = ("08", "28", "3D", "57")  # connection, authorisation, no such database, shutdown


def named(url: URL) -> str:
    """Return the file, or the URL with *** for the password, which may also be an option."""
    if url.get_backend_name() == "sqlite":
        return (url.database or "state").removeprefix("file:").partition("?")[0]
    return url.set(query={}).render_as_string()


def _unusable(url: URL, error: BaseException | None) -> StateUnavailable:
    said = " ".join(str(error).split())
    for secret in (url.password, *(value for value in url.query.values() if isinstance(value, str))):
        said = said.replace(str(secret), "***") if secret else said
    return StateUnavailable(f"state: {named(url)} cannot be used: {said}")
