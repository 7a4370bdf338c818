"""Where calls come from: the sources that settings name, such as a folder, and where a given call is from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

EVERYTHING = "*"
MAX_FOLDERS = 3
"""How many of the folders above a file are stored."""

_MAX_KEPT_PATH = 200


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where a call comes from.

    Attributes:
        id: the call's id.
        name: the name of its file; empty if it comes from none.
        folder: the folders above the file, such as "exports/zoom".
    """

    id: str
    name: str = ""
    folder: str = ""


def folder_kept(path: str) -> str:
    """Return the part of a file's folders that is stored."""
    parts = [one for one in path.replace("\\", "/").split("/")[:-1] if one]
    return "/".join(parts[-MAX_FOLDERS:])[-_MAX_KEPT_PATH:]


def fits(source: str, place: SourcePlace) -> bool:
    """Return whether a call belongs to a source.

    A source is "*" for all; a folder such as "zoom/"; a file's name or a pattern such as "*.vtt" or "zoom/*.vtt"; or
    the beginning of ids, such as the prefix "site-a/" of an import.
    """
    if source == EVERYTHING:
        return True
    if source.endswith("/"):
        return place.id.startswith(source) or _is_run(source.strip("/").split("/"), place.folder.split("/"))
    path = f"{place.folder}/{place.name}" if place.folder else place.name
    return (
        fnmatchcase(place.name, source)
        or ("/" in source and fnmatchcase(f"/{path}", f"*/{source}"))
        or source in place.folder.split("/")
        or fnmatchcase(place.id, source)
    )


def fitting(sources: Iterable[str], place: SourcePlace) -> list[str]:
    """Return the sources that a call belongs to, the longest and so most specific first."""
    found = [one for one in sources if fits(one, place)]
    return sorted(found, key=lambda one: (one == EVERYTHING, -len(one), one))


def _is_run(wanted: list[str], folders: list[str]) -> bool:
    """Return whether the folders occur among those of a file, one directly below the other."""
    spans = range(len(folders) - len(wanted) + 1)
    return any(all(map(fnmatchcase, folders[at:], wanted)) for at in spans)
