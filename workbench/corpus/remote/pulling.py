"""Updates a copy of a corpus: new files are fetched, checked, and named last."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from workbench.corpus.manifest import NAME, Manifest, read_manifest, write_manifest
from workbench.corpus.remote.content import hashes_of, notes_of, unpacked
from workbench.corpus.remote.gone import note_gone
from workbench.corpus.remote.link import read_link, store_at, write_link
from workbench.corpus.remote.store import ObjectMissing, ObjectStore, StoredObject, each
from workbench.domain.access import make_folder
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import settle, sha256_of

_ATTEMPTS = 30  # each of which a change elsewhere can invalidate


def is_current(root: Path) -> bool:
    """Return whether the copy is up to date with the store."""
    link = read_link(root)
    return link.seen is not None and _read(store_at(link.url), link.url, link.seen) is None


def pull(root: Path, thorough: bool = False) -> bool:
    """Update a copy; return whether something was new. The caller holds the writers' lock.

    Args:
        root: the copy.
        thorough: also fetches files that were lost here.

    Raises:
        CorpusUnavailable: the store cannot be reached, or contains the corpus of another workspace.
        WorkspaceDamaged: a file that the manifest names is not in the store, or has another content.
        OSError: the disk is full or cannot be written.
    """
    link, missed = read_link(root), ""
    store = store_at(link.url)
    for _ in range(_ATTEMPTS):
        before = _held(root, thorough)
        found = _read(store, link.url, None if before is None else link.seen)
        if found is None:
            return False
        manifest = unpacked(found.data, link)
        try:
            _fetch(root, store, manifest)
        except ObjectMissing as error:
            if missed == found.mark:
                remedy = "restore a backup with `workbench restore`"
                raise WorkspaceDamaged(
                    f"{link.url}/{error}: missing, although the manifest names it; {remedy}"
                ) from None
            missed = found.mark  # merged or changed meanwhile
            continue
        if before is not None:
            note_gone(root, before, manifest)
        write_manifest(root, manifest)
        write_link(root, replace(link, seen=found.mark))
        return True
    raise WorkspaceDamaged(f"{link.url}: changes all the time; try again later")


def fetch_again(root: Path, name: str) -> None:
    """Fetch a file of the corpus that is damaged here. The caller holds the writers' lock."""
    (root / name).unlink(missing_ok=True)
    pull(root, thorough=True)


def _read(store: ObjectStore, url: str, unless: str | None) -> StoredObject | None:
    try:
        return store.read(NAME, unless)
    except ObjectMissing:
        remedy = "restore a backup with `workbench restore`"
        raise WorkspaceDamaged(f"{url}/{NAME}: missing, although there was a corpus; {remedy}") from None


def _held(root: Path, thorough: bool) -> Manifest | None:
    """Return the manifest here; None if it, or a file that it names, was lost."""
    if not (root / NAME).exists():
        return None
    try:
        manifest = read_manifest(root)
    except WorkspaceDamaged:
        return None
    is_whole = not thorough or all((root / name).exists() for name in hashes_of(manifest.parts))
    return manifest if is_whole else None


def _fetch(root: Path, store: ObjectStore, manifest: Manifest) -> None:
    wanted = {name: sha256 for name, sha256 in hashes_of(manifest.parts).items() if not (root / name).exists()}
    each(_fetch_one, [(root, store, name, sha256) for name, sha256 in wanted.items()])
    for name in notes_of(manifest.changes):
        if not (root / name).exists():
            with suppress(ObjectMissing):  # it is settled
                _fetch_one(root, store, name, "")


def _fetch_one(root: Path, store: ObjectStore, name: str, sha256: str) -> None:
    file = root / name
    make_folder(file.parent)
    half_written = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        try:
            store.download(name, half_written)
        except ObjectMissing:
            raise ObjectMissing(name) from None
        if sha256 and sha256_of(half_written) != sha256:
            remedy = "restore a backup with `workbench restore`"
            raise WorkspaceDamaged(f"{name}: was changed in the store (its hash differs); {remedy}")
        settle(half_written, file)
    finally:
        half_written.unlink(missing_ok=True)
