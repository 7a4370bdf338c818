"""Skeletons: one line of text with choices ``{a|b}`` and slots ``<name>`` that becomes one sentence."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

Slot = str | Callable[[random.Random], str]

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<(\w+)>")


def expand(skeleton: str, rng: random.Random, slots: Mapping[str, Slot]) -> str:
    """Render one skeleton; innermost choices first, then slots.

    Raises `KeyError` for a slot that the call does not know.
    """
    text = skeleton
    while "{" in text:
        text, n = _CHOICE.subn(lambda m: rng.choice(m[1].split("|")), text)
        if not n:
            raise ValueError(f"unbalanced choice in {skeleton!r}")
    return tidy(_SLOT.sub(lambda m: _fill(slots[m[1]], rng), text))


def _fill(slot: Slot, rng: random.Random) -> str:
    return slot if isinstance(slot, str) else slot(rng)


def tidy(text: str) -> str:
    """Mend what empty choices leave behind: double spaces, stray commas, a small first letter."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.?!])", r"\1", text)
    text = re.sub(r",+([,.?!])", r"\1", text)
    text = re.sub(r"([.?!])[.,?!]+", r"\1", text)
    text = re.sub(r"\b([Aa]) (?=[aeio]|un|up)(?!one\b|once\b|uni|eu)", r"\1n ", text)
    start = 1 if text[:1] in "¿¡" else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]
