"""How well a tracker does, by two methods that must not be mixed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workbench.domain.plurals import plural

WIDEST = 0.25


@dataclass(frozen=True, slots=True)
class Interval:
    """A point estimate in [0, 1] within its 95% interval."""

    low: float
    point: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    @property
    def tells(self) -> bool:
        """Whether it is narrow enough to be told as a number; else it "is not known yet"."""
        return self.half_width <= WIDEST


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutEstimate:
    """The repeated held-out estimate (E6): 10 times, train on 90% of the tags, test on 10%.

    ``precision`` and ``hit_rate`` (recall) pool the test sets of all repeats; None if no repeat found, or
    held, a YES. ``*_spread`` is the standard deviation over the repeats. It speaks of the tagged set, which
    was picked to be hard, and not of the corpus. ``outside`` of its ``tags`` do not match the present filters.
    """

    precision: float | None
    hit_rate: float | None
    precision_spread: float | None
    hit_rate_spread: float | None
    repeats: int
    tags: int
    yes: int
    outside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusEstimate:
    """Precision, hit rate and prevalence in the corpus (E7), from tags drawn with known probability.

    An interval is None while no such tags tell anything; ``reason`` says why. ``drawn`` counts those that do;
    ``wanted`` says how many more would bring precision and hit rate to ±10 points, None if unknown or over 2,000.
    It speaks of ``calls`` of the ``of_calls`` conversations that the filters let through: those that were there when
    the tags were drawn (None if an older version did not note it).
    """

    precision: Interval | None
    hit_rate: Interval | None
    prevalence: Interval | None
    drawn: int
    wanted: int | None = None
    reason: str = ""
    calls: int | None = None
    of_calls: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Both estimates after a round; ``threshold`` is the score from which the tracker says yes, chosen by ``rule``.

    They rest on ``answers``, of which ``in_scope`` match the tracker's filters (None if an older version did not
    note it); ``gone`` further ones teach nothing, because their sentences are no longer in the corpus as they were.
    ``stale`` says what has changed since they were made, and is empty if they hold.
    """

    round: int
    heldout: HeldOutEstimate
    corpus: CorpusEstimate
    threshold: float
    rule: str = "balanced"
    answers: int | None = None
    in_scope: int | None = None
    gone: int = 0
    stale: str = ""

    @property
    def rests_on(self) -> str:
        """What they rest on, in words."""
        if self.answers is None:
            return plural(self.heldout.tags, "answer")
        parts = [plural(self.answers, "answer")]
        if self.in_scope is not None and self.in_scope < self.answers:
            parts.append(f"{self.in_scope:,} in the present scope")
        if self.gone:
            parts.append(f"{self.gone:,} more can't be used, because their sentences have left the corpus or changed")
        calls, every = self.corpus.calls, self.corpus.of_calls
        if calls is not None and every is not None and calls < every:
            parts.append(f"figures for all calls cover the {calls:,} of {every:,} present at the time")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialPoint:
    """A setting of the dial between few false leads and missing nothing (E9).

    ``found`` counts the sentences with at least the score ``threshold``. ``rule`` is what a tracker keeps to stay at
    this setting as it learns on; ``also`` are other named rules that come to the same now. Precision and hit rate in
    the corpus are None if they cannot be told.
    """

    threshold: float
    found: int
    precision: Interval | None
    hit_rate: Interval | None
    rule: str
    also: tuple[str, ...] = ()


def estimate_of(data: Mapping[str, Any] | None) -> Estimate | None:
    """Read the estimate that :func:`to_stored` wrote, by this version or an older one."""
    if data is None:
        return None
    corpus: dict[str, Any] = {k: Interval(**v) if isinstance(v, dict) else v for k, v in data["corpus"].items()}
    return Estimate(**{**data, "heldout": HeldOutEstimate(**data["heldout"]), "corpus": CorpusEstimate(**corpus)})


def to_stored(estimate: Estimate) -> dict[str, Any]:
    """Give plain JSON types, which :func:`estimate_of` reads; whether it still holds is never stored."""
    return {name: value for name, value in asdict(estimate).items() if name != "stale"}
