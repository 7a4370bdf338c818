"""Credits (Q6): what an analysis costs, and what it was charged with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MILLIONTHS = 1_000_000  # amounts are whole millionths of a credit, so that sums are exact
CHARACTERS = 1_000  # what a price is for
OUT_OF_CREDITS = "out of credits"
MONTHLY_CAP = "monthly cap reached"
TRACKER_CAP = "cap of this tracker reached"


class Charge(NamedTuple):
    """The analysis of one call. ``key`` names all that went into it: whatever has been charged for is so once.

    ``amount`` is in millionths of a credit.
    """

    key: str
    amount: int
    tracker_id: str
    version: int | None
    conversation_id: str
    characters: int
    judge: str
    tokens: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What reading calls is expected to take.

    Attributes:
        calls: conversations of the past that match.
        characters: of the sentences that match in them.
        credits: for those that have not been paid for.
        paid: how many of the calls have been, with this very question.
        monthly: credits for a month of upcoming calls, if they come as in the last three months of the corpus.
        balance: the credits that there are.
        judge: who answers.
    """

    calls: int
    characters: int
    credits: float
    paid: int
    monthly: float
    balance: float
    judge: str

    @property
    def enough(self) -> bool:
        """Whether the balance reaches for the calls of the past."""
        return self.credits <= self.balance


def price_of(characters: int, price: int) -> int:
    """Millionths of a credit for so many characters, where 1,000 cost ``price`` millionths; rounded up."""
    return -(-characters * price // CHARACTERS)
