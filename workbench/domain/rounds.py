"""One round of tagging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.estimates import Estimate

ROUND_SIZE = 25
BASIC_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round's counts, and the estimate once it is complete. ``number`` counts from 1."""

    number: int
    asked: int
    yes: int
    no: int
    not_sure: int
    complete: bool
    estimate: Estimate | None = None

    @property
    def answered(self) -> int:
        return self.yes + self.no + self.not_sure


def fell(rounds: Sequence[Round]) -> tuple[int, ...]:
    """Numbers of the rounds whose held-out precision or hit rate is lower than the round's before."""
    out = []
    for before, after in pairwise(rounds):
        pairs = zip(_held_out(before), _held_out(after), strict=True)
        if any(a is not None and b is not None and b < a for a, b in pairs):
            out.append(after.number)
    return tuple(out)


def _held_out(one: Round) -> tuple[float | None, float | None]:
    held = one.estimate.heldout if one.estimate else None
    return (None, None) if held is None else (held.precision, held.hit_rate)
