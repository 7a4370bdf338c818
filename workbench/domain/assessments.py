"""How well a tracker does, in one sentence, one badge and two figures: the only place that puts an estimate into words.

Widgets, pages, metrics, REST and exports all show what is made here, so that no two of them say different things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workbench.domain.estimates import Estimate, HeldOutEstimate, Interval

MIN_SUPPORTED = 0.6
"""Both intervals of a tracker that is well supported begin here or above."""
MIN_FAIR = 0.4
"""A tracker is weak if one of its measures is below."""


class Badge(StrEnum):
    """How well a tracker does, in a word or two."""

    SUPPORTED = "well supported"
    FAIR = "fair"
    WEAK = "weak"
    UNMEASURED = "not measured"


class Basis(StrEnum):
    """What an assessment speaks of."""

    CALLS = "all calls"
    SAMPLE = "the sample corpus"
    NOTHING = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """How well a tracker does at one setting, in one version.

    ``precision`` and ``hit_rate`` are None where they are not known, or not closely enough to be told as a number.
    ``sentence`` says the same in words, ``basis`` what it speaks of; ``stale`` what has changed since it was measured,
    and is empty if it holds.
    """

    badge: Badge
    sentence: str
    precision: Interval | None = None
    hit_rate: Interval | None = None
    basis: Basis = Basis.NOTHING
    stale: str = ""


NOT_JUDGED = Assessment(
    badge=Badge.UNMEASURED, sentence="How well it does is not known: nobody has judged its matches."
)
"""Of a tracker that finds by its definition alone, and was measured nowhere."""
NOT_TRAINED = Assessment(badge=Badge.UNMEASURED, sentence="How well it does is not known yet: it has no estimate.")


def assess(
    precision: Interval | None, hit_rate: Interval | None, basis: Basis = Basis.CALLS, stale: str = ""
) -> Assessment:
    """Return what two measures say of a tracker, whoever made them."""
    right, found = _told(precision), _told(hit_rate)
    badge, sentence = _badge((right, found)), _sentence(right, found, basis)
    return Assessment(badge=badge, sentence=sentence, precision=right, hit_rate=found, basis=basis, stale=stale)


def of_estimate(estimate: Estimate | None) -> Assessment:
    """Return what a tracker's estimate says of all calls; what was answered is another matter: see :func:`in_words`."""
    if estimate is None:
        return NOT_TRAINED
    return assess(estimate.corpus.precision, estimate.corpus.hit_rate, stale=estimate.stale)


def in_words(estimate: Estimate) -> tuple[str, str]:
    """Return what an estimate says of all calls, then of the tagged sentences; the two are never mixed up."""
    said = of_estimate(estimate).sentence
    return f"In all calls: {said[0].lower()}{said[1:]}", f"On the tagged sentences: {_tagged(estimate.heldout)}"


def _told(measure: Interval | None) -> Interval | None:
    return measure if measure is not None and measure.tells else None


def _badge(known: Iterable[Interval | None]) -> Badge:
    told = [one for one in known if one is not None]
    if not told:
        return Badge.UNMEASURED
    if any(one.point < MIN_FAIR for one in told):
        return Badge.WEAK
    supported = len(told) == 2 and all(one.low >= MIN_SUPPORTED for one in told)
    return Badge.SUPPORTED if supported else Badge.FAIR


def _sentence(precision: Interval | None, hit_rate: Interval | None, basis: Basis) -> str:
    """Say "Of 10 sentences it finds, about 8 are right (7 to 9); of 10 that are there, it finds about 6 (5 to 8)."."""
    where = f"on {basis}, " if basis is Basis.SAMPLE else ""
    if precision is None and hit_rate is None:
        said = f"{where}how well it does is not known yet"
    elif hit_rate is None:
        said = f"{where}{_right(precision)}; how many it misses is not known yet"
    elif precision is None:
        said = f"{where}of 10 that are there, it finds about {_tenths(hit_rate)}; how many are right is not known yet"
    else:
        said = f"{where}{_right(precision)}; of 10 that are there, it finds about {_tenths(hit_rate)}"
    return f"{said[0].upper()}{said[1:]}."


def _right(precision: Interval | None) -> str:
    assert precision is not None
    verb = "is" if round(10 * precision.point) == 1 else "are"
    return f"of 10 sentences it finds, about {_tenths(precision, f' {verb} right')}"


def _tenths(interval: Interval, after: str = "") -> str:
    low, point, high = (round(10 * value) for value in (interval.low, interval.point, interval.high))
    return f"{point}{after}" if low == high else f"{point}{after} ({low} to {high})"


def _tagged(held: HeldOutEstimate) -> str:
    if held.precision is None or held.hit_rate is None:
        return f"{held.tags} answers are too few to tell."
    right, found = round(10 * held.precision), round(10 * held.hit_rate)
    return (
        f"of 10 that it finds, {right} {'is' if right == 1 else 'are'} right; of 10 that are there, it finds {found}. "
        f"These {held.tags} were chosen to be hard, and held out in turn; they do not represent all calls."
    )
