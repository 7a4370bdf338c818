"""Which part of the pool the randomly drawn tags cover: the part that their rounds drew from.

Filters change and calls arrive between rounds. A drawn tag is evidence about similar sentences only if its round drew
from everything in the pool from the conversations at that time. Each such round covers the conversations up to its own
day, and together they cover those up to the earliest day; later conversations are left out of the estimate rather than
guessed at. Sentences with imported answers are left out as well: they were neither drawn nor judged here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.tags import Answer
from workbench.engine.corpus_estimate import DrawnTags, Population, stratify
from workbench.engine.fitted import Fitted, TaggedSentence
from workbench.engine.pool import Pool

MIN_DRAWN = 10  # the minimum for estimates
_VALUE = {Answer.YES: 1.0, Answer.NO: 0.0, Answer.NOT_SURE: np.nan}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cover:
    """The covered part of the pool, and the tags that count.

    ``part`` marks sentences of the pool. ``lies`` marks the tags within it, or in calls beyond the sample in the pool;
    ``speaks`` those of them that were drawn from it; ``drawn`` counts all that were ever drawn, wherever they are.
    """

    part: NDArray[np.bool_]
    lies: NDArray[np.bool_]
    speaks: NDArray[np.bool_]
    drawn: int

    @staticmethod
    def whole(fitted: Fitted) -> Cover:
        """Return the whole pool with every drawn tag: good enough for planning, but not for figures."""
        lies = np.array([tag.matches for tag in fitted.tags], dtype=bool)
        drawn = np.array([tag.probability is not None for tag in fitted.tags], dtype=bool)
        part = np.ones(len(fitted.scores), dtype=bool)
        return Cover(part=part, lies=lies, speaks=lies & drawn, drawn=int(drawn.sum()))

    @property
    def reason(self) -> str:
        """Return why there is no estimate, empty if there is one."""
        count = int(self.speaks.sum())
        if count == self.drawn or count >= MIN_DRAWN:
            return ""
        said = f"{count} of the {self.drawn} answers drawn at random" if count else "No answer drawn at random"
        return f"{said} can be used with the current filters. An audit round draws 25 more."


def cover_of(fitted: Fitted, pool: Pool) -> Cover:
    """Find the part of the pool that drawn tags cover: a large part, with many tags.

    Both count the same: twice as many tags, or twice as large a part.
    """
    tags = fitted.tags
    inside = np.array([tag.matches and not tag.imported for tag in tags], dtype=bool)
    imported = [tag.at for tag in tags if tag.inside and tag.imported]
    call = np.array([_call_of(tag, pool) for tag in tags], dtype=np.int64)
    drawn = np.array([tag.probability is not None for tag in tags], dtype=bool)
    last = max(int(pool.call.max(initial=-1)), int(call.max(initial=-1))) + 1
    until = np.array([last if tag.calls is None else min(tag.calls, last) for tag in tags], dtype=np.int64)
    valid = drawn & inside & np.array([tag.covers for tag in tags], dtype=bool)

    def worth(at: int) -> tuple[int, int]:
        return int((valid & (call < at) & (until >= at)).sum()) * int((pool.call < at).sum()), at

    best = max(set(until[valid].tolist()) or {last}, key=worth)
    part = pool.call < best
    part[imported] = False
    return Cover(
        part=part,
        lies=inside & (call < best),
        speaks=valid & (call < best) & (until >= best),
        drawn=int(drawn.sum()),
    )


def population_of(fitted: Fitted, part: NDArray[np.bool_]) -> Population:
    """Return the strata of the untagged sentences in a part of the pool."""
    return stratify(fitted.scores[part], fitted.probability[part], fitted.threshold, fitted.tagged[part])


def drawn_tags(fitted: Fitted, given: int, population: Population, cover: Cover, share: float = 1.0) -> DrawnTags:
    """Combine the tags within the cover with the predictions of a model that did not see them.

    NOT SURE ones are not used in training, so the model in use may judge them. ``given`` sentences of the training set
    come before the tags. ``share`` is the probability that a call is in the pool.
    """
    assert fitted.unseen is not None
    unseen = iter(fitted.unseen[given:])
    honest = np.array([next(unseen) if one.answer is not Answer.NOT_SURE else np.nan for one in fitted.tags])
    at = np.flatnonzero(cover.lies)
    tags = [fitted.tags[place] for place in at.tolist()]
    in_use = np.array([_score_of(tag, fitted) for tag in tags], dtype=np.float32)
    scores = np.where(np.isnan(honest[at]), in_use, honest[at])
    beyond = np.array([not tag.inside for tag in tags], dtype=bool)
    number = np.array([tag.round for tag in tags], dtype=np.int64)
    probability = np.where(cover.speaks[at], _probabilities(tags), np.nan)
    reach, chance = np.full(len(tags), np.inf), np.array([tag.share for tag in tags], dtype=float)
    for review in {tag.round for tag in tags if tag.review}:
        own = number == review  # in a smaller sample, proportionally more are found in this one
        reach[own] = (1 / (probability[own] * chance[own])).sum() * share
    return DrawnTags(
        answer=np.array([_VALUE[tag.answer] for tag in tags]),
        found=(in_use >= fitted.threshold) & ~beyond,
        stratum=population.of(scores),
        round=number,
        probability=probability,
        reach=reach,
        beyond=beyond,
    )


def _call_of(tag: TaggedSentence, pool: Pool) -> int:
    """Return the number of a tag's call; -1 if it does not match the filters."""
    if tag.inside:
        return int(pool.call[tag.at])
    return -1 if tag.beyond is None else tag.beyond


def _score_of(tag: TaggedSentence, fitted: Fitted) -> float:
    """Return the score from the model in use."""
    if tag.inside:
        return float(fitted.scores[tag.at])
    return float("nan") if fitted.outside is None else float(fitted.outside[tag.at])


def _probabilities(tags: Sequence[TaggedSentence]) -> NDArray[np.float64]:
    return np.array([np.nan if tag.probability is None else tag.probability for tag in tags], dtype=float)
