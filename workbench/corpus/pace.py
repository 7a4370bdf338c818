"""Speaking rates: if a file's is implausible, the unit of its times is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection

from workbench.corpus.formats.draft import WRITTEN
from workbench.domain.conversations import Conversation, Kind
from workbench.domain.words import UNSPACED

_SLOWEST, _FASTEST = 0.02, 12.0  # words per second; milliseconds and seconds differ by more
_WITHOUT_SPACES = re.compile(f"[{UNSPACED}]")
_LETTERS_A_WORD = 2  # approximate, for Japanese, Chinese and Thai


def words_and_seconds(conversation: Conversation, notes: Collection[str] = ()) -> tuple[int, float]:
    """Return the number of words in a conversation, and its last second; zeros if they are not meaningful.

    They are not if times are missing, nor for written conversations; ``notes`` are the reader's.
    """
    turns = conversation.turns
    times = [time for turn in turns for time in (turn.start_s, turn.end_s) if time is not None]
    last_s = max(times, default=0.0)
    if last_s <= 0 or conversation.kind is Kind.EMAIL or WRITTEN in notes:
        return 0, 0.0
    return sum(_words(turn.text) for turn in turns), last_s


def is_odd_pace(words_per_second: float | None) -> bool:
    """Return whether the speaking rate is implausible."""
    return words_per_second is not None and not _SLOWEST <= words_per_second <= _FASTEST


def _words(text: str) -> int:
    """Count words; in scripts without spaces, estimate them from the number of letters."""
    if text.isascii():
        return len(text.split())
    apart, letters = _WITHOUT_SPACES.subn(" ", text)
    words = sum(1 for word in apart.split() if any(map(str.isalnum, word)))
    return words + -(-letters // _LETTERS_A_WORD)
