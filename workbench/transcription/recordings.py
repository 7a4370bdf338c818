"""Recordings in files and folders, with the id of each call and the path of its transcript."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.corpus.formats.bounds import ID, MAX_ID
from workbench.domain.paths import absolute

SUFFIXES = frozenset(
    {
        ".3gp", ".aac", ".aif", ".aiff", ".amr", ".ape", ".asf", ".au", ".avi", ".caf", ".flac", ".flv", ".gsm", ".m4a",
        ".m4b", ".mka", ".mkv", ".mov", ".mp3", ".mp4", ".mpeg", ".mpg", ".oga", ".ogg", ".opus", ".rm", ".tta", ".w64",
        ".wav", ".weba", ".webm", ".wma", ".wmv", ".wv",
    }
)  # fmt: skip
"""The suffixes of files in a folder that count as recordings."""

ENDING = ".jsonl"
"""The ending of a transcript's name, after the whole name of its recording."""

Source = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """A recording to transcribe.

    Attributes:
        path: the file.
        id: of its call: its path in the given folder, without its suffix.
        transcript: the path of its transcript.
        problem: why it can't be transcribed, whatever its content; empty if no reason is known.
    """

    path: Path
    id: str
    transcript: Path
    problem: str = ""


def recordings_in(sources: Source | Iterable[Source], to: Source | None = None) -> list[RecordingFile]:
    """Find the recordings in files and folders, each once, in the order of their names within each folder.

    Args:
        sources: files with any suffix, and folders, including their subfolders.
        to: the folder for transcripts, with the same subfolders as the recordings; by default next to each recording.

    Raises:
        FileNotFoundError: a source does not exist.
    """
    listed = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    target = absolute(to) if to is not None else None
    names: dict[str, Path] = {}
    found: dict[Path, RecordingFile] = {}
    for path, place in (one for source in listed for one in _files(absolute(source))):
        if path in found:
            continue
        id_ = place.with_suffix("").as_posix()
        folder = target / place.parent if target else path.parent
        known = names.setdefault(id_, path)
        found[path] = RecordingFile(path, id_, folder / f"{path.name}{ENDING}", _problem(id_, path, known))
    return list(found.values())


def _files(source: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each recording with its path in the source."""
    if source.is_dir():
        for parent, folders, names in os.walk(source):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for path in (Path(parent, name) for name in sorted(names)):
                if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file():
                    yield path, path.relative_to(source)
    elif source.exists():
        yield source, Path(source.name)
    else:
        raise FileNotFoundError(f"{source}: no such file or folder")


def _problem(id_: str, path: Path, known: Path) -> str:
    if not path.is_file():
        return "is not a regular file; give a file or a folder"
    if known != path:
        return f"its call would have the same id as that of {known}; rename one of them"
    if len(id_) > MAX_ID or not re.fullmatch(ID, id_) or not id_.isprintable():
        return f"its name can't be an id: rename it, with at most {MAX_ID} characters and no control characters"
    return ""
