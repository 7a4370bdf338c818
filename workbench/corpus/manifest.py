"""The list of committed parts: what it does not name does not exist, so readers see complete batches only."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import xor
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from workbench.corpus.schema import SCHEMAS
from workbench.domain import plain_json
from workbench.domain.errors import NewerWorkspace, WorkspaceDamaged
from workbench.domain.files import plain_bytes, write_whole

FORMAT = 4  # for a corpus that is stored elsewhere, with a copy here
_WITH_MOVES = 3  # the newest for versions without support for copies
_WITH_GAPS = 2  # the newest for versions without support for changes
NAME = "manifest.json"
LINK = "remote.json"
"""Marks a corpus's folder as the copy of one that is stored elsewhere; see :mod:`workbench.corpus.remote`."""
RESTORE = "restore a backup with `workbench restore`"
REPAIR = "run `workbench check --repair`, or restore a backup with `workbench restore`"
ROW_GROUP = 16_384  # small enough that reading a few sentences by row stays cheap
_PART = re.compile(r"(\d{6,9})-[0-9a-f]{8}\.parquet")
_MOST_BYTES = 256 * 2**20
_CONTENT = re.compile(r"[0-9a-f]{16}")
_LARGEST = 2**40
_LONGEST_STAMP = 80
_CHANGE = re.compile(r"\d{6,9}-[0-9a-f]{8}")
_WRITTEN = ("name", "conversations", "turns", "sentences", "numbers", "rows", "content", "steps", "segments", "moved")

Span: TypeAlias = tuple[int, int]
"""The first of a range of numbers, and the first one after it."""
AFTER: Span = (-1, -1)
"""Continues the part before."""


class Segment(NamedTuple):
    """A range of a part: the first number and row after it, and an identifier of its content."""

    number: int
    row: int
    content: str


class NewParts(NamedTuple):
    """What is new: the parts that contain it, and the number and row from which on they do."""

    parts: tuple[ManifestPart, ...]
    number: int
    row: int


@dataclass(frozen=True, slots=True)
class ManifestPart:
    """One committed part: its file name in each table's folder, its size, and each table's hash.

    Attributes:
        sha256: the hashes, in the order of the tables; empty if an older version wrote the part.
        numbers: the first number that its conversations may have, and the first that the next part's may; as many as it
            contains, except for deleted ones. If missing, they continue the part before.
        rows: the same of the sentences' rows.
        content: identifies its content, which stays the same when parts are merged.
        steps: numbers at which imports within it ended, if rounds of older versions need them.
        segments: the parts that it was merged from, if readers may have loaded them before the merge.
        moved: further rows, of conversations that have more sentences since they were changed.
    """

    name: str
    conversations: int
    turns: int
    sentences: int
    sha256: tuple[str, ...] = ()
    numbers: Span = AFTER
    rows: Span = AFTER
    content: str = ""
    steps: tuple[int, ...] = ()
    segments: tuple[Segment, ...] = ()
    moved: tuple[Span, ...] = ()

    @property
    def whole(self) -> tuple[Segment, ...]:
        """Return the parts that it was merged from, or itself."""
        return self.segments or (Segment(self.numbers[1], self.rows[1], self.content),)

    def placed(self, number: int, row: int) -> ManifestPart:
        """Return the part with what an older version left out, given where it begins."""
        numbers = (number, number + self.conversations) if self.numbers == AFTER else self.numbers
        rows = (row, row + self.sentences) if self.rows == AFTER else self.rows
        if self.content:
            return replace(self, numbers=numbers, rows=rows)
        steps = (*self.steps, numbers[1])
        return replace(self, numbers=numbers, rows=rows, content=content_of(self.name), steps=steps)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The committed parts, in the order of their numbers.

    Attributes:
        stamp: changes with the content of the parts; empty if an older version wrote the manifest.
        left: names of parts that were merged or changed, whose files may still exist for readers.
        changes: names of the changes that are in the parts, and perhaps not yet in the workspace's state.
    """

    parts: tuple[ManifestPart, ...] = ()
    stamp: str = ""
    left: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parts: list[ManifestPart] = []
        number = row = 0
        for part in self.parts:
            parts.append(part.placed(number, row))
            number, row = parts[-1].numbers[1], parts[-1].rows[1]
        object.__setattr__(self, "parts", tuple(parts))

    @property
    def version(self) -> str:
        """Return a version that changes with the content of the parts; "0" if there is nothing yet."""
        return self.stamp or (self.parts[-1].name.removesuffix(".parquet") if self.parts else "0")

    @property
    def conversations(self) -> int:
        """Return the number of conversations in the parts."""
        return sum(part.conversations for part in self.parts)

    @property
    def sentences(self) -> int:
        """Return the number of sentences in the parts."""
        return sum(part.sentences for part in self.parts)

    @property
    def is_without_gaps(self) -> bool:
        """Return whether numbers and rows run from 0 without gaps."""
        return (self.conversations, self.sentences) == (self.next_number, self.next_row)

    @property
    def next_number(self) -> int:
        """Return the number of the next conversation."""
        return self.parts[-1].numbers[1] if self.parts else 0

    @property
    def next_row(self) -> int:
        """Return the row of the next sentence."""
        moved = (last for part in self.parts for _, last in part.moved)
        return max(self.parts[-1].rows[1] if self.parts else 0, *moved, 0)

    @property
    def steps(self) -> list[int]:
        """Return the next conversation's number after each import that is still known."""
        return sorted({step for part in self.parts for step in (*part.steps, part.numbers[1])})

    def since(self, earlier: Manifest) -> NewParts | None:
        """Return what is new since ``earlier``; None if something has changed."""
        wanted, content = (earlier.next_number, joint_content(part.content for part in earlier.parts)), 0
        if wanted == (0, 0):
            return NewParts(self.parts, 0, 0)
        for place, part in enumerate(self.parts):
            for number, row, own in part.whole:
                content ^= int(own, 16)
                if (number, content) == wanted:
                    return NewParts(self.parts[place + (number == part.numbers[1]) :], number, row)
        return None

    def after(self, earlier: Manifest) -> NewParts:
        """Return the parts from the first one on that differs from ``earlier``."""
        place = 0
        for one, other in zip(self.parts, earlier.parts, strict=False):
            if (one.content, one.numbers) != (other.content, other.numbers):
                break
            place += 1
        rest = self.parts[place:]
        number, row = (rest[0].numbers[0], rest[0].rows[0]) if rest else (self.next_number, self.next_row)
        return NewParts(rest, number, row)


def content_of(name: str) -> str:
    """Return the identifier of the content of a part that was just written under this name."""
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def joint_content(contents: Iterable[str]) -> int:
    """Return the identifier of these contents together, however they are divided into parts."""
    return reduce(xor, (int(one, 16) for one in contents), 0)


def read_manifest(root: Path) -> Manifest:
    """Return the committed parts of the lake in ``root``; none if there is no lake yet.

    Raises:
        WorkspaceDamaged: the manifest is damaged, or missing although there are parts.
        NewerWorkspace: a newer version of the workbench wrote it.
    """
    try:
        data = plain_bytes(root / NAME, _MOST_BYTES)
    except FileNotFoundError:
        if part_files(root):
            raise WorkspaceDamaged(f"{root / NAME}: missing, although there are parts of a corpus; {REPAIR}") from None
        return Manifest()
    return parsed(data, root / NAME)


def parsed(data: bytes, file: Path) -> Manifest:
    """Return the manifest in the content of ``file``; raises as :func:`read_manifest`."""
    try:
        found = json.loads(data.decode())
        form = found["format"]
        if type(form) is int and form > FORMAT:
            raise NewerWorkspace(
                f"{file}: written by a newer version of the workbench (format {form}; this version reads up to "
                f"{FORMAT}); upgrade the workbench to open it"
            )
        if type(form) is not int or form < 1:
            raise ValueError(f"format {form!r} is unknown")
        return _manifest(found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error) or type(error).__name__
        raise WorkspaceDamaged(f"{file}: damaged ({said}); {REPAIR}") from None


def _manifest(found: Mapping[str, Any]) -> Manifest:
    hashes, stamp, left = found.get("sha256", {}), found.get("stamp", ""), tuple(found.get("left", ()))
    changes = tuple(found.get("changes", ()))
    if not isinstance(stamp, str) or len(stamp) > _LONGEST_STAMP:
        raise ValueError("the stamp is not a short text")
    if not all(isinstance(name, str) and _PART.fullmatch(name) for name in left):
        raise ValueError("what is left is not names of parts")
    if not all(isinstance(name, str) and _CHANGE.fullmatch(name) for name in changes):
        raise ValueError("the changes are not names of changes")
    manifest = Manifest(tuple(_part(one, hashes) for one in found["parts"]), stamp, left, changes)
    for before, after in pairwise(manifest.parts):
        if after.numbers[0] < before.numbers[1] or after.rows[0] < before.rows[1]:
            raise ValueError(f"{after.name} does not follow on {before.name}")
    return manifest


def _part(data: Mapping[str, Any], hashes: Mapping[str, Any]) -> ManifestPart:
    """Read a part; accepts only names made by ``commit``, so that a manifest cannot point outside its folder."""
    counts: list[int] = [data[name] for name in ("conversations", "turns", "sentences")]
    name = data["name"]
    if not isinstance(name, str) or not _PART.fullmatch(name):
        raise ValueError(f"{str(name)[:80]!r} is not the name of a part")
    if any(type(count) is not int or not 0 <= count < _LARGEST for count in counts):
        raise ValueError(f"the counts of {name} are not whole numbers")
    known = hashes.get(name, [])
    if not isinstance(known, list) or not all(isinstance(one, str) for one in known):
        raise ValueError(f"the hashes of {name} are not texts")
    content, steps = data.get("content", ""), data.get("steps", [])
    if not isinstance(content, str) or (content and not _CONTENT.fullmatch(content)):
        raise ValueError(f"the content of {name} is not a name")
    if not all(type(step) is int and 0 <= step < _LARGEST for step in steps):
        raise ValueError(f"the steps of {name} are not whole numbers")
    numbers, rows = _span(data, "numbers"), _span(data, "rows")
    segments = tuple(_segment(*one) for one in data.get("segments", []))
    moved = tuple(_span({"name": name, "moved rows": one}, "moved rows") for one in data.get("moved", []))
    sizes = (counts[0], counts[1], counts[2])
    return ManifestPart(name, *sizes, tuple(known), numbers, rows, content, tuple(steps), segments, moved)


def _segment(number: Any, row: Any, content: Any) -> Segment:
    if not (type(number) is int and type(row) is int and isinstance(content, str) and _CONTENT.fullmatch(content)):
        raise ValueError("a segment is not two numbers and a name")
    return Segment(number, row, content)


def _span(data: Mapping[str, Any], name: str) -> Span:
    first, end = data.get(name, AFTER)
    whole = type(first) is int and type(end) is int
    if not whole or ((first, end) != AFTER and not 0 <= first <= end < _LARGEST):
        raise ValueError(f"the {name} of {data['name']!s} are not a span")
    return first, end


def part_files(root: Path) -> list[str]:
    """Return the names of all parts in any table's folder, named by the manifest or not, in order."""
    found: set[str] = set()
    for table in SCHEMAS:
        with suppress(FileNotFoundError, NotADirectoryError):
            found.update(name for name in os.listdir(root / table) if _PART.fullmatch(name))
    return sorted(found)


def is_linked(root: Path) -> bool:
    """Return whether a corpus's folder is the copy of one that is stored elsewhere."""
    return (root / LINK).exists()


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step. The caller holds the writers' lock.

    For a copy only the code that updates it does this; others use :func:`workbench.corpus.remote.publishing.publish`.
    """
    data = manifest_data(manifest, FORMAT if is_linked(root) else None)
    write_whole(root / NAME, plain_json.dumps(data, indent=1).encode())


def manifest_data(manifest: Manifest, form: int | None = None) -> dict[str, Any]:
    """Return the content of a manifest's file, in this format or the earliest that can express it."""
    parts = [{name: getattr(part, name) for name in _WRITTEN if getattr(part, name) != ()} for part in manifest.parts]
    return {
        "format": form or _format(manifest),
        "stamp": manifest.stamp,
        "parts": parts,
        "left": manifest.left,
        "changes": manifest.changes,
        "sha256": {part.name: part.sha256 for part in manifest.parts if part.sha256},  # apart: older versions have none
    }


def _format(manifest: Manifest) -> int:
    """Return the earliest format that can express it: older versions number by the counts, or spans, of the parts."""
    if any(part.moved for part in manifest.parts):
        return _WITH_MOVES
    return 1 if manifest.is_without_gaps else _WITH_GAPS


def next_name(manifest: Manifest) -> int:
    """Return one more than the newest part's number: deleted parts leave gaps."""
    found = (_PART.fullmatch(part.name) for part in manifest.parts)
    return max((int(one[1]) for one in found if one), default=0) + 1


def part_paths(root: Path, table: str, parts: Sequence[ManifestPart]) -> list[str]:
    """Return the files of a table.

    Raises:
        WorkspaceDamaged: one is missing, or is not a file of this folder but a link to another.
    """
    return [str(plain_file(root / table / part.name)) for part in parts]


def plain_file(file: Path) -> Path:
    """Return the file; raises ``WorkspaceDamaged`` if it is missing, a link or a folder."""
    if file.is_symlink() or file.parent.is_symlink():
        raise WorkspaceDamaged(f"{file}: a link; replace it with the file itself, because links are not followed")
    if not file.is_file():
        what = "not a file" if file.exists() else "missing, although the manifest names it"
        raise WorkspaceDamaged(f"{file}: {what}; {RESTORE}")
    return file
