"""What a corpus needs of an object store: whole objects, and one that is replaced only if nobody else has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol

_AT_ONCE = 6


class ObjectMissing(Exception):
    """The store has no object of this name."""


class ObjectChanged(Exception):
    """An object was replaced by another writer, so that it was left as it is."""


class StoredObject(NamedTuple):
    """An object's content, and the mark of this very version."""

    data: bytes
    mark: str


class ObjectStore(Protocol):
    """A folder of an object store. Names are relative to it.

    Everything raises ``CorpusUnavailable`` where the store cannot be reached, or does not allow it.
    """

    def read(self, name: str, unless: str | None = None) -> StoredObject | None:
        """Return an object; None if its mark is still ``unless``. Raises ``ObjectMissing``."""

    def swap(self, name: str, data: bytes, mark: str | None) -> str:
        """Replace the object with this mark, or make it where there is none; return the new mark.

        Raises:
            ObjectChanged: it has another mark, or is there although ``mark`` is None.
        """

    def upload(self, name: str, file: Path) -> None:
        """Copy a file to an object."""

    def download(self, name: str, file: Path) -> None:
        """Copy an object to a file; raises ``ObjectMissing``."""

    def delete(self, names: Iterable[str]) -> None:
        """Take objects away; those that are not there are passed over."""

    def sizes(self, under: str = "") -> dict[str, int]:
        """Return the names of all objects that begin so, and how many bytes they hold."""

    def keeps_versions(self) -> bool | None:
        """Return whether the store keeps what is deleted or replaced; None if it does not tell."""


def each(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]) -> None:
    """Do some work several times, a few at once; raises what the first one that failed does."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="corpus") as pool:
        done = [pool.submit(work, *job) for job in jobs]
    for one in done:
        one.result()
