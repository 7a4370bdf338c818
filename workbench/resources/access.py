"""Who on this machine can read a workspace: only its creator, or a group on request.

A workspace is made private (mode 0700, files 0600), or shared with a group (2770, files 0660): with ``shared=True``, or
if ``WORKBENCH_SHARED_GROUP`` names the group. Existing workspaces are changed only on request, because others may
work in them; owners are warned if every user of the machine can read theirs.
"""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.domain.access import PRIVATE, SHARED, make_folder, rights_in
from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.paths import absolute
from workbench.domain.plurals import plural

GROUP = "WORKBENCH_SHARED_GROUP"
PARENTS = 0o001  # what others need of each folder above a workspace to get to it


class OpenToOthers(UserWarning):
    """Every user of this machine can read a workspace."""


def begin(path: Path, folders: Sequence[str], shared: bool | None = None) -> None:
    """Make the folder of a new workspace, private or shared.

    In an existing folder with other contents, which do not change, only the workspace's ``folders`` are created.

    Raises:
        InvalidArgument: the group of ``WORKBENCH_SHARED_GROUP`` does not exist, or cannot be given.
    """
    wanted = SHARED if shared or (shared is None and os.environ.get(GROUP)) else PRIVATE
    _group_number(None)  # so that nothing is made where there is none
    made = [path]
    if path.exists():
        if any(path.iterdir()):
            made = [path / name for name in folders]
        elif path.stat().st_uid != os.geteuid() or rights_in(path) == SHARED:
            return
    make_folder(path.parent)
    for folder in made:
        make_folder(folder, PRIVATE)
        _give(folder, wanted)


def go_on(path: Path, shared: bool | None = None) -> None:
    """Change who can read an existing workspace only if ``shared`` is given; otherwise warn its owner.

    Raises:
        InvalidArgument: as for :func:`share`.
    """
    if os.name != "posix":
        return
    if shared is not None:
        _change(path, SHARED if shared else PRIVATE)
    elif _is_open_to_others(path):
        warnings.warn(_advice(path), OpenToOthers, stacklevel=5)


def make_private(path: Path) -> None:
    """Allow only its owner to read the workspace. Raises ``WorkbenchError`` if files belong to others."""
    _change(absolute(path), PRIVATE)


def share(path: Path, group: str | None = None) -> None:
    """Let a group read and change the workspace: the one named, else that of ``WORKBENCH_SHARED_GROUP``, else its own.

    Raises:
        WorkbenchError: there is no such group, you are not in it, or files belong to others.
    """
    _change(absolute(path), SHARED, group)


def who_can_read(path: Path) -> str:
    """Return in words who can read a workspace."""
    found = absolute(path)
    rights = rights_in(found)
    if rights == PRIVATE:
        return f"{found}: only you" if found.stat().st_uid == os.geteuid() else f"{found}: only {_owner(found)}"
    if rights == SHARED:
        return f"{found}: the group {_group_name(found.stat().st_gid)}"
    mode = stat.S_IMODE(found.stat().st_mode)
    return (
        f"{found}: whoever each file's mode allows (the folder's is {mode:04o}); `workbench access --private` limits it"
    )


def _is_open_to_others(path: Path) -> bool:
    """Return whether this user owns it, and everyone can read it and reach its folder."""
    about = path.stat()
    if about.st_uid != os.geteuid() or not about.st_mode & 0o005:
        return False
    return all(folder.stat().st_mode & PARENTS == PARENTS for folder in absolute(path).parents)


def _advice(path: Path) -> str:
    return (
        f"{path}: every user of this machine can read this workspace. `workbench access -w {path} --private` keeps it "
        "to you; `--shared --group NAME` lets a group in."
    )


def _change(path: Path, rights: int, group: str | None = None) -> None:
    number = _group_number(group) if rights == SHARED else None
    left = 0
    for descriptor in _all_in(path):
        about = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(about.st_mode)
        wanted = rights if is_folder else rights & 0o666
        if about.st_uid != os.geteuid() or (not is_folder and about.st_nlink > 1):
            left += not _is_as(about, wanted, number)
            continue
        _set(descriptor, wanted, number)
    if left:
        those = plural(left, "file or folder was not changed", "files and folders were not changed")
        raise WorkbenchError(
            f"{path}: {those}, because they belong to other users or are linked from elsewhere; have their owner run "
            "the same command"
        )


def _all_in(path: Path) -> Iterator[int]:
    """Descriptors of all folders and files, the outermost first; links are not followed."""
    for _, folders, files, descriptor in os.fwalk(path):
        yield descriptor
        for name in files:
            try:
                found = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            except OSError:
                continue  # a link, gone meanwhile, or not for us to read
            try:
                if stat.S_ISREG(os.fstat(found).st_mode):
                    yield found
            finally:
                os.close(found)
        folders.sort()


def _is_as(about: os.stat_result, wanted: int, group: int | None) -> bool:
    return stat.S_IMODE(about.st_mode) == wanted and (group is None or about.st_gid == group)


def _give(path: Path, rights: int) -> None:
    """Give a new or empty folder its rights."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _set(descriptor, rights, _group_number(None) if rights == SHARED else None)
    finally:
        os.close(descriptor)


def _set(descriptor: int, rights: int, group: int | None) -> None:
    if group is not None and os.fstat(descriptor).st_gid != group:
        try:
            os.fchown(descriptor, -1, group)
        except PermissionError:
            raise InvalidArgument(
                f"group: you are not a member of {_group_name(group)}; give one of your groups, or ask to be added"
            ) from None
    os.fchmod(descriptor, rights)


def _group_number(name: str | None) -> int | None:
    """Return the group to set; None if none is named and the folder keeps its own."""
    import grp

    given, where = (name, "group") if name else (os.environ.get(GROUP), GROUP)
    if not given:
        return None
    try:
        return grp.getgrnam(given).gr_gid
    except KeyError:
        if given.isdecimal():
            return int(given)
        raise InvalidArgument(
            f"{where}: there is no group {given!r} on this machine; `getent group` lists them"
        ) from None


def _group_name(number: int) -> str:
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"
