"""What to do next with a tracker in training (E10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Level = Literal["error", "warning", "tip"]
"""How pressing it is: an error keeps a definition from being used."""


class AdviceKind(StrEnum):
    MORE = "more"  # another round should help
    FLAT = "flat"  # it would change little
    ONE_SIDED = "one_sided"  # YES or NO is missing
    RARE = "rare"  # hardly anything fits
    SPLIT = "split"  # the concept falls into two
    DOUBTFUL = "doubtful"  # answers that look wrong
    AUDIT = "audit"  # too little is known to tell a number
    FELL = "fell"  # an estimate went down
    PEOPLE = "people"  # how far annotators agree
    SAMPLE = "sample"  # training does not look at all calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing worth doing or knowing, in words; ``groups`` are sentences to read, by id.

    ``notes`` say something of single sentences, by id.
    """

    kind: AdviceKind
    message: str
    groups: tuple[tuple[str, ...], ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
