"""The files of a folder that an import reads, including subfolders, except those in a workspace."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from workbench.corpus import manifest

CORPUS_FOLDER = "corpus"
"""Where a workspace keeps its corpus."""

IS_WORKSPACE = "is a workspace: its calls were imported before; give the folder of the files that they came from"
"""Why such a folder is not imported."""


def files_in(folder: Path, failed: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Yield the files of a folder and its subfolders, in order; calls ``failed`` for folders that can't be read.

    A workspace in it is skipped: its files contain conversations that were already imported, in another form.
    """
    for parent, folders, names in os.walk(folder, onerror=failed):
        if is_workspace(Path(parent)):
            folders.clear()
            continue
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names))


def told_apart(files: Sequence[Path]) -> dict[Path, str]:
    """Return a name for each file that shares its own with others: its path from their common folder."""
    alike: dict[str, set[Path]] = {}
    for file in files:
        alike.setdefault(file.name, set()).add(file)
    return {file: _from_common(file, same) for same in alike.values() if len(same) > 1 for file in same}


def _from_common(file: Path, files: Collection[Path]) -> str:
    try:
        return file.relative_to(os.path.commonpath([one.parent for one in files])).as_posix()
    except ValueError:  # on different drives
        return file.as_posix()


def is_workspace(folder: Path) -> bool:
    """Return whether a folder is a workspace, or the corpus in one."""
    return (folder / CORPUS_FOLDER / manifest.NAME).is_file() or (
        (folder / manifest.NAME).is_file() and (folder / "sentences").is_dir()
    )


def path_exists(path: Path) -> bool:
    """Return whether a path exists; False if a file cannot have that name."""
    try:
        return path.exists()
    except OSError:  # such as a name that is too long
        return False
