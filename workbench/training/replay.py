"""The log of a session, and replaying it (X3): the same rounds bit by bit, or with another recipe."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain.errors import CorpusNotEncoded, EncoderUnavailable, NotEnoughTags
from workbench.domain.estimates import to_stored
from workbench.domain.plurals import plural
from workbench.domain.trackers import TrackerSpec
from workbench.engine.heads import TrainingSet
from workbench.engine.recipes import Recipe, from_dict, recipe
from workbench.engine.sampling import Draw
from workbench.resources import Resources
from workbench.store.sessions import SessionRepository
from workbench.training.past import NotReplayable, Past
from workbench.training.records import counted_at
from workbench.training.redrawing import (
    estimated_again,
    fitted_to,
    replaced_alike,
    round_again,
    stored_round,
    tags_until,
)
from workbench.training.scope import Answered, Openings
from workbench.training.scope_opening import open_scope, versions

_ROUNDING = 1e-3
"""The largest difference that rounding may make after training, as vectors have seven digits.

Between two processors, 3e-5 was seen.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRound:
    """One replayed round.

    ``same`` says whether sentences, order, probabilities and estimate equal those stored, bit by bit; ``differs`` lists
    what does not. ``alike`` says whether they are equal except for rounding: another processor adds up in another
    order. ``unanswered`` sentences were asked here but not in the original round: they teach nothing. ``reason`` says
    why a round can't be replayed, because its data no longer exists; it is empty if it can.
    """

    number: int
    asked: int
    unanswered: int
    same: bool
    differs: tuple[str, ...]
    estimate: dict[str, Any] | None
    stored_estimate: dict[str, Any] | None
    reason: str = ""
    alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The result of a replay; ``changed`` lists what differs from then: corpus, filters, versions and the like.

    Each round is replayed with its own calls and filters, so that later changes matter only if calls were deleted or
    corrected.
    """

    recipe: str
    rounds: tuple[ReplayedRound, ...]
    changed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Return whether every round came out as it was stored."""
        return all(one.same for one in self.rounds)

    @property
    def alike(self) -> bool:
        """Return whether every round came out as it was stored, except for rounding, as on another processor."""
        return all(one.alike for one in self.rounds)

    def __str__(self) -> str:
        almost = "the same rounds, but for rounding" if self.alike else "other rounds"
        lines = [f"recipe {self.recipe}: {'the same rounds' if self.same else almost}"]
        lines += [f"changed since: {what}" for what in self.changed]
        for one in self.rounds:
            how = " by rounding" if one.alike else ""
            what = "same" if one.same else f"differs in {', '.join(one.differs)}{how}"
            what = f"can't be replayed: {one.reason}" if one.reason else what
            open_ones = f", {one.unanswered} of {one.asked} never answered" if one.unanswered else ""
            lines.append(f"round {one.number}: {what}{open_ones}")
        return "\n".join(lines)


def replay(
    resources: Resources,
    spec: TrackerSpec,
    answers: SessionRepository,
    taught: TrainingSet | None = None,
    recipe_name: str | None = None,
) -> Replay:
    """See :meth:`workbench.workspace.tracker.Tracker.replay`."""
    opened = answers.openings()
    if not opened:
        raise NotEnoughTags("There is nothing to replay: no round was opened by a version that keeps a log.")
    first = opened[min(opened)]
    chosen = recipe(recipe_name) if recipe_name else from_dict(first["recipe"])
    changed = _changed(first, _now(resources, spec, chosen), other_recipe=recipe_name is not None)
    past = Past(resources, spec, taught)
    played = _play_otherwise(past, answers, opened, chosen) if recipe_name else _play_again(past, answers, opened)
    return Replay(recipe=chosen.name, rounds=tuple(played), changed=changed)


def _now(resources: Resources, spec: TrackerSpec, chosen: Recipe) -> Mapping[str, Any]:
    """Return what a round would be drawn with today.

    It has no pool if calls have no vectors yet.
    """
    try:
        return open_scope(resources, spec, chosen, None).about
    except (CorpusNotEncoded, EncoderUnavailable):
        about = {
            "filters": spec.filters.for_training().to_dict(),
            "examples": list(spec.examples),
            "recipe": chosen.to_dict(),
        }
        return {**about, "encoder": resources.encoder.key, "pool": None, "versions": versions()}


def _play_again(past: Past, answers: SessionRepository, opened: Openings) -> Iterator[ReplayedRound]:
    """Yield each round, replayed alone after the answers to the rounds before it."""
    closings, history, asked = answers.closings(), answers.history(), answers.asked()
    for number, about in sorted(opened.items()):
        stored = closings.get(number)
        before = stored_round(asked, number, about)
        told = None if stored is None else stored.estimate
        try:
            then = past.scope(about)
            tags = tags_until(then, asked, history, opened, number - 1, about["opened"])
            ids, draw = round_again(then, number, about, before, tags)
            replaced = replaced_alike(past, number, about, before, asked, history, opened)
            estimate, unanswered = None, 0
            if stored is not None:
                estimate = estimated_again(past, about, stored, asked, history, opened, number)
                given = {item.sentence_id for item in asked if item.round == number and item.tag}
                unanswered = sum(name not in given for name in ids) if about.get("review") else 0
        except NotReplayable as error:
            yield _lost(number, len(before), told, str(error))
            continue
        yield _replayed(number, before, ids, draw, estimate, told, unanswered, replaced)


def _play_otherwise(
    past: Past, answers: SessionRepository, opened: Openings, chosen: Recipe
) -> Iterator[ReplayedRound]:
    """Yield rounds drawn by another recipe, one after the other; what was never answered teaches nothing."""
    closings, asked, said = answers.closings(), answers.asked(), counted_at(answers.history())
    own: list[Answered] = []
    for number, about in sorted(opened.items()):
        stored = closings.get(number)
        told = None if stored is None else stored.estimate
        before = stored_round(asked, number, about)
        try:
            then = past.scope(about, chosen)
        except NotReplayable as error:
            yield _lost(number, 0, told, str(error))
            continue
        tags = then.tags([one for one in own if one.round < number], {})
        ids, draw = round_again(then, number, about, before, tags, same=False)
        new = [
            Answered(sentence_id=name, answer=said[name], round=number, reason=reason, probability=chance)
            for name, reason, chance in zip(ids, draw.reasons, draw.probabilities, strict=True)
            if name in said
        ]
        if len(new) < len(ids) and about.get("review"):
            new = [replace(one, probability=None) for one in new]
        own += new
        estimate = None
        if stored is not None:
            fitted = fitted_to(then.trainer, then.tags(own, {}))
            estimate = None if fitted is None else to_stored(then.trainer.estimate(number, fitted))
        unanswered = len(ids) - len(new) if stored is not None else 0
        yield _replayed(number, before, ids, draw, estimate, told, unanswered)


def _lost(number: int, asked: int, stored: dict[str, Any] | None, reason: str) -> ReplayedRound:
    return ReplayedRound(
        number=number,
        asked=asked,
        unanswered=0,
        same=False,
        differs=(),
        estimate=None,
        stored_estimate=stored,
        reason=reason,
    )


def _replayed(
    number: int,
    before: Mapping[str, float | None],
    ids: Sequence[str],
    draw: Draw,
    estimate: dict[str, Any] | None,
    stored: dict[str, Any] | None,
    unanswered: int,
    replaced: bool = True,
) -> ReplayedRound:
    estimate = _like(estimate, stored)
    differs = _differences(before, ids, draw, estimate, stored, replaced)
    return ReplayedRound(
        number=number,
        asked=len(ids),
        unanswered=unanswered,
        same=not differs,
        differs=differs,
        estimate=estimate,
        stored_estimate=stored,
        alike=set(differs) <= {"chances", "estimate"}
        and is_close(list(before.values()), list(draw.probabilities))
        and is_close(estimate, stored),
    )


def is_close(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal except for rounding of their numbers."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING**2)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_close(value, other[name]) for name, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_close, one, other))
    return bool(one == other)


def _like(estimate: Any, stored: Any) -> Any:
    """Return an estimate with those fields alone that the version had which stored the other."""
    if not (isinstance(estimate, dict) and isinstance(stored, dict)):
        return estimate
    return {name: _like(estimate[name], stored[name]) for name in stored if name in estimate}


def _differences(
    before: Mapping[str, float | None],
    ids: Sequence[str],
    draw: Draw,
    estimate: dict[str, Any] | None,
    stored_estimate: dict[str, Any] | None,
    replaced: bool,
) -> tuple[str, ...]:
    out = []
    if set(before) != set(ids):
        out.append(plural(len(set(before) - set(ids)), "sentence"))
    elif list(before) != list(ids):
        out.append("order")
    elif list(before.values()) != draw.probabilities:
        out.append("chances")
    if not replaced:
        out.append("sentences that took others' places")
    if estimate != stored_estimate:
        out.append("estimate")
    return tuple(out)


def _changed(before: Mapping[str, Any], now: Mapping[str, Any], other_recipe: bool) -> tuple[str, ...]:
    """Return what has changed since then, in words."""
    out = []
    for name, words in (("filters", "the filters"), ("encoder", "the encoder"), ("pool", "the corpus")):
        if before.get(name) != now[name]:
            out.append(words)
    if before.get("examples") != now["examples"]:
        out.append("the examples (those of that time were used)")
    if not other_recipe and Recipe(**before["recipe"]) != Recipe(**now["recipe"]):
        out.append("the recipe")
    for name, then in before.get("versions", {}).items():
        if then != now["versions"].get(name):
            out.append(f"{name} ({then} then, {now['versions'].get(name)} now)")
    return tuple(out)
