"""A corpus in a store, and its local copy: whether they have exactly the files that the manifest names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.checking.report import Problem, Repair
from workbench.corpus.manifest import is_linked, read_manifest
from workbench.corpus.remote.content import hashes_of, unnamed
from workbench.corpus.remote.link import read_link, store_at
from workbench.corpus.remote.outrun import again_when_outrun
from workbench.corpus.remote.publishing import sweep_store
from workbench.corpus.remote.pulling import fetch_again
from workbench.corpus.replica import Replica
from workbench.domain.errors import CorpusUnavailable, WorkbenchError, WorkspaceDamaged
from workbench.domain.files import sha256_of
from workbench.domain.plurals import plural


def bring_up_to_date(root: Path) -> Iterator[Problem]:
    """Update the copy before it is checked; yield why that is not possible."""
    try:
        Replica(root).look()
    except (CorpusUnavailable, WorkspaceDamaged) as error:
        yield _told(error)


def problems(root: Path) -> Iterator[Problem]:
    """Yield what is wrong in the store, and the files here that are not what lies there."""
    if not is_linked(root):
        return
    try:
        manifest, link = read_manifest(root), read_link(root)
    except WorkspaceDamaged:  # which is told already
        return
    store = store_at(link.url)
    try:
        listed = store.sizes()
    except CorpusUnavailable as error:
        yield _told(error)
        return
    for name, sha256 in hashes_of(manifest.parts).items():
        file = root / name
        is_good = file.is_file() and (not sha256 or sha256_of(file) == sha256)
        if name not in listed or (is_good and listed[name] != file.stat().st_size):
            what = "missing" if name not in listed else "has changed in size since it was written"
            if is_good:
                yield Problem(f"{link.url}/{name}", what, "a repair uploads it", _uploading(root, name))
            else:
                yield Problem(f"{link.url}/{name}", what, "restore a backup with `workbench restore`")
        elif not is_good:
            yield Problem(str(file), "damaged here", "a repair fetches it again", _fetching(root, name))
    left = unnamed(listed, manifest)
    if left:
        what = f"{plural(len(left), 'file is', 'files are')} left over from interrupted changes: {', '.join(left[:3])}"
        yield Problem(link.url, what, "a repair removes them", lambda: _sweep(root), is_note=True)


def _told(error: WorkbenchError) -> Problem:
    """Return an error as a problem: where, what, and the remedy."""
    where, _, said = str(error).partition(": ")
    what, _, remedy = said.partition("; ")
    return Problem(where, what, remedy)


def _uploading(root: Path, name: str) -> Repair:
    return lambda: store_at(read_link(root).url).upload(name, root / name)


def _fetching(root: Path, name: str) -> Repair:
    def fetch() -> None:
        with Replica(root).writing():
            fetch_again(root, name)

    return fetch


@again_when_outrun
def _sweep(root: Path) -> None:
    with Replica(root).writing():
        sweep_store(root)
