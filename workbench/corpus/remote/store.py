"""What a corpus needs from an object store: whole objects, and compare-and-swap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol

_AT_ONCE = 6


class ObjectMissing(Exception):
    """The store has no object with this name."""


class ObjectChanged(Exception):
    """An object was replaced by another writer, so it was left unchanged."""


class StoredObject(NamedTuple):
    """An object's content, and the mark of this version."""

    data: bytes
    mark: str


class ObjectStore(Protocol):
    """A folder of an object store. Names are relative to it.

    All methods raise ``CorpusUnavailable`` if the store cannot be reached, or does not allow the request.
    """

    def read(self, name: str, unless: str | None = None) -> StoredObject | None:
        """Return an object; None if its mark is still ``unless``. Raises ``ObjectMissing``."""

    def swap(self, name: str, data: bytes, mark: str | None) -> str:
        """Replace the object with this mark, or create it if there is none; return the new mark.

        Raises:
            ObjectChanged: it has another mark, or exists although ``mark`` is None.
        """

    def upload(self, name: str, file: Path) -> None:
        """Copy a file to an object."""

    def download(self, name: str, file: Path) -> None:
        """Copy an object to a file; raises ``ObjectMissing``."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; missing ones are ignored."""

    def sizes(self, under: str = "") -> dict[str, int]:
        """Return the names of all objects with this prefix, and their sizes in bytes."""

    def keeps_versions(self) -> bool | None:
        """Return whether the store keeps deleted or replaced versions; None if unknown."""


def each(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]) -> None:
    """Run all jobs, a few at once; raises the error of the first that fails."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="corpus") as pool:
        done = [pool.submit(work, *job) for job in jobs]
    for one in done:
        one.result()
