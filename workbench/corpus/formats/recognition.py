"""Detects a file's format by its content; its suffix only decides what is skipped in a folder."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.corpus.formats.assemble import assembled
from workbench.corpus.formats.base import Format, FormatProblem, FoundConversation
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.names_in_files import meeting_folder, started_in_name
from workbench.corpus.formats.opened import Opened, UnreadableFile

_PASSED_OVER = frozenset(
    (
        ".rst",
        ".py",
        ".ipynb",
        ".html",
        ".htm",
        ".css",
        ".js",
        ".pdf",
        ".toml",
        ".yaml",
        ".yml",
        ".ini",
        ".conf",
        ".zoom",
    )
)
_PASSED_OVER_IF_UNKNOWN = frozenset(("", ".md", ".txt"))
_OTHER_TYPES = frozenset({"audio", "video", "image", "font"})
_READ = frozenset((".ass",))  # their type says audio, but the suffix is more often used for subtitles


def passed_over(path: Path) -> bool:
    """Return whether a file in a folder is skipped unread: recordings, pictures, programs, hidden files."""
    if path.name.startswith(".") or path.suffix.lower() in _PASSED_OVER:
        return True
    if path.suffix.lower() in _READ:
        return False
    kind = mimetypes.guess_type(path.name)[0] or ""
    return kind.split("/")[0] in _OTHER_TYPES


def passed_over_if_unknown(path: Path) -> bool:
    """Return whether a file in a folder is skipped if no format recognises its content: notes and the like."""
    return path.suffix.lower() in _PASSED_OVER_IF_UNKNOWN


def recognised(file: Opened, formats: Sequence[Format]) -> Format | None:
    """Return the first format that recognises the file's content; None if none does.

    Raises:
        UnreadableFile: the file is damaged, or too large to be read whole.
        OSError: it cannot be read.
    """
    return next((form for form in formats if form.recognises(file)), None)


def conversations_of(form: Format, file: Opened) -> Iterator[FoundConversation | FormatProblem]:
    """Read a file in its format, by the rules of :func:`~workbench.corpus.formats.assemble.assembled`.

    A file without any conversation is a problem, too. Conversations without an id of their own get the file's name, the
    second and further ones with a number. In a folder made by Zoom, where files have the same names for every meeting,
    the folder's name comes first.
    """
    place = 0
    meeting = meeting_folder(file.folder)
    before = f"{meeting.name}/" if meeting and not started_in_name(file.name) else ""
    try:
        for found in form.read(file):
            place += 1
            if isinstance(found, Draft):
                if file.encoding_note:
                    found.notes.append(file.encoding_note)
                if meeting:
                    meeting.tell(found)
                stem = file.stem if place == 1 else f"{file.stem} {place}"
                yield assembled(found, f"{before}{stem}", form.name, stem if before else "")
            else:
                yield found
    except UnreadableFile as error:
        place += 1
        yield FormatProblem(error.line, error.reason)
    if not place:
        yield FormatProblem(None, f"is empty: it contains no conversations, though it looks like {form.name}")
