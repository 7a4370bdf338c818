"""What is checked before a workspace is opened.

That is whether it is one, whether something in it leads elsewhere, and what may be written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.corpus.manifest import part_files
from workbench.domain.errors import ReadOnlyWorkspace, WorkspaceDamaged, WorkspaceNotFound
from workbench.domain.files import READ_ONLY, writing_to
from workbench.resources.access import begin, go_on
from workbench.store.sqlite_file import RESTORE

STATE_FILE = "state.db"
FOLDERS = ("corpus", "vectors", "words", "models", "live", "backups")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_MAKING = f"{STATE_FILE}-wal", f"{STATE_FILE}-shm", f"{STATE_FILE}-journal"


def is_workspace(path: Path) -> bool:
    """Return whether a folder contains a workspace or what is left of one."""
    return any((path / name).exists() for name in (STATE_FILE, "corpus", "words"))


def prepare(path: Path, create: bool = True, read_only: bool | None = None, shared: bool | None = None) -> bool:
    """Create the folder if there is none, and check it; return whether it can only be read.

    See :mod:`workbench.resources.access` for what ``shared`` does.

    Raises:
        WorkspaceNotFound: there is no workspace, and it is not to be made.
        WorkspaceDamaged: a file stands in its place, or something in it is a link.
        CannotWrite: it cannot be made.
    """
    if path.exists() and not path.is_dir():
        raise WorkspaceDamaged(f"{path}: a file, but a workspace is a folder; give another path")
    if not is_workspace(path):
        if read_only or not create:
            raise WorkspaceNotFound(
                f"there is no workspace in {path}; check the path, or create one there with `workbench ingest`"
            )
        with writing_to(path):
            begin(path, FOLDERS, shared)
    elif not read_only:
        go_on(path, shared)
    refuse_links(path, [name for name in FOLDERS if name != "live"])  # whose files are left out one by one
    return bool(read_only) if read_only is not None else not can_write(path)


def check_state(path: Path) -> None:
    """Check whether the state's file is missing although there is a corpus; SQLite would create an empty one.

    Raises:
        WorkspaceDamaged: it is.
    """
    file = path / STATE_FILE
    if file.exists() and (file.is_dir() or file.stat().st_size):
        return
    if part_files(path / "corpus"):
        what = "empty" if file.exists() else "missing"
        raise WorkspaceDamaged(
            f"{file}: {what}, although there is a corpus. If the state is in a database, set WORKBENCH_STATE or give "
            f"state=…; else {RESTORE}; `workbench check --repair` creates an empty one"
        )


def refuse_links(path: Path, within: Sequence[str] = FOLDERS) -> None:
    """Raise ``WorkspaceDamaged`` if the workspace's state, a folder, or what lies ``within`` those is a link.

    It could lead anywhere.
    """
    for one in _links(path, within):
        raise WorkspaceDamaged(f"{one}: a link; replace it with its target, because links are not followed")


def check_writable(path: Path, read_only: bool) -> None:
    """Raise ``ReadOnlyWorkspace`` if the workspace was opened for reading only."""
    if read_only:
        raise ReadOnlyWorkspace(f"{path}: {READ_ONLY}")


def models_of(path: Path, tracker_id: str) -> Path:
    """Return where a tracker's models lie; an id that is not one of ours, as in a state from elsewhere, has none."""
    if not _ID.fullmatch(tracker_id):
        raise WorkspaceDamaged(f"{path / STATE_FILE}: damaged: {tracker_id[:80]!r} is not a tracker's id; {RESTORE}")
    return path / "models" / tracker_id


def _links(path: Path, within: Sequence[str]) -> Iterator[str]:
    tops = [path / name for name in (STATE_FILE, *_MAKING, *FOLDERS)]
    yield from (str(one) for one in tops if one.is_symlink())
    waiting = [str(path / name) for name in within if (path / name).is_dir()]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        yield entry.path
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError as error:
            raise WorkspaceDamaged(f"{error.filename}: cannot be read ({error.strerror}); ask for permission") from None


def can_write(path: Path) -> bool:
    """Return whether a workspace can be written to."""
    state = path / STATE_FILE
    as_whom = {"effective_ids": os.access in os.supports_effective_ids}
    return os.access(path, os.W_OK | os.X_OK, **as_whom) and (
        not state.exists() or os.access(state, os.W_OK, **as_whom)
    )
