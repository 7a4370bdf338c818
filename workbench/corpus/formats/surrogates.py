"""Broken halves of characters in JSON escapes, which no UTF-8 text can hold."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    rb"\\(?:u(?P<pair>[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|u(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def mended(line: bytes) -> bytes:
    r"""The JSON text with each lone surrogate (``\ud83d`` without its partner) made ``\ufffd``.

    One broken smiley is no reason to refuse a call.
    """
    if b"\\ud" not in line and b"\\uD" not in line:
        return line
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["half"] else match[0], line)
