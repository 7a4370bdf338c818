"""Unpaired surrogates in JSON escapes, which UTF-8 text cannot represent."""

from __future__ import annotations

import re

# Only escapes of surrogates match, so that a text full of other escapes takes no time; an even number of backslashes
# before one are themselves escaped.
_ESCAPE = re.compile(
    rb"(?<!\\)(?P<before>(?:\\\\)*+)\\u"
    rb"(?:(?P<pair>[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2}))"
)


def mended(line: bytes) -> bytes:
    r"""Replace each lone surrogate (``\ud83d`` without its partner) of a JSON text by ``\ufffd``.

    One broken emoji is not a reason to refuse a call.
    """
    if b"\\ud" not in line and b"\\uD" not in line:
        return line
    return _ESCAPE.sub(lambda match: match["before"] + rb"\ufffd" if match["half"] else match[0], line)
