"""Zip archives from elsewhere, such as documents and workbooks: their unpacked size is checked before they are read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from workbench.corpus.formats.opened import UnreadableFile

MAX_ARCHIVE_PARTS = 10_000
_MAX_ARCHIVE_RATIO = 100  # deflate compresses to 1/1,032 at most; documents and sheets to between 1/5 and 1/50
_MIN_ARCHIVE_CHECKED = 5_000_000
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, zlib.error, struct.error, IndexError)


def check_archive(data: bytes, max_bytes: int) -> None:
    """Check the sizes that an archive states for its parts; unpacking stops there.

    Raises:
        UnreadableFile: it is damaged, encrypted, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except _DAMAGED:
        raise UnreadableFile("is a damaged archive; save it again") from None
    size = sum(part.file_size for part in parts)
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("is encrypted; save it without a password")
    if (
        len(parts) > MAX_ARCHIVE_PARTS
        or size > max_bytes
        or (size > _MIN_ARCHIVE_CHECKED and size > _MAX_ARCHIVE_RATIO * max(len(data), 1))
    ):
        raise UnreadableFile(f"unpacks to {size / 1e6:,.0f} MB in {len(parts):,} parts, more than any such file needs")


def part_of(data: bytes, name: str, max_bytes: int) -> bytes:
    """Return one part of an archive, unpacked.

    Raises:
        UnreadableFile: there is none, or it is damaged or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as part:
            read = part.read(max_bytes + 1)
    except (*_DAMAGED, KeyError, RuntimeError, OSError) as error:
        raise UnreadableFile(f"is a damaged archive ({type(error).__name__}: {name}); save it again") from None
    if len(read) > max_bytes:
        raise UnreadableFile(f"unpacks to more than {max_bytes / 1e6:,.0f} MB, more than any such file needs")
    return read


def has_part(data: bytes, name: str) -> bool:
    """Return whether the bytes are an archive with a part of this name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return name in archive.namelist()
    except _DAMAGED:
        return False
