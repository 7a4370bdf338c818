"""Acting as somebody whom the rights of files hold back, as they don't hold root back."""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbench.engine.word_store import words_of


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can enter, as those of pytest can't be."""
    folder = Path(tempfile.mkdtemp(prefix="wb-")).resolve()
    folder.chmod(0o755)
    yield folder
    for one in [folder, *folder.rglob("*")]:
        if one.is_dir() and not one.is_symlink():
            one.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Be the owner of all in the folder, and not root."""
    if os.geteuid():
        yield
        return
    importlib.import_module("workbench.workspace.workspace")
    words_of(["what is imported when it is needed may lie where only root can read"])
    nobody = pwd.getpwnam("nobody").pw_uid
    for one in [folder, *folder.rglob("*")]:
        os.chown(one, nobody, -1, follow_symlinks=False)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)


def take_away(folder: Path, rights: int = 0o222) -> None:
    """Take rights from a folder and from all in it."""
    for one in [*sorted(folder.rglob("*"), reverse=True), folder]:
        if not one.is_symlink():
            one.chmod(one.stat().st_mode & ~rights)
