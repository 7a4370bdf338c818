"""A folder that only this user can enter, for sockets: opened once, checked by its descriptor, and used through it.

A path may be swapped between check and use, so links are never followed. A socket's path has at most 103 bytes on macOS
and 107 on Linux, but temporary folders may be longer: on Linux the path uses the descriptor and is always short,
elsewhere a folder with a path that is short enough is used.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHOSEN = "WORKBENCH_RUNTIME_DIR"
MAX_SOCKET_PATH = 103
MAX_NAME = len("0123456789abcdef.sock")
DESCRIPTORS = Path("/proc/self/fd")
SHORT_BASE = Path("/tmp")


class NotPrivate(OSError):
    """No folder could be opened that only this user can enter."""


@dataclass(frozen=True, slots=True)
class PrivateFolder:
    """An open folder; ``path`` is for people to read, and operations use ``descriptor``."""

    path: Path
    descriptor: int

    def address(self, name: str) -> str:
        """Return the address to bind or connect a socket of this name."""
        through = DESCRIPTORS / str(self.descriptor)
        return str((through if through.is_dir() else self.path) / name)

    def open(self, name: str, flags: int) -> int:
        """Open a file in this folder, never through a link; a new one is readable by its owner alone."""
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=self.descriptor)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold the lock of this file, waiting for it; the system releases it if this process ends."""
        import fcntl  # not on Windows, where the module must be importable anyway

        descriptor = self.open(name, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def read(self, name: str) -> str:
        """Return a file's text, empty if there is none."""
        try:
            with os.fdopen(self.open(name, os.O_RDONLY), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def identity(self, name: str) -> tuple[int, int] | None:
        """Return an identity that distinguishes a file from another with the same name; None if there is none."""
        try:
            found = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def remove(self, name: str) -> None:
        """Remove a file, if it exists."""
        try:
            os.unlink(name, dir_fd=self.descriptor)
        except FileNotFoundError:
            return


@contextmanager
def private_folder(environment: Mapping[str, str] = os.environ, max_path: int | None = None) -> Iterator[PrivateFolder]:
    """Open the folder that ``WORKBENCH_RUNTIME_DIR`` names, else the first suitable one; create it if missing.

    Suitable are folders in ``XDG_RUNTIME_DIR``, in the temporary folder, in ``/tmp``, and in the user's cache: if
    someone else has taken a name, the next is tried. ``max_path`` limits the path's length in bytes.

    Raises:
        NotPrivate: none is suitable; says why and what to do.
    """
    folder = _first_fit(_candidates(environment), _longest() if max_path is None else max_path)
    try:
        yield folder
    finally:
        os.close(folder.descriptor)


def open_private(path: Path) -> PrivateFolder:
    """Open this folder, created if missing; the caller closes its descriptor.

    Raises:
        NotPrivate: it is a link, belongs to another user, or is accessible to other users.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise NotPrivate(f"{path} cannot be created: {error.strerror}") from None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        linked = error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK)
        raise NotPrivate(
            f"{path} {'is a link or a file' if linked else f'cannot be opened: {error.strerror}'}"
        ) from None
    why = _unfit(os.fstat(descriptor))
    if why:
        os.close(descriptor)
        raise NotPrivate(f"{path} {why}")
    return PrivateFolder(path, descriptor)


def peer_user(connection: socket.socket) -> int:
    """Return the numeric id of the user at the other end of a connected Unix socket, from the system.

    Raises:
        OSError: the system does not provide it.
    """
    option = getattr(socket, "SO_PEERCRED", None)  # Linux
    if option is not None:
        found = connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("iII"))
        user: int = struct.unpack("iII", found)[1]
        return user
    ask = getattr(ctypes.CDLL(None, use_errno=True), "getpeereid", None)  # macOS and the BSDs
    if ask is None:
        raise OSError(errno.ENOTSUP, "this system cannot identify the process at the other end of a socket")
    user_id, group_id = ctypes.c_uint32(), ctypes.c_uint32()
    if ask(connection.fileno(), ctypes.byref(user_id), ctypes.byref(group_id)):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return user_id.value


def short_name(text: str) -> str:
    """Return a file name of 16 characters derived from ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _candidates(environment: Mapping[str, str]) -> list[Path]:
    own = f"workbench-{os.geteuid()}"
    chosen = environment.get(CHOSEN)
    if chosen:
        return [Path(chosen).absolute() / own]
    bases = [environment.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), SHORT_BASE]
    cache = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "tracker-workbench"
    with_parents = [Path(base).absolute() / own for base in bases if base] + [cache / "run"]
    return list(dict.fromkeys(with_parents))


def _first_fit(candidates: list[Path], max_path: int) -> PrivateFolder:
    reasons = []
    for path in candidates:
        size = len(os.fsencode(path))
        if size > max_path:
            reasons.append(f"the path {path} has {size} bytes, and at most {max_path} are possible")
            continue
        try:
            if path == candidates[-1]:  # the given one, or the user's cache; the others are in system folders
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return open_private(path)
        except NotPrivate as error:
            reasons.append(str(error))
        except OSError as error:
            reasons.append(f"{path.parent} cannot be created: {error.strerror}")
    told = "; ".join(reasons)
    raise NotPrivate(f"{told}. Remove it, or set {CHOSEN} to a folder of your own with a short path.")


def _longest() -> int:
    return 4_095 if DESCRIPTORS.is_dir() else MAX_SOCKET_PATH - MAX_NAME - 1


def _unfit(about: os.stat_result) -> str:
    if about.st_uid != os.geteuid():
        return "belongs to another user"
    return "is accessible to other users" if stat.S_IMODE(about.st_mode) & 0o077 else ""
