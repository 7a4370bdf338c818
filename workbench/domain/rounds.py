"""One round of tagging."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.estimates import Estimate

ROUND_SIZE = 25
BASIC_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round's counts, and the estimate once it is complete. ``number`` counts from 1.

    A ``review`` has a number like any other round, but does not belong to the basic training; neither does one of
    sentences that people ``picked``, or whose answers were imported. Of its answers, ``outside`` ones are about
    sentences that do not match the tracker's present filters: they teach all the same. Those that are ``gone`` are
    about sentences that are no longer in the corpus, or say something else by now: they teach nothing.
    """

    number: int
    asked: int
    yes: int
    no: int
    not_sure: int
    complete: bool
    estimate: Estimate | None = None
    review: bool = False
    picked: bool = False
    outside: int = 0
    gone: int = 0

    @property
    def answered(self) -> int:
        return self.yes + self.no + self.not_sure

    @property
    def in_scope(self) -> int:
        """How many of the answers are about sentences that match the tracker's present filters."""
        return self.answered - self.outside - self.gone


def trained(rounds: Iterable[Round]) -> int:
    """Return how many completed rounds count as training: reviews and what a person picked don't."""
    return sum(one.complete and not (one.review or one.picked) for one in rounds)


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
