"""Neutral JSON Lines: one conversation per line, plain or gzip (format/conversation.schema.json)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.corpus.formats.base import FormatProblem, FoundConversation
from workbench.corpus.formats.bounds import MAX_LINE
from workbench.corpus.formats.lines import Bomb, NumberedLine, lines_of
from workbench.corpus.formats.neutral_model import NeutralFormError, read_json

_BOM = b"\xef\xbb\xbf"
_DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)


class Neutral:
    """Read ``.jsonl`` and ``.jsonl.gz``; a bad line is reported and the next one read."""

    name = "workbench JSON Lines"
    suffixes = (".jsonl", ".jsonl.gz")

    def read(self, path: Path) -> Iterator[FoundConversation | FormatProblem]:
        """Yield each line's conversation, or its error."""
        yield from read_lines(lines_of(path))


def read_lines(lines: Iterable[NumberedLine]) -> Iterator[FoundConversation | FormatProblem]:
    """Yield each line's conversation, or its error; a damaged file is reported where it breaks off."""
    number = found = 0
    try:
        for number, line in lines:
            text = line.removeprefix(_BOM) if line and number == 1 else line
            if text is None or text.strip():
                found += 1
                yield _read_line(number, text)
    except _DAMAGED as error:
        yield FormatProblem(number + 1, f"the compressed file is damaged or cut off ({error}); copy it again")
        return
    except Bomb as error:
        yield FormatProblem(number + 1, str(error))
        return
    if not found:
        yield FormatProblem(None, "the file is empty: it contains no conversations")


def _read_line(number: int, line: bytes | None) -> FoundConversation | FormatProblem:
    if line is None:
        return FormatProblem(number, f"is longer than {MAX_LINE:,} bytes; split the conversation into several")
    try:
        line.decode("utf-8")
        read = read_json(line)
        return FoundConversation(number, read.conversation, read.repaired, read.former)
    except UnicodeDecodeError as error:
        return FormatProblem(number, f"is not UTF-8 at byte {error.start}; save the file as UTF-8")
    except NeutralFormError as error:
        return FormatProblem(number, str(error))
