"""The workbench's own recipes on a task, by the engine's own loop."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.quality.files import Prediction
from benchmarks.quality.protocol import ROUNDS, SIZE, deal
from workbench.domain.errors import NotEnoughTags
from workbench.domain.tags import Answer
from workbench.engine.recipes import RECIPES, recipe
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.simulation import Scene

NAMES = tuple(f"ours-{name}" for name in ("default", "random") if name in RECIPES)


def recipe_of(method: str) -> str:
    return method.removeprefix("ours-")


def play(whole: Scene, seed: int, method: str) -> Prediction:
    """Four rounds, then what it says of the upcoming units."""
    dealt = deal(whole, seed)
    pool, upcoming = dealt.pool, dealt.upcoming
    trainer = Trainer(pool.pool, pool.pool.sentence_vectors(dealt.given), recipe(recipe_of(method)), seed)
    began = time.perf_counter()
    tags: list[TaggedSentence] = []
    fitted: Fitted | None = None
    for number in range(1, ROUNDS + 1):
        draw = trainer.draw(number, tags, fitted, SIZE)
        tags += [
            TaggedSentence(at=at, answer=Answer.YES if pool.truth[at] else Answer.NO, round=number, probability=p)
            for at, p in zip(draw.at, draw.probabilities, strict=True)
        ]
        try:
            fitted = trainer.fit(tags)
        except NotEnoughTags:
            fitted = None
    trained = time.perf_counter()
    scores = np.zeros(len(upcoming.truth), np.float32)
    found = np.zeros(len(scores), bool)
    if fitted is not None:
        scores = fitted.model.scores(upcoming.pool, len(upcoming.pool))
        found = scores >= fitted.threshold
    return Prediction(
        scores=scores,
        found=found,
        asked=np.array([tag.at for tag in tags]),
        seconds={"train": trained - began, "predict": time.perf_counter() - trained},
    )
