"""The log of a session, and playing it again (X3): the same rounds bit by bit, or another recipe's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from workbench.domain.errors import NotEnoughTags
from workbench.domain.tags import Answer, Reason
from workbench.domain.trackers import TrackerSpec
from workbench.engine.recipes import Recipe, from_dict, recipe
from workbench.engine.sampling import Draw
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.pools import NamedPool
from workbench.records import counted_at
from workbench.store.sessions import Asked, SessionRepository
from workbench.tracker_files import imported

if TYPE_CHECKING:
    from workbench.workspace import Workspace

_PACKAGES = ("tracker-workbench", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRound:
    """One round, played again.

    ``same`` tells whether sentences, order, chances and estimate are those stored, bit by bit; ``differs`` names what
    is not. ``unanswered`` sentences were asked here and never there: they teach nothing.
    """

    number: int
    asked: int
    unanswered: int
    same: bool
    differs: tuple[str, ...]
    estimate: dict[str, Any] | None
    stored_estimate: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """``changed`` names what is not as it was when the rounds were drawn: corpus, filters, versions and the like."""

    recipe: str
    rounds: tuple[ReplayedRound, ...]
    changed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every round came out as it was stored."""
        return all(one.same for one in self.rounds)

    def __str__(self) -> str:
        lines = [f"recipe {self.recipe}: {'the same rounds' if self.same else 'other rounds'}"]
        lines += [f"changed since: {what}" for what in self.changed]
        for one in self.rounds:
            what = "same" if one.same else f"differs in {', '.join(one.differs)}"
            open_ones = f", {one.unanswered} of {one.asked} never answered" if one.unanswered else ""
            lines.append(f"round {one.number}: {what}{open_ones}")
        return "\n".join(lines)


def drawn_with(spec: TrackerSpec, trainer: Trainer, named: NamedPool, workspace: Workspace) -> dict[str, Any]:
    """What decides which sentences a round asks about, beside the answers."""
    return {
        "recipe": trainer.recipe.to_dict(),
        "seed": trainer.seed,
        "examples": list(spec.examples),
        "filters": spec.filters.to_dict(),
        "encoder": workspace.encoder.key,
        "pool": fingerprint(named),
        "versions": {name: _version(name) for name in _PACKAGES},
    }


def fingerprint(named: NamedPool) -> str:
    """A hash of the pool's sentences in their order: another one means another corpus, or other filters."""
    found = hashlib.blake2b(digest_size=12)
    for array in (named.rows, named.pool.call, named.pool.text, named.pool.before):
        found.update(memoryview(array.astype("int64")).cast("B"))
    return found.hexdigest()


def session_log(spec: TrackerSpec, answers: SessionRepository) -> dict[str, Any]:
    """Everything that was asked and answered, ready for JSON."""
    opened, completed = answers.openings(), answers.completed()
    rounds = [
        {
            "round": number,
            "drawn_with": _plain(opened.get(number, {})),
            "asked": [_asked(item) for item in answers.asked(number)],
            "estimate": completed.get(number),
            "complete": number in completed,
        }
        for number in range(1, answers.newest_round() + 1)
    ]
    return {
        "tracker": spec.name,
        "id": spec.id,
        "rounds": rounds,
        "answers": [_plain(one) for one in answers.history()],
    }


def replay(
    workspace: Workspace, spec: TrackerSpec, answers: SessionRepository, recipe_name: str | None = None
) -> Replay:
    """See :meth:`workbench.tracker.Tracker.replay`."""
    opened = answers.openings()
    if not opened:
        raise NotEnoughTags("There is nothing to replay: no round was opened by a version that keeps a log.")
    first = opened[min(opened)]
    chosen = recipe(recipe_name) if recipe_name else from_dict(first["recipe"])
    brought = imported(workspace, spec.id)
    taught = None if brought is None else brought.taught
    trainer, named = workspace.trainer(spec.filters, first["examples"], chosen, first["seed"], taught)
    changed = _changed(first, drawn_with(spec, trainer, named, workspace), other_recipe=recipe_name is not None)
    rounds = _play(trainer, named, answers, opened, same=recipe_name is None)
    return Replay(recipe=chosen.name, rounds=tuple(rounds), changed=changed)


class _Answers:
    """The answers as they stood at any moment: an answer may be corrected rounds later."""

    def __init__(self, history: Sequence[Mapping[str, Any]]):
        self._history = history

    def at(self, moment: datetime | None) -> dict[str, Answer]:
        """What counted, by sentence; that of now without a moment."""
        return counted_at(self._history, moment)


class _Learner:
    """The trainer with what was asked so far; fits the same tags once."""

    def __init__(self, trainer: Trainer, answers: _Answers):
        self.trainer = trainer
        self._answers = answers
        self._asked: list[tuple[str, TaggedSentence]] = []
        self._last: tuple[tuple[TaggedSentence, ...], Fitted | None] = ((), None)

    def add(self, number: int, ids: Sequence[str], draw: Draw) -> None:
        for name, at, chance, reason in zip(ids, draw.at, draw.probabilities, draw.reasons, strict=True):
            review = reason is Reason.REVIEW
            tag = TaggedSentence(at=at, answer=Answer.NO, round=number, probability=chance, review=review)
            self._asked.append((name, tag))

    def chosen(self, number: int) -> None:
        """A review was closed with some unjudged: what was judged is the person's choice."""
        self._asked = [
            (name, replace(tag, probability=None) if tag.round == number and tag.review else tag)
            for name, tag in self._asked
        ]

    def tags(self, moment: datetime | None) -> tuple[TaggedSentence, ...]:
        given = self._answers.at(moment)
        return tuple(replace(tag, answer=given[name]) for name, tag in self._asked if name in given)

    def fitted(self, tags: tuple[TaggedSentence, ...], trainer: Trainer | None = None) -> Fitted | None:
        """None where they are too few."""
        if tags != self._last[0]:
            try:
                self._last = tags, (trainer or self.trainer).fit(tags)
            except NotEnoughTags:
                self._last = tags, None
        return self._last[1]


def _play(
    trainer: Trainer, named: NamedPool, answers: SessionRepository, opened: Mapping[int, Mapping[str, Any]], same: bool
) -> list[ReplayedRound]:
    learner, standing = _Learner(trainer, _Answers(answers.history())), answers.completed()
    closed = answers.closed()
    out = []
    for number, about in sorted(opened.items()):
        tags = learner.tags(about["opened"] if same else None)
        fitted = learner.fitted(tags)
        draw = _drawn(trainer, named, number, about, tags, fitted, same)
        ids = [named.id_at(at) for at in draw.at]
        learner.add(number, ids, draw)
        stored, estimate, missing = standing.get(number), None, 0
        if number in closed:
            tags = learner.tags(closed[number] if same else None)
            missing = len(ids) - sum(tag.round == number for tag in tags)
            if missing and about.get("review"):
                learner.chosen(number)
                tags = learner.tags(closed[number] if same else None)
            by_rule = _by_rule(trainer, stored) if same else trainer
            fitted = learner.fitted(tags, by_rule)
            estimate = None if fitted is None else asdict(by_rule.estimate(number, fitted))
        differs = _differences(*_stored(answers, number, about), ids, draw, estimate, stored)
        out.append(
            ReplayedRound(
                number=number,
                asked=len(ids),
                unanswered=missing,
                same=not differs,
                differs=differs,
                estimate=estimate,
                stored_estimate=stored,
            )
        )
    return out


def _drawn(
    trainer: Trainer,
    named: NamedPool,
    number: int,
    about: Mapping[str, Any],
    tags: tuple[TaggedSentence, ...],
    fitted: Fitted | None,
    same: bool,
) -> Draw:
    """The round as the trainer draws it.

    What a person picked is taken as it was, and so is a review of what a fine-tuned model found: of such models only
    the newest one's scores are kept.
    """
    review, picked = about.get("review"), about.get("picked")
    if picked:
        taken = {tag.at for tag in tags}
        at = [int(place) for place in named.places(picked) if place >= 0 and place not in taken]
        return Draw(at, [Reason.PICKED] * len(at), [None] * len(at))
    if fitted is None or fitted.unseen is None or not (about["audit"] or review):
        return trainer.draw(number, tags, fitted)
    if not review:
        return trainer.draw_audit(number, fitted)
    if not (same and review["second_stage"]):
        return trainer.draw_review(number, fitted, review["count"], review["skip"])
    at = [place for place in named.places(review["drawn"]) if place >= 0]
    return Draw([int(place) for place in at], [Reason.REVIEW] * len(at), [review["chance"]] * len(at))


def _stored(answers: SessionRepository, number: int, about: Mapping[str, Any]) -> tuple[list[str], list[float | None]]:
    """What the round asked, and the chances; the sentences that a review left unjudged are in its opening only."""
    review = about.get("review")
    if review:
        return review["drawn"], [review["chance"]] * len(review["drawn"])
    items = answers.asked(number)
    return [item.sentence_id for item in items], [item.probability for item in items]


def _by_rule(trainer: Trainer, stored: Mapping[str, Any] | None) -> Trainer:
    """The trainer with the threshold rule of then; which sentences are asked about does not depend on it."""
    kept = copy(trainer)
    if stored and "rule" in stored:
        kept.recipe = replace(trainer.recipe, threshold=stored["rule"])
    return kept


def _differences(
    before: Sequence[str],
    chances: Sequence[float | None],
    ids: Sequence[str],
    draw: Draw,
    estimate: dict[str, Any] | None,
    stored_estimate: dict[str, Any] | None,
) -> tuple[str, ...]:
    out = []
    if set(before) != set(ids):
        out.append(f"{len(set(before) - set(ids))} sentences")
    elif list(before) != list(ids):
        out.append("order")
    elif list(chances) != draw.probabilities:
        out.append("chances")
    if estimate != (stored_estimate and {"rule": "balanced"} | stored_estimate):
        out.append("estimate")
    return tuple(out)


def _changed(before: Mapping[str, Any], now: Mapping[str, Any], other_recipe: bool) -> tuple[str, ...]:
    """What differs between then and now, in words."""
    out = []
    for name, words in (("filters", "the filters"), ("encoder", "the encoder"), ("pool", "the corpus")):
        if before.get(name) != now[name]:
            out.append(words)
    if before.get("examples") != now["examples"]:
        out.append("the examples (those of then were used)")
    if not other_recipe and Recipe(**before["recipe"]) != Recipe(**now["recipe"]):
        out.append("the recipe")
    for name, then in before.get("versions", {}).items():
        if then != now["versions"].get(name):
            out.append(f"{name} ({then} then, {now['versions'].get(name)} now)")
    return tuple(out)


def _asked(item: Asked) -> dict[str, Any]:
    answer = None if item.tag is None else str(item.tag.answer)
    return {
        "sentence_id": item.sentence_id,
        "reason": str(item.reason),
        "probability": item.probability,
        "score": item.score,
        "answer": answer,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
