"""Bringing conversations in: what is good goes in, what is bad is reported by name, line and reason (C2)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.corpus.clean_names import with_clean_names
from workbench.corpus.formats import Problem, clearly_not_conversations, format_of, known_suffixes
from workbench.corpus.formats.neutral_model import NeutralFormError, dumps, from_json, to_json
from workbench.corpus.lake import Lake
from workbench.corpus.languages import with_language
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.tables import Item, content_hash
from workbench.domain.conversations import Conversation
from workbench.domain.names import printable
from workbench.domain.paths import absolute

_BATCH = 1_000

Source = str | os.PathLike[str] | Iterable[Any]
OnProgress = Callable[[int, str], None]  # conversations read so far, the file that is being read


@dataclass(frozen=True, slots=True)
class Reject:
    """What was left out: the file's name (or the item's place), the line counted from 1, and why."""

    name: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return printable(f"{self.name}{line}: {self.reason}", lines=False)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an import did."""

    added: int
    unchanged: int
    rejected: tuple[Reject, ...]

    def __str__(self) -> str:
        head = f"{self.added:,} added, {self.unchanged:,} unchanged, {len(self.rejected):,} rejected"
        return "\n".join([head, *(f"  {reject}" for reject in self.rejected)])


def ingest(
    lake: Lake, source: Source, *, unit: SplitUnit = "sentence", progress: OnProgress | None = None
) -> IngestReport:
    """Adds the conversations of a file, a folder (with its subfolders), or an iterable.

    An iterable holds paths, :class:`Conversation` objects or dicts in the neutral form. A conversation that
    the lake holds already is left alone; one with a known id but other content is rejected. Where a conversation does
    not name its language, its words may tell; see :mod:`workbench.corpus.languages`.

    Raises:
        FileNotFoundError: ``source`` is a path where nothing is.
    """
    known = lake.content_hashes()
    rejected: list[Reject] = []
    batch: list[Item] = []
    added = unchanged = 0
    for read, (name, line, found) in enumerate(_read(source), start=1):
        if isinstance(found, Problem):
            rejected.append(Reject(name, found.line, found.reason))
            continue
        item = Item(found, content_hash(to_json(found)), name)
        if found.id not in known:
            item = replace(item, conversation=with_clean_names(with_language(found)))
            known[found.id] = item.content_hash
            batch.append(item)
            added += 1
        elif known[found.id] == item.content_hash:
            unchanged += 1
        else:
            reason = f"id {found.id!r} is in the corpus with other content; give the changed conversation its own id"
            rejected.append(Reject(name, line, reason))
        if len(batch) >= _BATCH:
            lake.append(batch, unit)
            batch = []
        if progress:
            progress(read, name)
    if batch:
        lake.append(batch, unit)
    return IngestReport(added, unchanged, tuple(rejected))


_Read = tuple[str, int | None, Conversation | Problem]


def _read(source: Source) -> Iterator[_Read]:
    if isinstance(source, str | os.PathLike):
        yield from _read_path(absolute(source))
        return
    for place, item in enumerate(source):
        if isinstance(item, str | os.PathLike):
            yield from _read_path(absolute(item))
        else:
            yield f"item {place}", None, _conversation(item)


def _conversation(item: Any) -> Conversation | Problem:
    if isinstance(item, Conversation):
        return item
    if not isinstance(item, Mapping):
        return Problem(None, f"is a {type(item).__name__}; give a path, a Conversation or a dict")
    try:
        return from_json(dumps(dict(item)).encode("utf-8", "surrogatepass"))
    except (NeutralFormError, TypeError, ValueError) as error:
        return Problem(None, str(error))


def _read_path(path: Path) -> Iterator[_Read]:
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            if format_of(file) or not clearly_not_conversations(file):
                yield from _read_file(file)
    elif path.exists():
        yield from _read_file(path)
    else:
        raise FileNotFoundError(f"{path}: no such file or folder")


def _read_file(path: Path) -> Iterator[_Read]:
    form = format_of(path)
    if form is None:
        reason = f"is in no known format; known are {', '.join(known_suffixes())}"
        yield path.name, None, Problem(None, reason)
        return
    try:
        for found in form.read(path):
            if isinstance(found, Problem):
                yield path.name, found.line, found
            else:
                yield path.name, found.line, _with_media(found.conversation, path.parent)
    except OSError as error:
        yield path.name, None, Problem(None, f"cannot be read: {error.strerror or error}")


def _with_media(conversation: Conversation, folder: Path) -> Conversation:
    """The recording's path as it is found from anywhere, not from the file alone."""
    if conversation.media is None or "://" in conversation.media:
        return conversation
    return replace(conversation, media=str((folder / conversation.media).resolve()))
