"""The log of a session, and playing it again (X3): the same rounds bit by bit, or another recipe's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workbench.domain.errors import CorpusNotEncoded, EncoderUnavailable, NotEnoughTags
from workbench.domain.estimates import to_stored
from workbench.domain.tags import Reason
from workbench.domain.trackers import TrackerSpec
from workbench.engine.heads import TrainingSet
from workbench.engine.recipes import Recipe, from_dict, recipe
from workbench.engine.sampling import Draw
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.resources import Resources
from workbench.store.sessions import Asked, Closing, SessionRepository
from workbench.training.past import NotReplayable, Past
from workbench.training.records import counted_at
from workbench.training.scope import Answered, Openings, Scope
from workbench.training.scope_opening import open_scope, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRound:
    """One round, played again.

    ``same`` tells whether sentences, order, chances and estimate are those stored, bit by bit; ``differs`` names what
    is not. ``unanswered`` sentences were asked here and never there: they teach nothing. ``reason`` says why a round
    can't be replayed, because what it was drawn from is not there any more; it is empty where it can.
    """

    number: int
    asked: int
    unanswered: int
    same: bool
    differs: tuple[str, ...]
    estimate: dict[str, Any] | None
    stored_estimate: dict[str, Any] | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """``changed`` names what is not as it was when the rounds were drawn: corpus, filters, versions and the like.

    Each round is played over the calls, with the filters, of its own day, so that what changed since matters only where
    calls were deleted or corrected.
    """

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
            what = f"can't be replayed: {one.reason}" if one.reason else what
            open_ones = f", {one.unanswered} of {one.asked} never answered" if one.unanswered else ""
            lines.append(f"round {one.number}: {what}{open_ones}")
        return "\n".join(lines)


def session_log(spec: TrackerSpec, answers: SessionRepository) -> dict[str, Any]:
    """Everything that was asked and answered, ready for JSON."""
    opened, closings = answers.openings(), answers.closings()
    rounds = [
        {
            "round": number,
            "drawn_with": _plain(opened.get(number, {})),
            "asked": [_asked(item) for item in answers.asked(number)],
            "estimate": closings[number].estimate if number in closings else None,
            "basis": closings[number].basis if number in closings else None,
            "complete": number in closings,
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
    """What a round would be drawn with today; without a pool where that can't be had, as calls have no vectors yet."""
    try:
        return open_scope(resources, spec, chosen, None).about
    except (CorpusNotEncoded, EncoderUnavailable):
        about = {"filters": spec.filters.to_dict(), "examples": list(spec.examples), "recipe": chosen.to_dict()}
        return {**about, "encoder": resources.encoder.key, "pool": None, "versions": versions()}


def _play_again(past: Past, answers: SessionRepository, opened: Openings) -> Iterator[ReplayedRound]:
    """Each round by itself, after the answers that had been given to the rounds before it."""
    closings, history, asked = answers.closings(), answers.history(), answers.asked()
    for number, about in sorted(opened.items()):
        stored = closings.get(number)
        before = _stored(asked, number, about)
        told = None if stored is None else stored.estimate
        try:
            then = past.scope(about)
            tags = _tags(then, asked, history, opened, number - 1, about["opened"])
            draw = _drawn(then, number, about, tags, _fitted(then.trainer, tags) if number > 1 else None)
            ids = [then.named.id_at(at) for at in draw.at]
            replaced = _replaced(past, number, about, before, asked, history, opened)
            estimate, unanswered = None, 0
            if stored is not None:
                estimate = _estimated(past, about, stored, asked, history, opened, number)
                given = {item.sentence_id for item in asked if item.round == number and item.tag}
                unanswered = sum(name not in given for name in ids) if about.get("review") else 0
        except NotReplayable as error:
            yield _lost(number, len(before), told, str(error))
            continue
        yield _replayed(number, before, ids, draw, estimate, told, unanswered, replaced)


def _play_otherwise(
    past: Past, answers: SessionRepository, opened: Openings, chosen: Recipe
) -> Iterator[ReplayedRound]:
    """Its own rounds by another recipe, one after the other; what was never answered teaches nothing."""
    closings, asked, said = answers.closings(), answers.asked(), counted_at(answers.history())
    own: list[Answered] = []
    for number, about in sorted(opened.items()):
        stored = closings.get(number)
        told = None if stored is None else stored.estimate
        before = _stored(asked, number, about)
        try:
            then = past.scope(about, chosen)
        except NotReplayable as error:
            yield _lost(number, 0, told, str(error))
            continue
        tags = then.tags([one for one in own if one.round < number], {})
        fitted = _fitted(then.trainer, tags) if number > 1 else None
        draw = _drawn(then, number, about, tags, fitted, same=False)
        ids = [then.named.id_at(at) for at in draw.at]
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
            fitted = _fitted(then.trainer, then.tags(own, {}))
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
    )


def _like(estimate: Any, stored: Any) -> Any:
    """An estimate with those fields alone that the version had which stored the other."""
    if not (isinstance(estimate, dict) and isinstance(stored, dict)):
        return estimate
    return {name: _like(estimate[name], stored[name]) for name in stored if name in estimate}


def _replaced(
    past: Past,
    number: int,
    about: Mapping[str, Any],
    before: Mapping[str, float | None],
    asked: Sequence[Asked],
    history: Sequence[Mapping[str, Any]],
    opened: Openings,
) -> bool:
    """Whether what took others' places in the round comes out the same, too."""
    here = list(before)
    same = True
    for again, entry in enumerate(about.get("replaced", ()), 1):
        gone = [row["sentence_id"] for row in entry["removed"]]
        if entry["added"]:
            scope = past.scope(entry)
            tags = _tags(scope, asked, history, opened, number - 1, datetime.fromisoformat(entry["at"]))
            kept = [at for at in scope.named.places(here) if at >= 0]
            fitted = _fitted(scope.trainer, tags) if number > 1 else None
            draw = scope.trainer.draw_instead(number, again, tags, fitted, kept, len(gone))
            same &= [scope.named.id_at(at) for at in draw.at] == entry["added"]
        here = [name for name in here if name not in set(gone)] + entry["added"]
    return same


def _estimated(
    past: Past,
    about: Mapping[str, Any],
    closing: Closing,
    asked: Sequence[Asked],
    history: Sequence[Mapping[str, Any]],
    opened: Openings,
    number: int,
) -> dict[str, Any] | None:
    """The estimate as it was made when the round was closed, or when it was last made anew."""
    basis = closing.basis
    rule = (closing.estimate or {}).get("rule")
    scope = past.scope(basis if basis is not None else about, rule=None if basis is not None else rule)
    tags = _tags(scope, asked, history, opened, number, closing.at)
    fitted = _fitted(scope.trainer, tags)
    if fitted is None or (closing.estimate is None and not scope.trainer.two_sided(fitted)):
        return None
    estimate = scope.trainer.estimate(number, fitted)
    gone = len(scope.places.gone(name for name, _ in _given(asked, history, number, closing.at)))
    if basis is not None and gone > basis["gone"]:
        raise NotReplayable(f"{gone - basis['gone']:,} answered sentences have left the corpus, or changed, since")
    return to_stored(replace(estimate, gone=gone))


def _given(
    asked: Sequence[Asked], history: Sequence[Mapping[str, Any]], number: int, moment: datetime
) -> list[tuple[str, Answered]]:
    """The answers to rounds up to ``number`` as they counted at a moment, in the order in which they were asked."""
    said = counted_at(history, moment)
    return [
        (
            item.sentence_id,
            Answered(
                sentence_id=item.sentence_id,
                answer=said[item.sentence_id],
                round=item.round,
                reason=item.reason,
                probability=item.probability,
                text_key=item.text_key,
            ),
        )
        for item in asked
        if item.round <= number and item.sentence_id in said
    ]


def _tags(
    scope: Scope,
    asked: Sequence[Asked],
    history: Sequence[Mapping[str, Any]],
    opened: Openings,
    number: int,
    moment: datetime,
) -> list[TaggedSentence]:
    tags = scope.tags([one for _, one in _given(asked, history, number, moment)], opened)
    return tags if scope.trainer.method > 1 else [tag for tag in tags if tag.inside]  # as it was then


def _fitted(trainer: Trainer, tags: Sequence[TaggedSentence]) -> Fitted | None:
    """None where they are too few."""
    try:
        return trainer.fit(tags)
    except NotEnoughTags:
        return None


def _drawn(
    scope: Scope,
    number: int,
    about: Mapping[str, Any],
    tags: Sequence[TaggedSentence],
    fitted: Fitted | None,
    same: bool = True,
) -> Draw:
    """The round as the trainer draws it.

    What a person picked is taken as it was, and so is a review of what a fine-tuned model found: of such models only
    the newest one's scores are kept.
    """
    trainer, named = scope.trainer, scope.named
    review, picked = about.get("review"), about.get("picked")
    if picked:
        taken = {tag.at for tag in tags if tag.inside}
        at = [int(place) for place in named.places(picked) if place >= 0 and place not in taken]
        return Draw(at, [Reason.PICKED] * len(at), [None] * len(at))
    told = fitted is not None and fitted.unseen is not None and trainer.two_sided(fitted)
    if fitted is None or not told or not (about.get("audit") or review):
        return trainer.draw(number, tags, fitted)
    if not review:
        return trainer.draw_audit(number, fitted)
    if not (same and review["second_stage"]):
        return trainer.draw_review(number, fitted, review["count"], review["skip"])
    at = [place for place in named.places(review["drawn"]) if place >= 0]
    return Draw([int(place) for place in at], [Reason.REVIEW] * len(at), [review["chance"]] * len(at))


def _stored(asked: Sequence[Asked], number: int, about: Mapping[str, Any]) -> dict[str, float | None]:
    """The sentences that the round asked about when it was opened, in their order, with their chances.

    Those that a review left unjudged, or that made room for others since, stand in its opening only.
    """
    review = about.get("review")
    if review:
        return dict.fromkeys(review["drawn"], review["chance"])
    rows = {item.sentence_id: (item.position, item.probability) for item in asked if item.round == number}
    picked = set(about.get("picked") or ())
    for item in asked:
        if item.round == number and item.reason is Reason.PICKED and item.sentence_id not in picked:
            rows.pop(item.sentence_id)  # answered after it had made room, by somebody who still saw it
    for entry in reversed(about.get("replaced", ())):
        for name in entry["added"]:
            rows.pop(name, None)
        rows |= {row["sentence_id"]: (row["position"], row["probability"]) for row in entry["removed"]}
    order = sorted(rows, key=lambda name: rows[name][0])
    return {name: rows[name][1] for name in order}


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
        out.append(f"{len(set(before) - set(ids))} sentences")
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
