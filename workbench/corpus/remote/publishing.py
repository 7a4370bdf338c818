"""Publishes what a writer has made: locally at once, and to a store by compare-and-swap.

Parts are copied to the store first, under names that nothing refers to yet. Then the manifest that names them replaces
the one that the writer started from; if another writer was faster, nothing is replaced, and the writer starts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from workbench.corpus.manifest import NAME, Manifest, is_linked, read_manifest, write_manifest
from workbench.corpus.remote.content import notes_of, objects_of, packed, unnamed
from workbench.corpus.remote.link import read_link, store_at, write_link
from workbench.corpus.remote.outrun import Outrun
from workbench.corpus.remote.store import ObjectChanged, ObjectStore, each
from workbench.domain.errors import CorpusUnavailable


def publish(root: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step. The caller holds the writers' lock.

    Raises:
        Outrun: another writer was faster; nothing has changed.
        CorpusUnavailable: the store cannot be reached, or does not allow it; nothing has changed.
        OSError: the disk is full or cannot be written.
    """
    if not is_linked(root):
        write_manifest(root, manifest)
        return
    link, before = read_link(root), read_manifest(root)
    store, data = store_at(link.url), packed(manifest, link.owner)
    new = _new_objects(root, before, manifest)
    try:
        each(store.upload, [(name, root / name) for name in new])
    except CorpusUnavailable:
        _take_back(root, store, new)
        raise
    try:
        mark = swapped(store, data, link.seen)
    except ObjectChanged:
        _take_back(root, store, new)
        raise Outrun(link.url) from None
    write_manifest(root, manifest)
    write_link(root, replace(link, seen=mark))
    with suppress(CorpusUnavailable):  # then they are swept another time
        store.delete([*_dropped(before, manifest)])


def swapped(store: ObjectStore, data: bytes, mark: str | None) -> str:
    """Replace the manifest with this mark; return the new mark.

    A response may be lost after the store has carried out the request: so its content is read again.

    Raises:
        ObjectChanged: it has another mark.
        CorpusUnavailable: it is unknown whether it was replaced.
    """
    try:
        return store.swap(NAME, data, mark)
    except (ObjectChanged, CorpusUnavailable):
        found = store.read(NAME)
        if found is None or found.data != data:
            raise
        return found.mark


def sweep_store(root: Path) -> bool:
    """Delete what interrupted writers left in the store; return whether nothing remains.

    The caller holds the writers' lock. Writers who have uploaded something but not named it yet are first forced to
    start again, by a manifest with the same content under another mark.

    Raises:
        Outrun: another writer was faster.
        CorpusUnavailable: the store cannot be reached, or does not allow it.
    """
    if not is_linked(root):
        return True
    store, manifest = store_at(read_link(root).url), read_manifest(root)
    left = unnamed(store.sizes(), manifest)
    if left:
        publish(root, manifest)
        store.delete(left)
    return True


def settle_note(root: Path, name: str) -> None:
    """Delete the note of a change from the store."""
    if is_linked(root):
        store_at(read_link(root).url).delete(notes_of([name]))


def settled_notes(root: Path, names: Sequence[str]) -> set[str]:
    """Return which of these notes are no longer in the store, because someone has settled them."""
    if not names or not is_linked(root):
        return set()
    there = store_at(read_link(root).url).sizes("changes/")
    return {name for name, place in zip(names, notes_of(names), strict=True) if place not in there}


def keeps_versions(root: Path) -> bool | None:
    """Return whether the store keeps deleted versions; None if unknown."""
    return store_at(read_link(root).url).keeps_versions()


def _new_objects(root: Path, before: Manifest, after: Manifest) -> list[str]:
    known = {part.name for part in before.parts}
    parts = objects_of(part for part in after.parts if part.name not in known)
    notes = notes_of(name for name in after.changes if name not in before.changes)
    return [*parts, *(name for name in notes if (root / name).exists())]


def _dropped(before: Manifest, after: Manifest) -> list[str]:
    named = {part.name for part in after.parts}
    parts = objects_of(part for part in before.parts if part.name not in named)
    return [*parts, *notes_of(name for name in before.changes if name not in after.changes)]


def _take_back(root: Path, store: ObjectStore, names: Sequence[str]) -> None:
    """Delete objects that nothing refers to; what cannot be deleted is swept another time."""
    with suppress(CorpusUnavailable):
        store.delete(names)
    for name in names:
        with suppress(OSError):
            (root / name).unlink(missing_ok=True)
