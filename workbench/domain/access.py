"""Who on a machine can read a workspace: its folder says so, and whatever is made in it follows, whatever the umask.

In a private folder (mode 0700) files get 0600 and folders 0700; in one that a group shares (mode 2770) they get 0660
and 2770. In any other folder, such as those of older workspaces, the umask decides, as it does for all programs.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

PRIVATE = 0o700
SHARED = 0o2770
_FILE = 0o666


def rights_in(folder: Path) -> int | None:
    """Return ``PRIVATE`` or ``SHARED`` as the folder's mode says, None if the umask decides.

    One that is still to be made follows the nearest folder above it.
    """
    if os.name != "posix":
        return None
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
    except FileNotFoundError:
        return None if folder == folder.parent else rights_in(folder.parent)
    if not mode & 0o077:
        return PRIVATE
    return SHARED if mode & 0o2077 == 0o2070 else None


def make_folder(folder: Path, rights: int | None = None) -> None:
    """Make a folder, and those above it that are missing; each new one gets what the one above it says.

    ``rights`` are those of the folder itself, where it is new and they are not to follow from the one above.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    wanted = rights_in(folder.parent) if rights is None else rights
    try:
        folder.mkdir(mode=0o777 if wanted is None else PRIVATE)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return  # someone else has made it meanwhile
    if wanted is not None:
        folder.chmod(wanted)


def opener(path: str, flags: int) -> int:
    """Open a file as its folder says; for ``open(path, mode, opener=opener)``."""
    return _open(path, flags, rights_in(Path(path).parent))


def private_opener(path: str, flags: int) -> int:
    """Open a file outside a workspace that holds words from calls: a new one is the user's, or the sharing group's."""
    return _open(path, flags, rights_in(Path(path).parent) or PRIVATE)


def inherit(file: Path) -> None:
    """Give a file that a library has just written the mode that its folder says."""
    wanted = rights_in(file.parent)
    if wanted is not None:
        with suppress(PermissionError):  # another user's, who left it half written
            file.chmod(wanted & _FILE)


def keep_out_others(file: Path) -> None:
    """Take away the rights of everybody but its owner; a group keeps its own where it may write in the folder."""
    writes = file.parent.stat().st_mode & 0o020
    mode = stat.S_IMODE(file.stat().st_mode)
    wanted = mode & (0o660 if writes else 0o600)
    if mode != wanted:
        with suppress(PermissionError):  # another user's
            file.chmod(wanted)


def make_file(file: Path) -> None:
    """Make an empty file where there is none: the user's, or the sharing group's."""
    if not file.exists() and file.parent.is_dir():
        os.close(private_opener(str(file), os.O_WRONLY | os.O_CREAT))


def file_lock(file: Path, thread_local: bool = True) -> FileLock:
    """Return a lock whose file is made as its folder says."""
    wanted = rights_in(file.parent)
    if wanted is None:
        return FileLock(file, thread_local=thread_local)
    return FileLock(file, mode=wanted & _FILE, thread_local=thread_local)


def _open(path: str, flags: int, rights: int | None) -> int:
    if rights is None:
        return os.open(path, flags, _FILE)
    if not flags & os.O_EXCL:
        try:
            return os.open(path, flags & ~os.O_CREAT)
        except FileNotFoundError:
            if not flags & os.O_CREAT:
                raise
    descriptor = os.open(path, flags, rights & _FILE & 0o600)
    try:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != rights & _FILE:
            with suppress(PermissionError):  # another user's, made meanwhile
                os.fchmod(descriptor, rights & _FILE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
