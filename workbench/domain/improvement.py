"""How a measure changed from one estimate to the next, in words that claim no more than the intervals do."""

from __future__ import annotations

from workbench.domain.estimates import Interval
from workbench.domain.plurals import plural

TOO_FEW = "too few answers to tell"


def change_in_words(before: Interval | None, now: Interval | None) -> str:
    """Return how a measure changed, such as "up 12 points".

    A change is stated as one only if the intervals do not overlap. This is strict: both rest partly on the same
    answers.
    """
    if now is None or not now.tells:
        return TOO_FEW
    if before is None or not before.tells:
        return "known for the first time"
    points = round(100 * now.point) - round(100 * before.point)
    if points == 0:
        return "unchanged"
    said = f"{'up' if points > 0 else 'down'} {plural(abs(points), 'point')}"
    apart = now.low > before.high or now.high < before.low
    return said if apart else f"{said}, which may be chance"
