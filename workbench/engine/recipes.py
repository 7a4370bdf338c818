"""Recipes: the named, serialisable choices that make up a tracker's engine. Each can be selected by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from workbench.domain.errors import InvalidArgument

EncoderName = Literal["sentences", "words"]
SamplerName = Literal["mixed", "weighted", "random", "uncertainty"]
SecondStageName = Literal["none", "fine-tuned"]
HeadName = Literal["kernel", "nearest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How sentences become vectors, which are asked about, what learns from the answers, and which threshold is used.

    Args:
        encoder: ``sentences``, the workspace's encoder; ``words``, tf-idf of words and pairs of words.
        before_weight: scale of the vector of the turn before; 0 leaves it out.
        words: weight of the similarity in words relative to meaning; 0 leaves it out.
        sampler: ``weighted`` draws ``drawn`` of a round from all sentences and ``likely`` from those found, with known
            probability, and fills up with the least certain; ``mixed``, for older rounds, takes the ``likely`` most
            likely instead; ``random`` draws all; ``uncertainty`` draws none.
        head: ``kernel``, a support vector machine with width ``gamma`` and penalty ``c``; ``nearest``, the
            ``neighbours`` nearest answers.
        threshold: ``balanced`` (the best expected F1), ``precision>=0.9`` or ``hit_rate>=0.9``.
        second_stage: ``none``; or ``fine-tuned``: after the basic training the encoder itself learns the concept.
        shortlist: how many sentences the head scores; a linear model ranks the others after them.
        near_duplicate: cosine from which two sentences in a round count as duplicates.
    """

    name: str
    encoder: EncoderName = "sentences"
    before_weight: float = 0.8
    words: float = 0.3
    sampler: SamplerName = "weighted"
    drawn: int = 5
    likely: int = 8
    near_duplicate: float = 0.95
    head: HeadName = "kernel"
    gamma: float = 0.6
    c: float = 2.0
    neighbours: int = 5
    threshold: str = "balanced"
    second_stage: SecondStageName = "none"
    shortlist: int = 12_000

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; :func:`from_dict` reads them."""
        return asdict(self)


def from_dict(values: Mapping[str, Any]) -> Recipe:
    """Return the recipe that ``to_dict`` wrote.

    Raises:
        InvalidArgument: this version does not know a field; says which.
    """
    unknown = set(values) - {field.name for field in fields(Recipe)}
    if unknown:
        raise InvalidArgument(f"recipe: this version does not know {', '.join(sorted(unknown))}")
    return Recipe(**values)


DEFAULT = Recipe(name="default")
RECIPES: dict[str, Recipe] = {
    one.name: one
    for one in (
        DEFAULT,
        Recipe(name="random", sampler="random"),
        Recipe(name="uncertainty", sampler="uncertainty"),
        Recipe(name="tfidf", encoder="words", words=0),
        Recipe(name="knn", head="nearest", words=0),
        Recipe(name="fine-tuned", second_stage="fine-tuned"),
        Recipe(name="few-false-leads", threshold="precision>=0.9"),
        Recipe(name="miss-nothing", threshold="hit_rate>=0.9"),
    )
}


def recipe(name: str) -> Recipe:
    """Return the recipe with this name.

    Raises:
        InvalidArgument: there is no such recipe.
    """
    if name not in RECIPES:
        raise InvalidArgument(f"recipe: must be one of {', '.join(RECIPES)}, not {name!r}")
    return RECIPES[name]
