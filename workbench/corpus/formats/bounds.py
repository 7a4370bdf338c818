"""Size limits of a conversation: a larger one is reported by name, and never causes work that it could multiply."""

from __future__ import annotations

import numpy as np

from workbench.domain.errors import WorkbenchError

MAX_LINE = 20_000_000
"""The most bytes of one conversation as JSON."""

MAX_NODES = 1_000_000
"""The most brackets and commas outside the texts of a conversation: a value takes many times its length in memory."""

MAX_DEPTH = 100
MAX_TURNS = 50_000
MAX_PARTIES = 10_000
MAX_FIELDS = 1_000
MAX_LABELS = 100
"""The most different labels of one turn."""

MAX_SPANS = 10_000
"""The most spans of one turn."""

MAX_TURN = 1_000_000
"""The most characters of one turn."""

MAX_CHARACTERS = 5_000_000
"""The most characters of all turns of a conversation."""

MAX_SENTENCES = 100_000
"""The most sentences of a conversation."""

MAX_ID = 500
MAX_NAME = 2_000
MAX_PATH = 4_096
MAX_VALUE = 100_000
"""The most characters of a further field's text."""

MAX_BITS = 2_000
"""The most bits of a whole number given from Python, whose text is checked afterwards."""

MAX_SECONDS = 1e8
MAX_AMOUNT = 1e18
FIRST_YEAR, LAST_YEAR = 1900, 2199

PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""Matches a text without control characters other than tabs and line breaks."""

ID = r"^[^\x00-\x1f\x7f-\x9f]*$"

_NODES = np.zeros(256, bool)
_NODES[list(b"[{,")] = True
_SMALL = 100_000  # bytes: too few to contain much


class TooLarge(WorkbenchError):
    """A conversation exceeds one of these limits; the message says which, and what to do."""


def check_size(line: bytes) -> None:
    """Raise ``TooLarge`` if a JSON text is too long, or has too many values, to be read."""
    if len(line) > MAX_LINE:
        raise TooLarge(f"is longer than {MAX_LINE:,} bytes; split the conversation into several")
    if len(line) > _SMALL and count_values(line, MAX_NODES) > MAX_NODES:
        raise TooLarge(f"contains more than {MAX_NODES:,} values; split the conversation into several")


def count_values(line: bytes, few: int = 0) -> int:
    """Count brackets and commas outside texts; without a list of the texts, which would take gigabytes.

    Those in texts are counted, too, if there are at most ``few`` even with them: that is much faster.
    """
    if (at_most := sum(map(line.count, (b"[", b"{", b",")))) <= few:
        return at_most
    signs = np.frombuffer(line.replace(rb"\\", b"").replace(rb"\"", b""), np.uint8)
    within = np.bitwise_xor.accumulate((signs == ord('"')).view(np.uint8))
    return int(np.count_nonzero(_NODES[signs] & (within == 0)))
