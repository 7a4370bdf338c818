"""Gives the dial's current setting the figures of the tracker's estimate, and makes the others consistent with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from workbench.domain.estimates import CorpusEstimate, DialPoint, Interval


def with_setting(points: Iterable[DialPoint], rule: str, corpus: CorpusEstimate) -> tuple[DialPoint, ...]:
    """Return the settings, with the figures of ``corpus`` for that of ``rule``.

    The dial smooths hit rates, which never fall as more is found; the estimate is for its own setting only. So hit
    rates of stricter settings are capped at it, and those of more generous ones raised to it.
    """
    points = tuple(points)
    used = next((one for one in points if rule in (one.rule, *one.also)), None)
    if used is None:
        return points
    return tuple(_agreeing(one, used, corpus) for one in points)


def _agreeing(point: DialPoint, used: DialPoint, corpus: CorpusEstimate) -> DialPoint:
    if point is used:
        return replace(point, precision=corpus.precision, hit_rate=corpus.hit_rate)
    bound = min if point.found < used.found else max
    return replace(point, hit_rate=_bounded(point.hit_rate, corpus.hit_rate, bound))


def _bounded(one: Interval | None, by: Interval | None, bound: Callable[[float, float], float]) -> Interval | None:
    if one is None or by is None:
        return one
    return Interval(bound(one.low, by.low), bound(one.point, by.point), bound(one.high, by.high))
