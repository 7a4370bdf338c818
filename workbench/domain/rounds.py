"""One round of tagging."""

from __future__ import annotations

from dataclasses import dataclass

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
