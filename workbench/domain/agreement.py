"""How far people agree on the sentences that several of them have answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.domain.tags import Answer

LEAST = 10  # sentences below which no coefficient is told


class Coefficient(NamedTuple):
    """Agreement beyond chance within its 95% interval: 1 is perfect, 0 is chance, below is worse than chance."""

    low: float
    point: float
    high: float

    def __str__(self) -> str:
        return f"{self.point:.2f} ({self.low:.1f} to {self.high:.1f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """Two people. ``kappa`` is Cohen's, over YES, NO and NOT SURE; None if it is not known yet."""

    people: tuple[str, str]
    sentences: int
    agreed: int
    kappa: Coefficient | None

    @property
    def percent(self) -> float:
        """Of the sentences that both answered, in [0, 100]."""
        return 100 * self.agreed / self.sentences

    def __str__(self) -> str:
        told = f"{self.people[0]} and {self.people[1]} agree on {self.agreed} of {self.sentences}"
        return f"{told}; {_beyond_chance('kappa', self.kappa, self.sentences)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A sentence of which people say different things; ``counts`` is what the tracker learns meanwhile."""

    sentence_id: str
    answers: Mapping[str, Answer]
    counts: Answer
    settled: bool

    def __str__(self) -> str:
        return ", ".join(f"{who}: {answer.replace('_', ' ')}" for who, answer in self.answers.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of all who answered: ``sentences`` have at least two answers, and of ``agreed`` all of them are the same.

    ``alpha`` is Krippendorff's, for nominal data; None if it is not known yet. Rounds ask about hard sentences more
    often than calls hold them, so agreement on all calls is higher than this.
    """

    people: tuple[str, ...] = ()
    sentences: int = 0
    agreed: int = 0
    alpha: Coefficient | None = None
    pairs: tuple[PairAgreement, ...] = ()
    disagreements: tuple[Disagreement, ...] = field(default=())

    def __str__(self) -> str:
        if not self.pairs:
            return "No sentence has been answered by two people yet."
        if len(self.people) == 2:
            return f"{self.pairs[0]}."
        told = f"{len(self.people)} people agree on {self.agreed} of {self.sentences}"
        lines = [
            f"{told}; {_beyond_chance('alpha', self.alpha, self.sentences)}.",
            *(f"{pair}." for pair in self.pairs),
        ]
        return "\n".join(lines)


def _beyond_chance(name: str, value: Coefficient | None, sentences: int) -> str:
    if value is not None:
        return f"{name} {value}"
    few = sentences < LEAST
    return f"{name} is not known yet" + ("" if few else ", as nearly all answers are alike")
