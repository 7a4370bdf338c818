"""Paths as people give them: made absolute at once, so that a later change of directory moves nothing."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.domain.errors import InvalidArgument


def absolute(path: str | os.PathLike[str]) -> Path:
    """Return the path from the root, with ``~`` and ``..`` replaced; links stay links.

    Raises:
        InvalidArgument: ``~`` cannot be replaced, as nobody of that name has a home here; or it holds a null byte.
    """
    if "\0" in os.fspath(path):
        raise InvalidArgument(f"path: {os.fspath(path)!r} contains a null byte; remove it")
    try:
        return Path(os.path.abspath(Path(path).expanduser()))
    except RuntimeError:
        raise InvalidArgument(f"path: the home folder of {str(path)!r} is unknown; give the whole path") from None


def resolved(path: str | os.PathLike[str]) -> Path:
    """Return the same with links followed: the folder itself, however it was reached.

    Raises:
        InvalidArgument: as :func:`absolute`; or links lead in a circle.
    """
    try:
        return absolute(path).resolve()
    except (OSError, RuntimeError) as error:
        raise InvalidArgument(f"path: {str(path)!r} cannot be followed: {error}") from None


def model_of(name: str, own: str) -> str:
    """Return a model's name, or the absolute path where it is a folder here; ``own`` always stays a name."""
    return str(absolute(name)) if name != own and os.path.isdir(absolute(name)) else name
