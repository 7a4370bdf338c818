"""Decodes a file's bytes, in whatever encoding they were written."""

from __future__ import annotations

import codecs
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, which begins with the same mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 64_000  # bytes examined to find an encoding
_USUAL = "€…†‘’“”•–—™ ¡¢£©«°±·»½¿äöüÄÖÜßéèêëàâáãåæçíìîïñóòôõøœúùûýÿÉÈÊËÀÂÁÃÅÆÇÍÌÎÏÑÓÒÔÕØŒÚÙÛÝ"
_ODD = frozenset(range(128, 256)) - frozenset(_USUAL.encode("cp1252"))  # bytes that hardly occur in Western texts
_MOSTLY = 0.4  # the share of zero bytes at every second place that only UTF-16 has


class Decoded(NamedTuple):
    """A text, and how it was decoded if it is not UTF-8; empty if it is."""

    text: str
    note: str


def decoded(data: bytes) -> Decoded:
    """Decode by byte-order mark, as UTF-16 without one, as UTF-8, or else by the most probable encoding.

    Never raises: bytes that fit nothing become U+FFFD.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _by(data[len(mark) :], encoding, "" if encoding == "utf-8" else f"read as {encoding}")
    if encoding := _without_mark(data[:_SAMPLE]):
        return _by(data, encoding, f"read as {encoding}, without a byte-order mark")
    try:
        return Decoded(data.decode("utf-8"), "")
    except UnicodeDecodeError:
        pass
    if data.lstrip()[:1] in (b"{", b"["):
        return _by(data, "utf-8", "not all of it is UTF-8; what is not became U+FFFD")
    encoding = _probable(data)
    return _by(data, encoding, f"read as {encoding}; it is not UTF-8")


def _by(data: bytes, encoding: str, note: str) -> Decoded:
    return Decoded(data.decode(encoding, "replace"), note)


def _without_mark(sample: bytes) -> str:
    """Return UTF-16's byte order if nearly every second byte is 0."""
    half = len(sample) // 2
    if half < 2 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > _MOSTLY * half and even < odd / 10:
        return "utf-16-le"
    return "utf-16-be" if even > _MOSTLY * half and odd < even / 10 else ""


def _probable(data: bytes) -> str:
    """Return Windows-1252 if its result looks like writing, else what charset-normalizer finds.

    A few accents in a short text are too few for statistics, and Windows-1252 is by far the most frequent.
    """
    signs = {one for one in data[: _SAMPLE * 10] if one > 127}
    if signs and not signs & _ODD:
        return "cp1252"
    from charset_normalizer import from_bytes

    start = next((at for at, one in enumerate(data) if one > 127), 0)
    found = from_bytes(data[max(0, start - 1_000) : start + _SAMPLE]).best()
    encoding = found.encoding if found else ""
    return encoding if encoding and encoding not in ("ascii", "utf_8") else "cp1252"
