"""An object store in memory, which can fail as a network does, and refuse as one without rights."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from workbench.corpus.remote.store import ObjectChanged, ObjectMissing, StoredObject
from workbench.domain.errors import CorpusUnavailable


class MemoryStore:
    """What the tests of the contract hold against S3.

    Attributes:
        objects: what lies there.
        before: called with what is to be done and the name, before it is; may raise.
        after: the same, once it is done.
        is_read_only: refuses to change anything.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.before: Callable[[str, str], None] = lambda _what, _name: None
        self.after: Callable[[str, str], None] = lambda _what, _name: None
        self.is_read_only = False
        self.asked: list[str] = []
        self._lock = threading.RLock()

    def read(self, name: str, unless: str | None = None) -> StoredObject | None:
        self.before("read", name)
        self.asked.append(name)
        with self._lock:
            if name not in self.objects:
                raise ObjectMissing(name)
            found = StoredObject(self.objects[name], _mark(self.objects[name]))
        return None if found.mark == unless else found

    def swap(self, name: str, data: bytes, mark: str | None) -> str:
        self._writing("swap", name)
        with self._lock:
            there = self.objects.get(name)
            if (None if there is None else _mark(there)) != mark:
                raise ObjectChanged(name)
            self.objects[name] = data
        self.after("swap", name)
        return _mark(data)

    def upload(self, name: str, file: Path) -> None:
        self._writing("upload", name)
        self.objects[name] = file.read_bytes()

    def download(self, name: str, file: Path) -> None:
        self.before("download", name)
        if name not in self.objects:
            raise ObjectMissing(name)
        file.write_bytes(self.objects[name])

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            self._writing("delete", name)
            self.objects.pop(name, None)

    def sizes(self, under: str = "") -> dict[str, int]:
        self.before("sizes", under)
        return {name: len(data) for name, data in sorted(self.objects.items()) if name.startswith(under)}

    def keeps_versions(self) -> bool | None:
        return False

    def _writing(self, what: str, name: str) -> None:
        self.before(what, name)
        if self.is_read_only:
            raise CorpusUnavailable("s3://calls/team: not allowed; ask for the right, or use other credentials")


def broken() -> CorpusUnavailable:
    """Return what is raised where the network fails."""
    return CorpusUnavailable("s3://calls/team: cannot be reached; check the network, and try again")


def _mark(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def memory_store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """Give the store to which every address leads."""
    from workbench.checking import stored
    from workbench.corpus import moving
    from workbench.corpus.remote import publishing, pulling

    store = MemoryStore()
    for module in (moving, publishing, pulling, stored):
        monkeypatch.setattr(module, "store_at", lambda _url: store)
    return store
