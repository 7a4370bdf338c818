"""What of a sentence speaks for or against it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a sentence, and by how much its words move the decision value: towards YES where positive."""

    text: str
    pull: float
