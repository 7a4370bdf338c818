"""Reads every conversation of a source; whatever cannot be read becomes a problem with a name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workbench.corpus.fields import canonical_fields
from workbench.corpus.folders import IS_WORKSPACE, files_in, is_workspace, path_exists, told_apart
from workbench.corpus.formats import (
    FormatProblem,
    FoundConversation,
    JoinedFile,
    JsonMapping,
    Opened,
    UnreadableFile,
    format_of,
    joined,
    passed_over,
    passed_over_if_unknown,
    read_joined,
)
from workbench.corpus.formats.bounds import ID, MAX_ID
from workbench.corpus.formats.given import read_given
from workbench.corpus.formats.neutral_model import NeutralFormError, ReadConversation
from workbench.corpus.formats.reasons import shown
from workbench.corpus.frames import is_frame, rows_of_frame
from workbench.corpus.local_starts import with_moment
from workbench.corpus.sides import Sides, sides_in, with_given_sides
from workbench.corpus.tables import Item, hash_of
from workbench.domain.conversations import Conversation
from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.paths import absolute
from workbench.domain.texts import whole
from workbench.domain.time_zones import UTC_ZONE

_MAX_NAME = 255
_UNKNOWN = (
    "is not in a known format; export the transcript as JSON, CSV, WebVTT, SRT or text with speakers, "
    "or see the list of formats in docs/import.md"
)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    Attributes:
        zone: of starts without an offset.
        mapping: what the keys of JSON files contain, if their maker is unknown.
        sides: of speakers, overriding the files.
    """

    zone: ZoneInfo = UTC_ZONE
    mapping: JsonMapping | None = None
    sides: Sides = field(default_factory=dict)


_DEFAULTS = ReadOptions()


@dataclass(frozen=True, slots=True)
class ReadItem:
    """What was read, the name of the file (or the item's place) and the line, counted from 1.

    ``repaired`` describes repairs; empty if there were none. For a file from another tool, ``format`` names it,
    ``left_out`` counts what was not read as speech, and ``notes`` are assumptions. ``path`` is that of the file.
    """

    name: str
    line: int | None
    found: Item | FormatProblem
    repaired: str = ""
    format: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    path: str = ""


def read_all(
    source: str | os.PathLike[str] | Conversation | Iterable[Any], prefix: str = "", options: ReadOptions = _DEFAULTS
) -> Iterator[ReadItem]:
    """Read a file, a folder with its subfolders, a Conversation, a dict, a DataFrame, or an iterable of all of these.

    ``prefix`` is put before the conversations' ids; ``options`` say how files are read.

    Raises:
        FileNotFoundError: ``source`` is a path that does not exist.
        InvalidArgument: ``source`` is a DataFrame without the columns that it needs, or ``prefix`` cannot begin an id.
    """
    if not isinstance(prefix, str) or not re.fullmatch(ID, prefix) or len(prefix) >= MAX_ID:
        raise InvalidArgument(
            f"prefix: must be text of fewer than {MAX_ID} characters, without control characters, not {shown(prefix)}"
        )
    for one in _read(source, options):
        yield _in_zone(_prefixed(one, prefix) if prefix else one, options.zone)


def _in_zone(one: ReadItem, zone: ZoneInfo) -> ReadItem:
    return replace(one, found=with_moment(one.found, zone)) if isinstance(one.found, Item) else one


def _prefixed(one: ReadItem, prefix: str) -> ReadItem:
    item = one.found
    if not isinstance(item, Item):
        return one
    name = f"{prefix}{item.conversation.id}"
    if len(name) > MAX_ID:
        reason = f"id: must have at most {MAX_ID:,} characters with its prefix; shorten the prefix"
        return ReadItem(one.name, one.line, FormatProblem(None, reason))
    written = replace(item.written or item.conversation, id=name)
    own = _item(written, replace(item.conversation, id=name), item.source or one.name, None)
    former_id = f"{prefix}{item.former_id}" if item.former_id else ""
    own = replace(own, named_by_file=item.named_by_file, former_id=former_id, set=item.set)
    return replace(one, found=own)


def _read(source: str | os.PathLike[str] | Conversation | Iterable[Any], options: ReadOptions) -> Iterator[ReadItem]:
    if isinstance(source, str | os.PathLike):
        path = absolute(source)
        if not path_exists(path):
            raise FileNotFoundError(f"{source}: no such file or folder")
        yield from _read_path(path, options)
    elif is_frame(source):
        yield from _read_frame(source)
    elif isinstance(source, Conversation | Mapping):
        yield _given("item 0", source)
    elif isinstance(source, list | tuple) and len(source) > 1 and all(_is_file(one) for one in source):
        yield from _read_files([absolute(one) for one in source], options, within_folder=False)
    else:
        yield from _read_items(iter(source), options)


def _is_file(one: Any) -> bool:
    """Return whether an item is the path of an existing file, not a folder."""
    try:
        return isinstance(one, str | os.PathLike) and absolute(one).is_file()
    except (OSError, ValueError, WorkbenchError):
        return False


def _read_items(items: Iterator[Any], options: ReadOptions) -> Iterator[ReadItem]:
    place = 0
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001, a source's own code may raise anything
            reason = f"the source stopped here ({_told(error)}); what it gave before is imported"
            yield ReadItem(f"item {place}", None, FormatProblem(None, reason))
            return
        if isinstance(item, str | os.PathLike):
            yield from _read_item(f"item {place}", item, options)
        elif is_frame(item):
            yield from _read_frame_item(f"item {place}", item)
        else:
            yield _given(f"item {place}", item)
        place += 1


def _read_item(name: str, path: str | os.PathLike[str], options: ReadOptions) -> Iterator[ReadItem]:
    try:
        found = absolute(path)
    except WorkbenchError as error:
        yield ReadItem(name, None, FormatProblem(None, str(error)))
        return
    yield from _read_path(found, options)


def _read_frame_item(name: str, frame: Any) -> Iterator[ReadItem]:
    try:
        yield from _read_frame(frame, f"{name}, ")
    except InvalidArgument as error:
        yield ReadItem(name, None, FormatProblem(None, str(error)))


def _read_frame(frame: Any, before: str = "") -> Iterator[ReadItem]:
    for row in rows_of_frame(frame):
        name = f"{before}row {row.label}"[:_MAX_NAME]
        if isinstance(row.read, str):
            yield ReadItem(name, None, FormatProblem(None, row.read))
        else:
            yield _read_given(name, row.read)


def _given(name: str, item: Any) -> ReadItem:
    try:
        read = read_given(item)
    except NeutralFormError as error:
        return ReadItem(name, None, FormatProblem(None, str(error)))
    former: tuple[str, ...] = ()
    if isinstance(item, Conversation):
        with suppress(Exception):  # values that no earlier version accepted
            former = (hash_of(item),)
    return _read_given(name, read, former)


def _read_given(name: str, read: ReadConversation, former: tuple[str, ...] = ()) -> ReadItem:
    item = _item(read.conversation, read.conversation, name, read.former)
    return ReadItem(name, None, replace(item, former=(*item.former, *former)), read.repaired)


def _read_path(path: Path, options: ReadOptions) -> Iterator[ReadItem]:
    name = name_of(path)
    try:
        if path.is_dir():
            yield from _read_folder(path, options)
        elif not path_exists(path):
            yield ReadItem(name, None, FormatProblem(None, f"{shown(str(path))}: no such file or folder"))
        elif not path.is_file():
            yield ReadItem(name, None, FormatProblem(None, "is not a regular file; give a file or a folder"))
        else:
            yield from _read_file(path, options)
    except OSError as error:
        yield ReadItem(name, None, _unreadable(error))


def _read_folder(folder: Path, options: ReadOptions) -> Iterator[ReadItem]:
    if is_workspace(folder):
        yield ReadItem(name_of(folder), None, FormatProblem(None, IS_WORKSPACE))
        return
    failed: list[OSError] = []
    files = [file for file in files_in(folder, failed.append) if not passed_over(file)]
    for error in failed:
        yield ReadItem(name_of(Path(error.filename or folder)), None, _unreadable(error))
    yield from _read_files(files, options, within_folder=True)


def _read_files(files: list[Path], options: ReadOptions, within_folder: bool) -> Iterator[ReadItem]:
    """Read files in their order; those of one folder that belong together are joined."""
    apart = told_apart(files)
    folders: dict[Path, list[Path]] = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file)
    plans: dict[Path, dict[Path, JoinedFile]] = {}
    for file in files:
        if file.parent not in plans:
            plans = {file.parent: {} if options.mapping else _joined(folders[file.parent])}
        if within_folder and not file.is_file():
            continue
        together = plans[file.parent].get(file)
        read = _read_together(file, together, options) if together else _read_file(file, options, within_folder)
        yield from (replace(one, name=_shown_name(apart[file])) for one in read) if file in apart else read


def _joined(files: list[Path]) -> dict[Path, JoinedFile]:
    found = joined([(file.name, _opens(file)) for file in files if file.is_file()])
    known = [file for file in files if file.is_file()]
    return {known[place]: one for place, one in found.items()}


def _opens(file: Path) -> Callable[[], Opened]:
    return lambda: Opened(file)


def _read_together(file: Path, together: JoinedFile, options: ReadOptions) -> Iterator[ReadItem]:
    name = name_of(file)
    try:
        for found in read_joined(together, file):
            yield _found(name, found, file, options)
    except OSError as error:
        yield ReadItem(name, None, _unreadable(error))
    except Exception as error:  # noqa: BLE001, as in _read_file
        yield ReadItem(name, None, FormatProblem(None, f"cannot be read any further: {_told(error)}"))


def _read_file(path: Path, options: ReadOptions, within_folder: bool = False) -> Iterator[ReadItem]:
    name = name_of(path)
    try:
        form = format_of(path, options.mapping)
        if form is None:
            if not (within_folder and passed_over_if_unknown(path)):
                yield ReadItem(name, None, FormatProblem(None, _UNKNOWN))
            return
        for found in form.read(path):
            yield _found(name, found, path, options)
    except OSError as error:
        yield ReadItem(name, None, _unreadable(error))
    except UnreadableFile as error:
        if not (within_folder and passed_over_if_unknown(path)):
            yield ReadItem(name, error.line, FormatProblem(error.line, error.reason))
    except Exception as error:  # noqa: BLE001, files may contain anything; the others are read
        yield ReadItem(name, None, FormatProblem(None, f"cannot be read any further: {_told(error)}"))


def _found(name: str, found: FoundConversation | FormatProblem, path: Path, options: ReadOptions) -> ReadItem:
    if isinstance(found, FormatProblem):
        return ReadItem(name, found.line, found)
    item = _item_of_file(found, path)
    if sides := sides_in(options.sides, path):
        item = with_given_sides(item, sides)
    return ReadItem(name, found.line, item, found.repaired, found.format, found.left_out, found.notes, path.as_posix())


def _item_of_file(found: FoundConversation, path: Path) -> Item:
    """Make an item whose content does not depend on where the file is; its recording's path becomes absolute."""
    written = found.conversation
    media = written.media
    if media is not None and "://" not in media:
        media = _followed(path.parent / media)
    item = _item(written, replace(written, media=media), name_of(path), found.former)
    return replace(item, named_by_file=found.named_by_file, former_id=found.former_id)


def _item(written: Conversation, kept: Conversation, source: str, earlier: Conversation | None) -> Item:
    """Make an item with its further fields as stored; earlier versions stored, and hashed, them as given."""
    written, earlier = _as_utc(written), earlier and _as_utc(earlier)
    fields = canonical_fields(written.fields)
    own = hash_of(replace(written, fields=fields))
    former = tuple(hash_of(one) for one in (written if written.fields else None, earlier) if one is not None)
    return Item(replace(kept, fields=fields), own, source, written=written, former=former)


def _as_utc(given: Conversation) -> Conversation:
    """Return it as it is hashed: with a start in UTC, which is how earlier versions read one without an offset."""
    local = given.started is not None and given.started.tzinfo is None
    return replace(given, started=given.started.replace(tzinfo=UTC)) if local and given.started else given


def _followed(path: Path) -> str:
    try:
        return whole(str(path.resolve()))
    except (OSError, RuntimeError):  # circular links, or a name that is too long
        return whole(os.path.abspath(path))


def _unreadable(error: OSError) -> FormatProblem:
    return FormatProblem(None, f"cannot be read: {error.strerror or error}")


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {shown(str(error))}" if str(error) else type(error).__name__


def name_of(path: Path) -> str:
    """Return a file's name as it can be shown and stored: file systems allow invalid text."""
    return _shown_name(path.name) or str(path)


def _shown_name(name: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)[-_MAX_NAME:]
