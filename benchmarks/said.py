"""What everyone says in the calls that measure the readers of files: the same two sentences a turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SENTENCES = 2  # of a turn
SAID = "Thanks for making time today. How many bikes do you run in winter?"
WORDS = SAID.split()
TURN_S = 4
WORD_S = 0.3


def parts(items: list[Any], size: int) -> Iterator[list[Any]]:
    """Yield parts with this many items."""
    return (items[at : at + size] for at in range(0, len(items), size))


def words(turns: int) -> Iterator[tuple[int, float, str]]:
    """Yield each word with its turn's number and its start in seconds."""
    for n in range(turns):
        for at, word in enumerate(WORDS):
            yield n, round(n * TURN_S + at * WORD_S, 2), word
