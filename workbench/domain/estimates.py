"""How well a tracker does, by two methods that must not be mixed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDEST = 0.25


@dataclass(frozen=True, slots=True)
class Interval:
    """A point estimate in [0, 1] within its 95 % interval."""

    low: float
    point: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    @property
    def tells(self) -> bool:
        """Whether it is narrow enough to be told as a number; else it "can't be told yet"."""
        return self.half_width <= WIDEST


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutEstimate:
    """The repeated held-out estimate (E6): 10 times, train on 90 % of the tags, test on 10 %.

    ``precision`` and ``hit_rate`` (recall) pool the test sets of all repeats; None where no repeat found, or
    held, a YES. ``*_spread`` is the standard deviation over the repeats. It speaks of the tagged set, which
    was picked to be hard, and not of the corpus.
    """

    precision: float | None
    hit_rate: float | None
    precision_spread: float | None
    hit_rate_spread: float | None
    repeats: int
    tags: int
    yes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusEstimate:
    """Precision, hit rate and prevalence in the corpus (E7), from tags drawn with known probability.

    An interval is None while no such tags exist. ``drawn`` counts them; ``wanted`` says how many more would bring
    precision and hit rate to ±10 points, None where unknown or over 2,000.
    """

    precision: Interval | None
    hit_rate: Interval | None
    prevalence: Interval | None
    drawn: int
    wanted: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Both estimates after a round; ``threshold`` is the score from which the tracker says yes, chosen by ``rule``."""

    round: int
    heldout: HeldOutEstimate
    corpus: CorpusEstimate
    threshold: float
    rule: str = "balanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialPoint:
    """A setting of the dial between few false leads and missing nothing (E9).

    ``found`` counts the sentences with at least the score ``threshold``. ``rule`` is what a tracker keeps to stay at
    this setting as it learns on; ``also`` are other named rules that come to the same now. Precision and hit rate in
    the corpus are None where they cannot be told.
    """

    threshold: float
    found: int
    precision: Interval | None
    hit_rate: Interval | None
    rule: str
    also: tuple[str, ...] = ()


def estimate_of(data: dict[str, Any] | None) -> Estimate | None:
    """The estimate that ``asdict`` wrote."""
    if data is None:
        return None
    corpus: dict[str, Any] = {k: Interval(**v) if isinstance(v, dict) else v for k, v in data["corpus"].items()}
    return Estimate(
        round=data["round"],
        heldout=HeldOutEstimate(**data["heldout"]),
        corpus=CorpusEstimate(**corpus),
        threshold=data["threshold"],
        rule=data.get("rule", "balanced"),
    )
