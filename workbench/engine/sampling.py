"""Which sentences to ask about next.

A round mixes sentences picked to teach (least certain, similar to the examples) with some that are drawn with a known
probability, from all sentences and from the likely ones, so that estimates can weight them (E5, E7). No two of those
picked are near duplicates. Older samplers are kept to replay the rounds that they drew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Floats, Vectors
from workbench.domain.rounds import ROUND_SIZE
from workbench.domain.tags import Reason
from workbench.engine.pool import Pool, Scores
from workbench.engine.recipes import Recipe

TakenMask = NDArray[np.bool_]
_NEAREST = 12  # in the first round, the most similar to the examples
_WIDER = 300  # the others in the first round come from this many next ones


@dataclass(slots=True)
class Draw:
    """A round's sentences: positions in the pool, why each was picked, and its probability if drawn."""

    at: list[int] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    probabilities: list[float | None] = field(default_factory=list)

    def add(self, at: Iterable[int], reason: Reason) -> None:
        for place in at:
            self.at.append(int(place))
            self.reasons.append(reason)
            self.probabilities.append(None)

    def add_drawn(self, at: NDArray[np.int64], probability: Floats, reason: Reason = Reason.RANDOM) -> None:
        self.at += at.tolist()
        self.reasons += [reason] * len(at)
        self.probabilities += probability.tolist()


def first_round(
    pool: Pool, similarity: Scores, taken: TakenMask, recipe: Recipe, rng: np.random.Generator, size: int = ROUND_SIZE
) -> Draw:
    """Before any tag: pick the sentences most similar to the examples and some less similar, and draw some."""
    draw = _drawn(inclusion(_sizes(similarity.astype(np.float64), recipe), taken, _draws(recipe, size)), rng)
    if recipe.sampler != "random":
        order = np.argsort(-similarity, kind="stable")[: _WIDER + 4 * size]
        nearest = min(_NEAREST, size - len(draw.at))
        draw.add(_fresh(pool, order, nearest, taken, draw, recipe), Reason.LIKELY)
        wider = rng.permutation(order[:_WIDER])
        draw.add(_fresh(pool, wider, size - len(draw.at), taken, draw, recipe), Reason.UNSURE)
    return _shuffled(draw, rng)


def next_round(
    pool: Pool,
    scores: Scores,
    probability: Floats,
    threshold: float,
    taken: TakenMask,
    recipe: Recipe,
    rng: np.random.Generator,
    size: int = ROUND_SIZE,
) -> Draw:
    """After a fit: pick the least certain sentences (nearest the threshold), some likely ones, and draw some."""
    if recipe.sampler == "weighted":
        return _shuffled(_weighted(pool, scores, probability, threshold, taken, recipe, rng, size), rng)
    draw = _drawn(inclusion(_sizes(probability, recipe), taken, _draws(recipe, size)), rng)
    if recipe.sampler != "random":
        likely = min(recipe.likely, size - len(draw.at)) if recipe.sampler == "mixed" else 0
        draw.add(_fresh(pool, _lowest(-scores, 40 * size), likely, taken, draw, recipe), Reason.LIKELY)
        unsure = _lowest(np.abs(scores - threshold), 40 * size)
        draw.add(_fresh(pool, unsure, size - len(draw.at), taken, draw, recipe), Reason.UNSURE)
    return _shuffled(draw, rng)


def audit_round(stratum: NDArray[np.int8], counts: NDArray[np.int64], rng: np.random.Generator) -> Draw:
    """Draw ``counts[k]`` sentences evenly from stratum ``k``; -1 marks sentences that are tagged."""
    draw = Draw()
    for kind, count in enumerate(counts.tolist()):
        members = np.flatnonzero(stratum == kind)
        at = rng.choice(members, count, replace=False) if count else members[:0]
        draw.add_drawn(at, np.full(count, count / max(1, len(members))), Reason.AUDIT)
    return _shuffled(draw, rng)


def review_round(found: NDArray[np.int64], count: int, skip: int, rng: np.random.Generator) -> Draw:
    """Draw up to ``count`` of the ``found`` sentences, each with the same probability, in random order.

    ``skip`` sets of this size were seen and skipped before; the next set is then the person's choice, and has no known
    probability.
    """
    at = np.roll(rng.permutation(found), -skip * count)[:count]
    draw = Draw()
    if skip:
        draw.add(at, Reason.REVIEW)
    else:
        draw.add_drawn(at, np.full(len(at), len(at) / max(1, len(found))), Reason.REVIEW)
    return draw


def inclusion(sizes: Floats, taken: TakenMask, count: int) -> Floats:
    """Return probabilities of a draw, proportional to ``sizes`` and at most 1, that sum to ``count``; 0 if taken."""
    free = np.where(taken, 0.0, sizes)
    count = min(count, int((free > 0).sum()))
    certain = np.zeros(len(free), dtype=bool)
    while True:
        rest = np.where(certain, 0.0, free)
        total = rest.sum()
        out: Floats = np.where(certain, 1.0, rest * ((count - certain.sum()) / total) if total > 0 else 0.0)
        over = out > 1
        if not over.any():
            return out
        certain |= over


def systematic(probability: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a sample that includes each item with exactly its probability (Madow 1949), in random order of items."""
    order = rng.permutation(np.flatnonzero(probability > 0))
    ends = np.cumsum(probability[order])
    count = round(float(ends[-1])) if len(ends) else 0
    marks = rng.random() + np.arange(count)
    drawn: NDArray[np.int64] = order[np.minimum(np.searchsorted(ends, marks, side="right"), len(order) - 1)]
    return drawn


def _weighted(
    pool: Pool,
    scores: Scores,
    probability: Floats,
    threshold: float,
    taken: TakenMask,
    recipe: Recipe,
    rng: np.random.Generator,
    size: int,
) -> Draw:
    """Draw likely sentences with known probability, in addition to those from all; fill up with the least certain.

    Likely ones come from everything found, each by its probability, so that they show how much of it is right.
    """
    free = np.flatnonzero(~taken)
    wanted = min(recipe.likely, len(free))
    found = max(int((scores[free] >= threshold).sum()), min(2 * wanted, len(free)))
    top = free[_lowest(-scores[free], found)]
    sizes = np.where(taken, 0.0, _sizes(probability, recipe))
    sizes *= recipe.drawn / max(sizes.sum(), 1e-12)
    weight = np.maximum(probability[top], 1e-9)
    sizes[top] += wanted * weight / max(weight.sum(), 1e-12)
    chance = inclusion(sizes, taken, min(recipe.drawn + wanted, size))
    at = np.unique(systematic(chance, rng))
    among = np.isin(at, top)
    draw = Draw()
    draw.add_drawn(at[among], chance[at[among]], Reason.LIKELY)
    draw.add_drawn(at[~among], chance[at[~among]])
    unsure = free[_lowest(np.abs(scores[free] - threshold), 40 * size)]
    draw.add(_fresh(pool, unsure, size - len(draw.at), taken, draw, recipe), Reason.UNSURE)
    return draw


def _draws(recipe: Recipe, size: int) -> int:
    return {"random": size, "mixed": recipe.drawn, "weighted": recipe.drawn, "uncertainty": 0}[recipe.sampler]


def _sizes(likely: Floats, recipe: Recipe) -> Floats:
    """Spread half of the probability evenly, half by uncertainty, so that rare concepts are sampled at all."""
    if recipe.sampler == "random":
        return np.ones(len(likely))
    sure = np.clip(likely, 0, 1)
    weight = np.sqrt(sure * (1 - sure))
    sizes: Floats = 0.5 / len(likely) + 0.5 * weight / max(weight.sum(), 1e-12)
    return sizes


def _drawn(probability: Floats, rng: np.random.Generator) -> Draw:
    draw = Draw()
    at = np.unique(systematic(probability, rng))
    draw.add_drawn(at, probability[at])
    return draw


def _lowest(values: Scores, count: int) -> NDArray[np.int64]:
    count = min(count, len(values))
    part = np.argpartition(values, count - 1)[:count] if count < len(values) else np.arange(len(values))
    return part[np.argsort(values[part], kind="stable")]


def _fresh(pool: Pool, order: NDArray[np.int64], count: int, taken: TakenMask, draw: Draw, recipe: Recipe) -> list[int]:
    """Return the first ``count`` of ``order`` that are free and not similar to earlier ones.

    There are fewer if no more remain.
    """
    chosen: list[int] = []
    vectors: list[Vectors] = list(pool.sentence_vectors(np.asarray(draw.at, dtype=np.int64)))
    for at in order[~taken[order]].tolist():
        if len(chosen) == count:
            break
        own = pool.sentence_vectors(np.array([at]))[0]
        if at in draw.at or (vectors and float((np.stack(vectors) @ own).max()) > recipe.near_duplicate):
            continue
        chosen.append(at)
        vectors.append(own)
    return chosen


def _shuffled(draw: Draw, rng: np.random.Generator) -> Draw:
    """Shuffle the draw: the position in a round must not reveal why a sentence was picked."""
    order = rng.permutation(len(draw.at)).tolist()
    return Draw([draw.at[i] for i in order], [draw.reasons[i] for i in order], [draw.probabilities[i] for i in order])
