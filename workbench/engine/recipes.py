"""Recipes: the named choices that make a tracker's engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.errors import WorkbenchError

SamplerName = Literal["mixed", "random"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How sentences are picked and what learns from them.

    ``before_weight`` scales the vector of the turn before; ``gamma`` and ``c`` are the kernel's width and the
    penalty of the support vector machine; ``drawn`` of each round's sentences are drawn with known probability,
    ``likely`` of them are the likeliest, the rest the least sure. ``shortlist`` is the number of sentences that the
    kernel looks at; a linear model puts the others in order behind them.
    """

    name: str
    sampler: SamplerName = "mixed"
    before_weight: float = 0.7
    gamma: float = 0.5
    c: float = 2.0
    drawn: int = 5
    likely: int = 0
    shortlist: int = 20_000
    near_duplicate: float = 0.95


RECIPES: dict[str, Recipe] = {
    "default": Recipe(name="default"),
    "random": Recipe(name="random", sampler="random"),
}


def recipe(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        WorkbenchError: there is none.
    """
    if name not in RECIPES:
        raise WorkbenchError(f"recipe: {name!r} is none of {', '.join(RECIPES)}")
    return RECIPES[name]
