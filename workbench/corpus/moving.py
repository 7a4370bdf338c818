"""Moves a corpus to a store, joins one that is already there, and moves it back to its folder."""

from __future__ import annotations

from pathlib import Path

from workbench.corpus.changes import pending
from workbench.corpus.manifest import LINK, NAME, Manifest, is_linked, read_manifest, write_manifest
from workbench.corpus.remote.content import MOVED, notes_of, objects_of, owner_of, packed, unnamed
from workbench.corpus.remote.link import Link, read_link, store_at, write_link
from workbench.corpus.remote.outrun import Outrun, again_when_outrun
from workbench.corpus.remote.publishing import swapped
from workbench.corpus.remote.pulling import pull
from workbench.corpus.remote.store import ObjectChanged, ObjectMissing, ObjectStore, each
from workbench.corpus.replica import WRITERS
from workbench.domain.access import file_lock, make_folder
from workbench.domain.errors import CorpusUnavailable


def bring(root: Path, url: str, owner: str) -> None:
    """Copy the corpus in ``root`` to a store, which is authoritative from then on; can be repeated if interrupted.

    Args:
        root: the corpus's folder.
        url: the store's URL.
        owner: names the workspace.

    Raises:
        CorpusUnavailable: the store cannot be used, or already contains another corpus.
        WorkspaceDamaged: the corpus is damaged.
    """
    store = store_at(url)
    make_folder(root)
    with file_lock(root / WRITERS):
        there, mark = _there(store)
        if there == owner:  # it was interrupted after that
            join(root, url, owner)
            return
        if there not in (None, MOVED):
            raise _taken(url)
        manifest = read_manifest(root)
        notes = [one.name for one in pending(root, manifest)]
        names = [*objects_of(manifest.parts), *notes_of(notes)]
        each(store.upload, [(name, root / name) for name in names])
        try:
            seen = swapped(store, packed(manifest, owner), mark)
        except ObjectChanged:
            if _there(store)[0] != owner:
                raise _taken(url) from None
            seen = None  # another machine of this workspace was faster
        write_link(root, Link(url, owner, seen))
        write_manifest(root, manifest)


def join(root: Path, url: str, owner: str) -> None:
    """Make a folder the copy of a corpus in a store; its content is fetched when first needed."""
    make_folder(root)
    write_link(root, Link(url, owner))


@again_when_outrun
def bring_back(root: Path) -> None:
    """Make the copy authoritative, and delete the corpus from the store; can be repeated if interrupted.

    Raises:
        CorpusUnavailable: the store cannot be used.
    """
    if not is_linked(root):
        return
    with file_lock(root / WRITERS):
        link = read_link(root)
        store = store_at(link.url)
        if _there(store)[0] != MOVED:
            pull(root, thorough=True)
            try:
                swapped(store, packed(Manifest(), MOVED), read_link(root).seen)
            except ObjectChanged:
                raise Outrun(link.url) from None
        manifest = read_manifest(root)
        (root / LINK).unlink()
        write_manifest(root, manifest)
        store.delete(unnamed(store.sizes(), Manifest()))


def _there(store: ObjectStore) -> tuple[str | None, str | None]:
    """Return the owner of the corpus in a store, and its manifest's mark, read together; None if there is none."""
    try:
        found = store.read(NAME)
    except ObjectMissing:
        found = None
    return (None, None) if found is None else (owner_of(found.data), found.mark)


def _taken(url: str) -> CorpusUnavailable:
    return CorpusUnavailable(f"{url} contains another corpus; give a folder of its own, such as {url}/mine")
