"""What the store contains: the manifest with its owner, and the objects that it names."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from workbench.corpus.changes import FOLDER as CHANGES
from workbench.corpus.manifest import FORMAT, NAME, Manifest, ManifestPart, manifest_data, parsed
from workbench.corpus.remote.link import Link
from workbench.corpus.schema import SCHEMAS
from workbench.domain import plain_json
from workbench.domain.errors import CorpusUnavailable

MOVED = "moved"
"""The owner of a corpus that was moved away."""

_OURS = re.compile(
    rf"(?:(?:{'|'.join(SCHEMAS)})/\d{{6,9}}-[0-9a-f]{{8}}\.parquet|{CHANGES}/\d{{6,9}}-[0-9a-f]{{8}}\.json)"
)


def packed(manifest: Manifest, owner: str) -> bytes:
    """Return a manifest in the form for the store; unique each time, so that a writer recognises their own."""
    data = manifest_data(manifest, FORMAT) | {"owner": owner, "commit": uuid.uuid4().hex}
    return plain_json.dumps(data, indent=1).encode()


def unpacked(data: bytes, link: Link) -> Manifest:
    """Return the manifest in the store.

    Raises:
        CorpusUnavailable: it belongs to another workspace, or was moved away.
        NewerWorkspace: a newer version of the workbench wrote it.
        WorkspaceDamaged: it is damaged.
    """
    manifest = parsed(data, Path(link.url.replace("://", ":/")) / NAME)
    owner = owner_of(data)
    if owner == MOVED:
        raise CorpusUnavailable(f"{link.url}: the corpus was moved away; open the workspace again")
    if owner != link.owner:
        raise CorpusUnavailable(
            f"{link.url} contains the corpus of another workspace; give a folder of its own, or open that one with "
            "its state"
        )
    return manifest


def owner_of(data: bytes) -> str:
    """Return the owner of the corpus; "" if the manifest does not state one."""
    try:
        return str(plain_json.loads(data).get("owner", ""))
    except (ValueError, AttributeError, RecursionError):
        return ""


def objects_of(parts: Iterable[ManifestPart]) -> list[str]:
    """Return the objects of parts, which have the names of the files."""
    return [f"{table}/{part.name}" for part in parts for table in SCHEMAS]


def notes_of(names: Iterable[str]) -> list[str]:
    """Return the objects of notes of changes."""
    return [f"{CHANGES}/{name}.json" for name in names]


def hashes_of(parts: Iterable[ManifestPart]) -> dict[str, str]:
    """Return the hash of each object of these parts."""
    return {
        f"{table}/{part.name}": sha256
        for part in parts
        for table, sha256 in zip(SCHEMAS, part.sha256 or ("",) * len(SCHEMAS), strict=False)
    }


def unnamed(listed: Iterable[str], manifest: Manifest) -> list[str]:
    """Return the objects that belong to a corpus but are not named by the manifest."""
    named = {*objects_of(manifest.parts), *notes_of(manifest.changes)}
    return [name for name in listed if _OURS.fullmatch(name) and name not in named]
