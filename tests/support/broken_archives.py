"""Broken zip archives, such as documents and workbooks, and compressed files that unpack to far more than they are."""

from __future__ import annotations

import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache

ARCHIVE = b"PK\x03\x04"
_REPEATED = re.compile(rb"<row\b.*?</row>|<w:p[ >].*?</w:p>", re.S)
MEGABYTE = 1_000_000


def one_part_changed(data: bytes, rng: random.Random, change: Callable[[bytes, random.Random], bytes]) -> bytes:
    """Change one of the parts that hold the content, or any; the archive itself is whole."""
    parts = _parts(data)
    content = [name for name in parts if re.search(r"document\.xml$|sheet\d*\.xml$|sharedStrings", name)]
    name = rng.choice(content if content and rng.random() < 0.8 else list(parts))
    return _archive(parts | {name: change(parts[name], rng)})


def part_missing_of_archive(data: bytes, rng: random.Random) -> bytes:
    parts = _parts(data)
    del parts[rng.choice(list(parts))]
    return _archive(parts)


def rows_multiplied(data: bytes, rng: random.Random) -> bytes:
    """Repeat a row or a paragraph up to 20 MB: real content, which deflate makes small."""
    most = rng.choice((MEGABYTE, 20 * MEGABYTE))

    def grown(part: bytes, _: random.Random) -> bytes:
        found = list(_REPEATED.finditer(part))
        if not found:
            return part
        one = rng.choice(found)
        return part[: one.end()] + one[0] * (most // len(one[0])) + part[one.end() :]

    return one_part_changed(data, rng, grown)


def within_archive(data: bytes, rng: random.Random) -> bytes:
    """Put the file into an archive: many times, deep down, or under names that lead elsewhere."""
    name = rng.choice(("file", "../../etc/x", "/tmp/x", "a/b/c", "C:\\x", "\x01", "x" * 5_000))
    if rng.random() < 0.5:
        return _archive({f"{name[:100]}{n}": data[:2_000] for n in range(rng.choice((1, 20, 12_000)))})
    for _ in range(rng.choice((1, 30))):
        data = _archive({f"{name}.zip": data})
    return data


def in_bomb(data: bytes, rng: random.Random) -> bytes:
    """Compress the file with much after it, as gzip, or as an archive of which one part is much."""
    size = rng.choice((9, 150, 1_200))  # MB
    sign = rng.choice((b"\0", b" ", b"\n", b"x", b"["))
    if rng.random() < 0.5:
        return gzip.compress(data, 1) + _much(sign, size)  # members of gzip follow each other
    return _with_much(data, size)


OF_ARCHIVES = (part_missing_of_archive, rows_multiplied, within_archive)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_much(data: bytes, size: int) -> bytes:
    parts = _parts(data) if data.startswith(ARCHIVE) else {"call.json": data}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for place, (name, part) in enumerate(parts.items()):
            with archive.open(name, "w") as file:
                file.write(part)
                for _ in range(size if place == len(parts) - 1 else 0):
                    file.write(b" " * MEGABYTE)
    return out.getvalue()


@cache
def _much(sign: bytes, size: int) -> bytes:
    return gzip.compress(sign * MEGABYTE, 9) * size
