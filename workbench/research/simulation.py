"""Simulation (X2): an oracle gives the examples and answers the rounds from a corpus's own labels.

Half of the calls, drawn by the seed, are the pool; the other half are upcoming calls that training never sees. The
code that picks, learns and estimates is the engine's own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from workbench.domain.arrays import Bools
from workbench.domain.errors import InvalidArgument, NotEnoughTags
from workbench.domain.estimates import CorpusEstimate, Interval
from workbench.domain.filters import Filters
from workbench.domain.rounds import BASIC_ROUNDS
from workbench.domain.tags import Answer
from workbench.engine.pool import Pool
from workbench.engine.recipes import Recipe, recipe
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a simulation plays on: the sentences of one side, which of them carry the label, and their ids."""

    pool: Pool
    truth: Bools
    ids: npt.NDArray[np.object_]
    pairs: npt.NDArray[np.object_] | None = None  # turn before and sentence, where a second stage reads them

    def part(self, calls: npt.NDArray[np.int32]) -> Scene:
        """Return the sentences of these calls."""
        inside = np.isin(self.pool.call, calls)
        pairs = None if self.pairs is None else self.pairs[inside]
        return Scene(self.pool.part(inside), self.truth[inside], self.ids[inside], pairs)


def scene(workspace: Workspace, label: str, filters: Filters, recipe_name: str = "default") -> Scene:
    """Return the sentences that match the filters, with the vectors of the recipe's encoder.

    Raises:
        InvalidArgument: none of them carries the label.
    """
    named = workspace.resources.pool(filters, recipe(recipe_name))
    labels = workspace.lake.labels(filters)["labels"].to_pylist()
    truth = np.array([label in (found or ()) for found in labels], dtype=bool)
    if not truth.any():
        known = sorted({name for found in labels for name in found or ()})
        raise InvalidArgument(f"label: no sentence of this side has {label!r}; known are {', '.join(known[:30])}")
    pairs = _pairs(workspace, filters) if recipe(recipe_name).second_stage != "none" else None
    return Scene(named.pool, truth, named.ids.to_numpy(), pairs)


def _pairs(workspace: Workspace, filters: Filters) -> npt.NDArray[np.object_]:
    table = workspace.lake.pool(filters)
    texts = {k: t for b in workspace.lake.distinct_texts() for k, t in zip(*b.to_pydict().values(), strict=True)}
    out = np.empty(len(table), dtype=object)
    keys = zip(table["before_key"].to_pylist(), table["text_key"].to_pylist(), strict=True)
    out[:] = [(texts.get(before, ""), texts[said]) for before, said in keys]
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """A run's two halves of the calls, and the examples' places in the pool."""

    pool: Scene
    upcoming: Scene
    examples: npt.NDArray[np.int64]


def deal(whole: Scene, label: str, seed: int, examples: int = 5) -> Dealt:
    """Draw by the seed which calls are the pool, and which of its sentences are the examples.

    Raises:
        InvalidArgument: no call of the pool carries the label.
    """
    rng = np.random.default_rng([seed, 20_260])
    calls = rng.permutation(np.unique(whole.pool.call))
    pool, upcoming = whole.part(calls[: len(calls) // 2]), whole.part(calls[len(calls) // 2 :])
    given = rng.permutation(np.flatnonzero(pool.truth))[:examples]
    if not len(given):
        raise InvalidArgument(f"label: {label!r} is in no call of the pool with seed {seed}; it is too rare here")
    return Dealt(pool, upcoming, given)


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A run: what it was dealt, which places of the pool it asked about, and what it says of the upcoming calls."""

    run: dict[str, Any]
    dealt: Dealt
    asked: tuple[int, ...]
    scores: npt.NDArray[np.float32]
    found: Bools

    @property
    def upcoming(self) -> Scene:
        """What scores and finds are of."""
        return self.dealt.upcoming


def simulate(
    whole: Scene, label: str, seed: int, recipe_name: str | Recipe = "default", **options: Any
) -> dict[str, Any]:
    """Return one run, an object of the file that ``--json`` writes; the options are those of :func:`play`."""
    return play(whole, label, seed, recipe_name, **options).run


def play(
    whole: Scene,
    label: str,
    seed: int,
    recipe_name: str | Recipe = "default",
    examples: int = 5,
    rounds: int = 4,
    audits: int = 0,
    held_out: bool = True,
) -> Played:
    """Play ``rounds`` rounds and then ``audits`` audit rounds, by a recipe or one of that name.

    Without ``held_out`` the estimate on held-out tags is left out, which takes most of the time.

    Raises:
        InvalidArgument: no call of the pool carries the label.
    """
    dealt = deal(whole, label, seed, examples)
    pool, given = dealt.pool, dealt.examples
    vectors = pool.pool.sentence_vectors(given)
    chosen = recipe(recipe_name) if isinstance(recipe_name, str) else recipe_name
    trainer = Trainer(pool.pool, vectors, chosen, seed, pool.pool.words_at(given))
    said = [] if pool.pairs is None else [("", text) for _, text in pool.pairs[given]]
    played = list(_play(trainer, dealt, rounds, audits, said, held_out))
    run = {"label": label, "seed": seed, "recipe": chosen.name, "rounds": [one.figures for one in played]}
    last = played[-1]
    return Played(run, dealt, last.asked, last.scores, last.found)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedJudge:
    """What says yes after a round: a fitted first stage, with a second one where there is one; nothing at first."""

    fitted: Fitted | None
    second: Any = None  # engine.fine_tuning.SecondStage, whose module needs torch

    def scores(self, at: Scene) -> npt.NDArray[np.float32]:
        """Without a model all sentences are the same."""
        if self.fitted is None:
            return np.zeros(len(at.truth), dtype=np.float32)
        first = self.fitted.model.scores(at.pool, len(at.pool))
        return first if self.second is None else self.second.scores(first, at.pairs)


def _tuned(judge: SimulatedJudge, trainer: Trainer, pool: Scene, examples: Sequence[tuple[str, str]]) -> SimulatedJudge:
    """Return the judge with a second stage, where that wins on tags that it did not see."""
    from workbench.engine.fine_tuning import tune

    fitted = judge.fitted
    if fitted is None or fitted.unseen is None or pool.pairs is None:
        return judge
    sure = fitted.sure
    labels = np.array([tag.answer is Answer.YES for tag in sure], dtype=np.int8)
    pairs = [pool.pairs[tag.at] for tag in sure]
    unseen = fitted.unseen[len(trainer.examples) :]
    calls = pool.pool.call[[tag.at for tag in sure]].tolist()
    stage = tune(_encoder(), pairs, labels, unseen, examples, trainer.seed, calls=calls)
    if stage is None or not stage.wins:
        return judge
    scores = stage.scores(fitted.model.scores(pool.pool, len(pool.pool)), pool.pairs.tolist())
    return SimulatedJudge(trainer.rescored(fitted, scores, stage.unseen), stage)


@cache
def _encoder() -> Any:
    from workbench.engine.encoders import DEFAULT_MODEL
    from workbench.engine.loading import load_encoder

    return load_encoder(DEFAULT_MODEL)


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    figures: dict[str, Any]
    asked: tuple[int, ...]
    scores: npt.NDArray[np.float32]
    found: Bools


_NOTHING_TOLD: dict[str, Any] = {name: {"precision": None, "hit_rate": None} for name in ("heldout", "corpus")}


def _play(
    trainer: Trainer, dealt: Dealt, rounds: int, audits: int, examples: Sequence[tuple[str, str]], held_out: bool
) -> Iterator[_Round]:
    pool, upcoming = dealt.pool, dealt.upcoming
    tags: list[TaggedSentence] = []
    fitted: Fitted | None = None
    for number in range(1, rounds + audits + 1):
        start = time.perf_counter()
        audit = number > rounds and fitted is not None and fitted.unseen is not None and trainer.two_sided(fitted)
        draw = trainer.draw_audit(number, fitted) if audit and fitted else trainer.draw(number, tags, fitted)
        selected = time.perf_counter()
        tags += [
            TaggedSentence(at=at, answer=Answer.YES if pool.truth[at] else Answer.NO, round=number, probability=p)
            for at, p in zip(draw.at, draw.probabilities, strict=True)
        ]
        estimate = _NOTHING_TOLD
        fit_start = time.perf_counter()
        try:
            fitted = trainer.fit(tags)
        except NotEnoughTags:
            fitted = None
        fit_end = time.perf_counter()
        judge = SimulatedJudge(fitted)
        if trainer.recipe.second_stage == "fine-tuned" and number == rounds + audits >= BASIC_ROUNDS:
            judge = _tuned(judge, trainer, pool, examples)
        tuned_end = time.perf_counter()
        if judge.fitted is not None:
            estimate = _estimate(trainer, number, judge.fitted, held_out)
        seconds: dict[str, float] = {} if judge.second is None else {"second_stage": tuned_end - fit_end}
        seconds |= {
            "select": selected - start,
            "fit": fit_end - fit_start,
            "estimate": time.perf_counter() - tuned_end,
        }
        threshold = np.inf if judge.fitted is None else judge.fitted.threshold
        known = np.zeros(len(pool.truth), dtype=np.float32) if judge.fitted is None else judge.fitted.scores
        scores = judge.scores(upcoming)
        found = scores >= threshold
        figures = {
            "round": number,
            "tags": len(tags),
            "yes": sum(tag.answer is Answer.YES for tag in tags),
            "upcoming": _truth(scores, found, upcoming.truth, ranking=True),
            "pool": _truth(known, known >= threshold, pool.truth, ranking=False),
            "met": _met(tags, dealt),
            "estimate": estimate,
            "seconds": seconds,
        }
        yield _Round(figures, tuple(tag.at for tag in tags), scores, found)


def _met(tags: Sequence[TaggedSentence], dealt: Dealt) -> float:
    """Return the share of the pool's bearers, the examples left out, that were asked about."""
    met = np.setdiff1d([tag.at for tag in tags], dealt.examples)
    return float(dealt.pool.truth[met].sum() / max(1, dealt.pool.truth.sum() - len(dealt.examples)))


def _truth(scores: npt.NDArray[np.float32], found: Bools, truth: Bools, ranking: bool) -> dict[str, float]:
    right = float((found & truth).sum())
    out = {"precision": right / max(1, found.sum()), "hit_rate": right / max(1, truth.sum())}
    if ranking:
        out["f1"] = 2 * right / max(1, found.sum() + truth.sum())
        out["best_f1"] = best_f1(scores, truth)
        out["average_precision"] = float(average_precision_score(truth, scores)) if truth.any() else 0.0
    return {name: float(value) for name, value in out.items()}


def best_f1(scores: npt.NDArray[np.floating], truth: Bools) -> float:
    """Return F1 at the best threshold that there is for these scores."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # what scores the same is found as a whole
    right, found = np.cumsum(truth[order])[last], np.flatnonzero(last) + 1
    return float((2 * right / (found + max(1, truth.sum()))).max()) if len(order) else 0.0


def _estimate(trainer: Trainer, number: int, fitted: Fitted, held_out: bool) -> dict[str, Any]:
    if not held_out:
        return _NOTHING_TOLD | {"corpus": _in_corpus(trainer.in_corpus(fitted))}
    made = trainer.estimate(number, fitted)
    held = {"precision": made.heldout.precision, "hit_rate": made.heldout.hit_rate}
    return {"heldout": held, "corpus": _in_corpus(made.corpus)}


def _in_corpus(told: CorpusEstimate) -> dict[str, Any]:
    return {"precision": _three(told.precision), "hit_rate": _three(told.hit_rate)}


def _three(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.point, interval.high]


def summary(runs: Sequence[dict[str, Any]]) -> list[tuple[str, str, float, float]]:
    """Recipe, label, mean F1 and mean average precision on upcoming calls after the last round."""
    groups: dict[tuple[str, str], list[dict[str, float]]] = {}
    for run in runs:
        groups.setdefault((run["recipe"], run["label"]), []).append(run["rounds"][-1]["upcoming"])
    return [
        (name, label, _mean(last, "f1"), _mean(last, "average_precision")) for (name, label), last in groups.items()
    ]


def _mean(figures: Sequence[Mapping[str, float]], name: str) -> float:
    return float(np.mean([one[name] for one in figures]))
