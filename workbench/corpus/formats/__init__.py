"""The file formats that can be imported: one module per family of formats, recognised by content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from workbench.corpus.formats.assemble import assembled
from workbench.corpus.formats.base import Format, FormatProblem, FoundConversation
from workbench.corpus.formats.installed import installed_formats
from workbench.corpus.formats.joining import JoinedFile, Open, joined
from workbench.corpus.formats.json_files import Json, JsonLines
from workbench.corpus.formats.lines import NumberedLine
from workbench.corpus.formats.makers.json_mapping import JsonMapping, mapping_of
from workbench.corpus.formats.neutral import Neutral, read_lines
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.recognition import (
    conversations_of,
    passed_over,
    passed_over_if_unknown,
    recognised,
)
from workbench.corpus.formats.registered import BY_FIRST_BYTES, BY_FIRST_LINES, BY_LINES
from workbench.corpus.formats.tables.mapped import MappedTable
from workbench.corpus.formats.zipped import Zip

__all__ = [
    "FORMATS",
    "Format",
    "FormatProblem",
    "FoundConversation",
    "JoinedFile",
    "JsonMapping",
    "Opened",
    "Reader",
    "UnreadableFile",
    "format_of",
    "joined",
    "mapping_of",
    "passed_over",
    "passed_over_if_unknown",
    "read_joined",
]


class FormatReader(Protocol):
    """Reads the conversations of one file of a known format."""

    @property
    def name(self) -> str: ...

    def read(self, path: Path) -> Iterator[FoundConversation | FormatProblem]: ...


class RecognisedFile:
    """A file whose format was detected from its content."""

    def __init__(self, form: Format, file: Opened):
        self.name = form.name
        self._form, self._file = form, file

    def read(self, path: Path) -> Iterator[FoundConversation | FormatProblem]:
        """Yield the conversations of the file; ``path`` is where it was opened."""
        del path
        return conversations_of(self._form, self._file)


def format_of(path: Path, mapping: JsonMapping | None = None) -> FormatReader | None:
    """Return the reader of this file, by its content; None if no format matches.

    Args:
        path: the file.
        mapping: what the keys of a JSON file, or the columns of a table, contain, if its maker is unknown.

    Raises:
        UnreadableFile: the file is damaged, or too large to be read whole.
        OSError: it cannot be read.
    """
    if not mapping and path.name.lower().endswith(Neutral.suffixes) and not _foreign_lines(path):
        return Neutral()
    file = Opened(path)
    mapped = (Json(mapping), JsonLines(mapping), MappedTable(mapping)) if mapping else ()
    form = recognised(file, _formats(mapped))
    return RecognisedFile(form, file) if form else None


def _formats(mapped: tuple[Format, ...] = ()) -> tuple[Format, ...]:
    """Return the formats in the order in which they are tried: those of other packages, mapped ones, our own."""
    return (*installed_formats(), *mapped, *FORMATS)


def read_parts(files: list[tuple[str, Open]]) -> Iterator[tuple[str, FoundConversation | FormatProblem]]:
    """Read files in memory, such as an archive's, by their names and functions that open them."""
    folders: dict[str, list[int]] = {}
    for place, (name, _) in enumerate(files):
        folders.setdefault(name.replace("\\", "/").rpartition("/")[0], []).append(place)
    for places in folders.values():
        listed = [(files[place][0].replace("\\", "/").rpartition("/")[2], files[place][1]) for place in places]
        together = joined(listed)
        for at, (name, file) in enumerate(listed):
            for found in _read_part(name, file, together.get(at)):
                yield files[places[at]][0], found


def _read_part(name: str, file: Open, together: JoinedFile | None) -> Iterator[FoundConversation | FormatProblem]:
    if together:
        yield from read_joined(together, Path(name))
        return
    try:
        part = file()
        if part.name.lower().endswith(".jsonl") and not JsonLines().recognises(part):
            yield from read_lines(NumberedLine(at, line.encode()) for at, line in enumerate(part.lines, start=1))
            return
        form = recognised(part, _formats())
    except UnreadableFile as error:
        yield FormatProblem(error.line, error.reason)
        return
    if form and not isinstance(form, Zip):
        yield from conversations_of(form, part)
    elif not passed_over_if_unknown(Path(name)):
        yield FormatProblem(None, "is not in a known format")


def read_joined(together: JoinedFile, path: Path) -> Iterator[FoundConversation | FormatProblem]:
    """Yield the conversations that are read in place of a file; none if it is read together with another."""
    if together.drafts is None:
        return
    try:
        for place, draft in enumerate(together.drafts(), start=1):
            stem = Opened(path).stem
            yield assembled(draft, stem if place == 1 else f"{stem} {place}", together.maker)
    except UnreadableFile as error:
        yield FormatProblem(error.line, error.reason)


def _foreign_lines(path: Path) -> bool:
    """Return whether JSON Lines come from another tool; if that is unclear they count as ours, with our reports."""
    try:
        return JsonLines().recognises(Opened(path))
    except (OSError, UnreadableFile):
        return False


# Tried in this order: by bytes, then by first lines, then by shares of lines.
FORMATS: tuple[Format, ...] = (*BY_FIRST_BYTES, Zip(read_parts), Json(), JsonLines(), *BY_FIRST_LINES, *BY_LINES)
