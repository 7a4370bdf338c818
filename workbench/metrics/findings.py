"""What the analyst finds, as values: differences, quotes, typical calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from workbench.domain.metrics import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence, word for word, with its place."""

    sentence_id: str
    conversation_id: str
    text: str
    speaker: str | None
    side: str | None
    start_s: float | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidDifference:
    """Something that is said in more calls of one group than of the other.

    Attributes:
        kind: ``words`` for a word or phrase, ``meaning`` for a cluster of sentences named by its central one.
        more_in: the value of the group that says it in more calls.
        of_calls, against_calls: how many calls of each group say it; ``of_share`` and ``against_share`` of all.
        difference: of the shares, the first group's over the second's, with its interval (``low``, ``high``), which
            holds for all that is reported together.
        q: the p-value, adjusted for all that was tested.
        also: further words and clusters that nearly the same calls hold.
    """

    kind: str
    text: str
    more_in: Value
    of_calls: int
    against_calls: int
    of_share: float
    against_share: float
    difference: float
    low: float
    high: float
    q: float
    also: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """A call that stands for its group; ``says`` are the differences that it holds."""

    conversation_id: str
    title: str | None
    started: datetime | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Calls in which a metric has the value ``of``, compared with those where it has ``against``.

    Attributes:
        of_calls, against_calls: how many were compared; ``of_total`` and ``against_total``: of how many.
        tested: how many words, phrases and clusters were compared.
        left_out: sentences of the metric's own evidence, which explain nothing.
        differences: those beyond chance, the most certain first; empty if there are none.
        can_tell: False if the groups are too small to be compared at all; ``notes`` say so.
    """

    metric: str
    of: Value
    against: Value | None
    of_calls: int
    against_calls: int
    of_total: int
    against_total: int
    tested: int = 0
    left_out: int = 0
    differences: tuple[SaidDifference, ...] = ()
    typical_of: tuple[Typical, ...] = ()
    typical_against: tuple[Typical, ...] = ()
    notes: tuple[str, ...] = ()
    can_tell: bool = True

    def to_frame(self) -> pd.DataFrame:
        """Return the differences, one a row, without their quotes."""
        names = [name for name in SaidDifference.__slots__ if name not in ("also", "quotes")]
        return pd.DataFrame([{name: getattr(one, name) for name in names} for one in self.differences], columns=names)
