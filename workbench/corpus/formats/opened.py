"""A file whose format is being detected: each view of it is made once, when needed, and is limited in size."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable
from functools import cached_property
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import Any

from workbench.corpus.formats.bounds import MAX_LINE, count_values
from workbench.corpus.formats.decoding import Decoded, decoded
from workbench.corpus.formats.garbage import garbage_left
from workbench.corpus.formats.lines import MAX_RATIO, MIN_CHECKED

MAX_FILE = 100_000_000
"""The most bytes of a file that is read whole; a larger one has to be split."""

MAX_OPENED_VALUES = 5_000_000
"""The most values of a JSON file: each takes many times its length in memory."""

_HEAD = 64_000
_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_CHUNK = 1_000_000


class UnreadableFile(ValueError):
    """A file cannot be read; the message says why, and what to do."""

    def __init__(self, reason: str, line: int | None = None):
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Opened:
    """The bytes, text, lines and JSON of one file, compressed or not.

    Attributes:
        path: of the file; for a file within an archive, a path that does not exist.
        name: of the file, without ``.gz``.
        folder: the name of the folder that contains it.
        siblings: finds further files of the folder by name, if a folder is being read; else finds nothing.
    """

    def __init__(
        self,
        path: Path,
        data: bytes | None = None,
        siblings: Callable[[], list[Opened]] = list,
        folder: str | None = None,
    ):
        self.path = path
        self.folder = path.parent.name if folder is None else folder
        self.name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
        self.siblings = siblings
        self._given = data
        self._failed: UnreadableFile | None = None

    @property
    def stem(self) -> str:
        """The file's name without its last suffix."""
        return Path(self.name).stem

    @property
    def suffix(self) -> str:
        """Return the last suffix of the name, in lower case."""
        return Path(self.name).suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """Return the first 64 kB, decompressed; empty if the file cannot be read."""
        if "data" in self.__dict__:
            return self.data[:_HEAD]
        try:
            return self._first(_HEAD)
        except (EOFError, BadGzipFile, zlib.error):
            return b""

    @cached_property
    def data(self) -> bytes:
        """Return all bytes, decompressed.

        Raises:
            UnreadableFile: it is too large, or its compression is damaged.
            OSError: the file cannot be read.
        """
        try:
            read = self._first(MAX_FILE + 1)
        except (EOFError, BadGzipFile, zlib.error) as error:
            raise UnreadableFile(f"the compressed file is damaged or cut off ({error}); copy it again") from None
        if len(read) > MAX_FILE:
            raise UnreadableFile(
                f"is larger than {MAX_FILE // 1_000_000} MB; split it into files of fewer conversations"
            )
        return read

    @cached_property
    def first_line(self) -> bytes:
        """Return the first non-blank line; empty if it is longer than the limit.

        Raises as ``head``.
        """
        for most in (_HEAD, MAX_LINE):
            read = self.head if most == _HEAD else self._first(most)
            lines = read.removeprefix(_BOM).lstrip().split(b"\n", 1)
            if len(lines) == 2 or len(read) < most:
                return lines[0].strip()
        return b""

    @cached_property
    def _decoded(self) -> Decoded:
        return decoded(self.data)

    @cached_property
    def text(self) -> str:
        """Return the decoded text, with LF line endings. Raises as ``data``."""
        return self._decoded.text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def encoding_note(self) -> str:
        """Return a note such as "read as cp1252; it is not UTF-8"; empty if it is, or before the text was decoded."""
        return self._decoded.note if "_decoded" in self.__dict__ else ""

    @cached_property
    def lines(self) -> list[str]:
        """Return the text's lines, without their ends. Raises as ``data``."""
        return self.text.split("\n")

    @property
    def json(self) -> Any:
        """Return the parsed JSON, with None for NaN and infinity.

        Raises:
            UnreadableFile: it is not JSON, with the line, or it is too large or nested too deeply.
            OSError: the file cannot be read.
        """
        if self._failed:
            raise self._failed
        try:
            return self._parsed
        except UnreadableFile as error:
            self._failed = error
            raise

    @cached_property
    def _parsed(self) -> Any:
        if len(self.data) > _CHUNK and count_values(self.data, MAX_OPENED_VALUES) > MAX_OPENED_VALUES:
            raise UnreadableFile(f"contains more than {MAX_OPENED_VALUES:,} values; split it into several files")
        return parsed(self._decoded.text)

    def _first(self, most: int) -> bytes:
        """Read up to ``most`` bytes, decompressed."""
        if self._given is not None:
            raw: io.BufferedIOBase = io.BytesIO(self._given)
            return self._read(raw, most)
        with self.path.open("rb") as file:
            return self._read(file, most)

    def _read(self, raw: io.BufferedIOBase, most: int) -> bytes:
        compressed = raw.read(2) == _GZIP
        raw.seek(0)
        if not compressed:
            return raw.read(most)
        out = bytearray()
        with GzipFile(fileobj=raw) as file:
            while len(out) < most and (read := file.read(min(_CHUNK, most - len(out)))):
                out += read
                if len(out) > MIN_CHECKED and len(out) > MAX_RATIO * raw.tell():
                    raise UnreadableFile(f"gives more than {MAX_RATIO} times its size; import it uncompressed")
        return bytes(out)


def parsed(text: str) -> Any:
    """Parse a JSON text, with None for NaN and infinity.

    Raises:
        UnreadableFile: the text is not valid JSON; names the line.
    """
    try:
        with garbage_left():
            return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"is not JSON: {error.msg} at column {error.colno}; export it again", error.lineno
        ) from None
    except RecursionError:
        raise UnreadableFile("is nested too deeply to be a transcript") from None
    except ValueError as error:  # such as whole numbers of thousands of digits
        raise UnreadableFile(f"is not JSON: {error}") from None
