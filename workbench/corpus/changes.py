"""Changes to conversations, noted until the state, which stores sentences by their ids, has followed.

A change is noted before the corpus is changed, and named in the manifest by the write that changes it. So after a crash
it is known whether it took place, and the state follows it when the workspace is next opened. A note is gone as soon as
the state has followed; none contains a word of a conversation that was deleted.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.corpus.manifest import Manifest
from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.changes import Change, Changed
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import plain_bytes, write_whole

FOLDER = "changes"
_MOST_BYTES = 512 * 2**20


def note(root: Path, manifest: Manifest, changed: Sequence[Changed]) -> Change:
    """Note a change that is about to be made. The caller holds the writers' lock."""
    newest = max((int(one.split("-")[0]) for one in manifest.changes), default=0)
    change = Change(name=f"{newest + 1:06d}-{uuid.uuid4().hex[:8]}", conversations=tuple(changed))
    make_folder(root / FOLDER)
    data = [{name: getattr(one, name) for name in Changed.__dataclass_fields__} for one in changed]
    write_whole(_file(root, change.name), plain_json.dumps(data).encode())
    return change


def pending(root: Path, manifest: Manifest) -> list[Change]:
    """Return the changes that took place and are not settled, the earliest first.

    Raises:
        WorkspaceDamaged: a note is damaged.
    """
    return [_read(root, name) for name in sorted(manifest.changes) if is_noted(root, name)]


def is_noted(root: Path, name: str) -> bool:
    """Return whether the note of a change still exists: it is deleted once the state has followed."""
    return _file(root, name).exists()


def settle(root: Path, name: str) -> None:
    """Delete the note of a change that the state has followed."""
    _file(root, name).unlink(missing_ok=True)


def unsettled(root: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return the names of unsettled changes; deletes notes of changes that did not take place.

    The caller holds the writers' lock, so that no change is under way.
    """
    for file in (root / FOLDER).glob("*.json"):
        if file.stem not in manifest.changes:
            with suppress(OSError):
                file.unlink()
    return tuple(name for name in manifest.changes if is_noted(root, name))


def _file(root: Path, name: str) -> Path:
    return root / FOLDER / f"{name}.json"


def _read(root: Path, name: str) -> Change:
    file = _file(root, name)
    try:
        found = plain_json.loads(plain_bytes(file, _MOST_BYTES))
        return Change(name=name, conversations=tuple(_changed(one) for one in found))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WorkspaceDamaged(f"{file}: damaged ({error}); restore a backup with `workbench restore`") from None


def _changed(data: Mapping[str, Any]) -> Changed:
    return Changed(**{**data, "heads": tuple(data["heads"])})
