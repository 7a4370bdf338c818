"""A file's lines, plain or compressed; a line that is too long is never loaded whole."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from workbench.corpus.formats import bounds

MAX_RATIO = 200
"""How many bytes one compressed byte may expand to; in transcripts it is 5 to 30."""

MIN_CHECKED = 3_000_000
"""Bytes that are read before the ratio counts: a small file of equal lines is harmless."""

_CHUNK = 1_000_000


class NumberedLine(NamedTuple):
    """A line, counted from 1, with its end; ``text`` is None if it is longer than ``bounds.MAX_LINE``."""

    number: int
    text: bytes | None


class Bomb(ValueError):
    """A compressed file expands too far to contain conversations; the message says what to do."""


def lines_of(path: Path) -> Iterator[NumberedLine]:
    """Yield the lines one after the other.

    Raises:
        Bomb: a compressed file expands to more than ``MAX_RATIO`` times its size.
        OSError: the file cannot be read; for a damaged compressed file also ``EOFError`` and ``zlib.error``.
    """
    with path.open("rb") as raw:
        compressed = path.name.lower().endswith(".gz")
        file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if compressed else raw
        number = read = 0
        while text := file.readline(bounds.MAX_LINE + 1):
            number += 1
            read += len(text)
            _check(compressed, read, raw)
            if len(text) <= bounds.MAX_LINE:
                yield NumberedLine(number, text)
                continue
            while not text.endswith(b"\n") and (text := file.readline(_CHUNK)):
                read += len(text)
                _check(compressed, read, raw)
            yield NumberedLine(number, None)


def _check(compressed: bool, read: int, raw: BinaryIO) -> None:
    if compressed and read > MIN_CHECKED and read > MAX_RATIO * raw.tell():
        raise Bomb(f"gives more than {MAX_RATIO} times its size; compress it again, or import it uncompressed")
