"""Parts in which every speaker's name is known to be clean, so that not every process checks all of them.

A part never changes, so the result for it stays valid. The note's name tells by which rules names are clean.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from workbench.corpus.kept_names import UNCLEAN
from workbench.corpus.schema import DERIVED
from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.files import plain_bytes, write_whole

_RULES = hashlib.blake2b(f"1 {unicodedata.unidata_version} {UNCLEAN}".encode(), digest_size=4).hexdigest()
_NAME = f"{DERIVED}/clean-{_RULES}.json"
_MAX_BYTES = 10_000_000


def known_clean(root: Path) -> frozenset[str]:
    """Return the names of the parts that are known to be clean; none if nothing is noted or the note is damaged."""
    try:
        names = plain_json.loads(plain_bytes(root / _NAME, _MAX_BYTES))["parts"]
        return frozenset(name for name in names if isinstance(name, str))
    except Exception:  # noqa: BLE001, missing or damaged: then they are checked again
        return frozenset()


def note_clean(root: Path, names: Collection[str]) -> None:
    """Note that exactly these parts are clean; if it cannot be noted, that only costs time."""
    with suppress(OSError):
        make_folder(root / DERIVED)
        write_whole(root / _NAME, plain_json.dumps({"parts": sorted(names)}).encode())
