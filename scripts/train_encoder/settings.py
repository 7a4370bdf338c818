"""What decides, together with the data, which weights come out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that training depends on beside the data.

    Args:
        sources: names of the corpora that are learnt from.
        steps: how many batches.
        seed: of the batches.
        upper: layers that learn, the last ones.
        rate: of learning; rises over the first ``warm`` share of the steps, and falls in a line to nought.
        warm: share of the steps.
        temperature: of both contrastive losses.
        statement: weight of the loss between sentences and statements.
        keep: weight of what holds cosines to what they were.
        before_share: how often sentences of conversations count together with their turns before.
        before_weight: of the turn before beside the sentence, as the head's kernel has it.
    """

    sources: tuple[str, ...]
    steps: int = 700
    seed: int = 18
    upper: int = 4
    rate: float = 8e-5
    warm: float = 0.06
    temperature: float = 0.1
    statement: float = 0.5
    keep: float = 10.0
    before_share: float = 0.25
    before_weight: float = 0.8
