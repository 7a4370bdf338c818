"""Mailboxes (.mbox), split by our own rule.

Python's ``mailbox`` starts a new message at every line that begins with "From " (python/cpython#93376).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from workbench.corpus.formats.assemble import told_counts
from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.mail.messages import draft_of
from workbench.corpus.formats.opened import Opened

MAX_MBOX_MESSAGE = 50_000_000
"""The most bytes of one message; a longer one is cut, and with it attachments at its end."""

_FROM = re.compile(
    rb"From (?:\S+|\"[^\"\n]{1,200}\"|.{1,80}?) +(?:[A-Z][a-z]{2},? +)?"
    rb"(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}.{0,6}) .{0,30}?"
    rb"\d{1,2}:\d\d.{0,40}"
)
_HEAD = re.compile(rb"[!-9;-~]{1,80}:|>From ")
_ESCAPED = re.compile(rb">+From ")
_LONGEST_LINE = 1_000_000


class _Piece(NamedTuple):
    line: int
    data: bytes
    was_cut: bool


class Mbox:
    """Read mailboxes, including those from Google Takeout; message by message, however large they are."""

    name = "mailbox (MBOX)"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first line is a separator, and a header follows."""
        lines = file.head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 2)
        return len(lines) > 1 and bool(_FROM.match(lines[0])) and bool(_HEAD.match(lines[1]))

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the messages; automatic ones are counted at the end."""
        left_out: Counter[str] = Counter()
        for piece in _messages(file):
            found = draft_of(piece.data, piece.line)
            if isinstance(found, FormatProblem):
                kind = found.reason.partition("was left out: ")[2].removeprefix("an ").removeprefix("a ")
                if kind:
                    left_out[kind] += 1
                elif found.reason.startswith("has no text"):
                    left_out["message without text of its own"] += 1
                else:
                    yield found
                continue
            if piece.was_cut:
                found.notes.append(f"is longer than {MAX_MBOX_MESSAGE // 1_000_000} MB, and was cut")
            yield found
        if left_out:
            yield FormatProblem(None, f"{told_counts(left_out)} left out")


def _messages(file: Opened) -> Iterator[_Piece]:
    """Yield the bytes of each message, with the line of its first header."""
    if file.path.is_file() and not _is_compressed(file):
        with file.path.open("rb") as source:
            yield from _pieces(source)
    else:
        yield from _pieces(io.BytesIO(file.data))


def _pieces(source: BinaryIO) -> Iterator[_Piece]:
    out = bytearray()
    first = number = 0
    blank = True
    pending: bytes | None = None  # a separator, if a header follows
    while line := source.readline(_LONGEST_LINE):
        number += 1
        if pending is not None:
            if _HEAD.match(line):
                if out.strip():
                    yield _Piece(first, bytes(out[:MAX_MBOX_MESSAGE]), len(out) > MAX_MBOX_MESSAGE)
                out, first = bytearray(), number
            else:
                out += pending
            pending = None
        if blank and _FROM.match(line):
            pending, blank = line, False
            continue
        blank = not line.strip()
        if len(out) <= MAX_MBOX_MESSAGE:
            out += line[1:] if line.startswith(b">") and _ESCAPED.match(line) else line
    if pending is not None:
        out += pending
    if out.strip():
        yield _Piece(first, bytes(out[:MAX_MBOX_MESSAGE]), len(out) > MAX_MBOX_MESSAGE)


def _is_compressed(file: Opened) -> bool:
    with file.path.open("rb") as source:
        return source.read(2) == b"\x1f\x8b"
