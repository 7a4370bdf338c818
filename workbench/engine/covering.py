"""What the tags that were drawn at random speak of: the part of the pool that their rounds drew from.

Filters change and calls arrive between rounds. A drawn tag tells of a sentence's like only where its round drew from
all that the pool holds of the conversations there were. Of such rounds, each tells of the conversations up to its own
day, and so do together those up to the earliest one's; later conversations are left out of the estimate rather than
guessed at. Sentences whose answer was imported are left out as well: nobody drew them, and nobody here judged them.
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

MIN_DRAWN = 10  # from which on estimates are given
_VALUE = {Answer.YES: 1.0, Answer.NO: 0.0, Answer.NOT_SURE: np.nan}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cover:
    """The part of the pool that is spoken of, and which of the tags speak.

    ``part`` marks sentences of the pool. ``lies`` marks the tags within it, or in calls beyond the sample that the pool
    is; ``speaks`` those of them that were drawn from it; ``drawn`` counts all that were ever drawn, wherever they lie.
    """

    part: NDArray[np.bool_]
    lies: NDArray[np.bool_]
    speaks: NDArray[np.bool_]
    drawn: int

    @staticmethod
    def whole(fitted: Fitted) -> Cover:
        """Return all of the pool, with every drawn tag in it: good enough to plan by, not to tell a figure by."""
        lies = np.array([tag.matches for tag in fitted.tags], dtype=bool)
        drawn = np.array([tag.probability is not None for tag in fitted.tags], dtype=bool)
        part = np.ones(len(fitted.scores), dtype=bool)
        return Cover(part=part, lies=lies, speaks=lies & drawn, drawn=int(drawn.sum()))

    @property
    def reason(self) -> str:
        """Why nothing can be told, empty if something can."""
        count = int(self.speaks.sum())
        if count == self.drawn or count >= MIN_DRAWN:
            return ""
        said = f"{count} of the {self.drawn} answers drawn at random" if count else "No answer drawn at random"
        return f"{said} can be used with the current filters. An audit round draws 25 more."


def cover_of(fitted: Fitted, pool: Pool) -> Cover:
    """Find the part of the pool that drawn tags speak of: many of them, and of a large part.

    Both count the same: of twice as many tags or of twice as large a part.
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
    """Stratify the untagged sentences of a part of the pool."""
    return stratify(fitted.scores[part], fitted.probability[part], fitted.threshold, fitted.tagged[part])


def drawn_tags(fitted: Fitted, given: int, population: Population, cover: Cover, share: float = 1.0) -> DrawnTags:
    """Put together the tags within the cover with what a model that did not see them says.

    NOT SURE ones were never seen, so the model in use may judge them. ``given`` sentences of the training set come
    before the tags. ``share`` is the chance that a call had to be in the pool.
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
        own = number == review  # of a smaller sample, as many more are found in this one
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
    """Return the number of a tag's call; -1 where the filters do not let it through."""
    if tag.inside:
        return int(pool.call[tag.at])
    return -1 if tag.beyond is None else tag.beyond


def _score_of(tag: TaggedSentence, fitted: Fitted) -> float:
    """Return what the model in use says."""
    if tag.inside:
        return float(fitted.scores[tag.at])
    return float("nan") if fitted.outside is None else float(fitted.outside[tag.at])


def _probabilities(tags: Sequence[TaggedSentence]) -> NDArray[np.float64]:
    return np.array([np.nan if tag.probability is None else tag.probability for tag in tags], dtype=float)
