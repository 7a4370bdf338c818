"""Draws a stored round again, and computes its estimate again, from its log entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from workbench.domain.errors import NotEnoughTags
from workbench.domain.estimates import to_stored
from workbench.domain.tags import Reason
from workbench.engine.sampling import Draw
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.store.sessions import AskedSentence, Closing
from workbench.training.past import NotReplayable, Past
from workbench.training.records import counted_at
from workbench.training.scope import Answered, Openings, TrainingScope


def replaced_alike(
    past: Past,
    number: int,
    about: Mapping[str, Any],
    before: Mapping[str, float | None],
    asked: Sequence[AskedSentence],
    history: Sequence[Mapping[str, Any]],
    opened: Openings,
) -> bool:
    """Return whether the replacements in a round come out the same, too."""
    here = list(before)
    same = True
    for again, entry in enumerate(about.get("replaced", ()), 1):
        gone = [row["sentence_id"] for row in entry["removed"]]
        if entry["added"]:
            scope = past.scope(entry)
            tags = tags_until(scope, asked, history, opened, number - 1, datetime.fromisoformat(entry["at"]))
            kept = [at for at in scope.named.places(here) if at >= 0]
            fitted = fitted_to(scope.trainer, tags) if number > 1 else None
            draw = scope.trainer.draw_instead(number, again, tags, fitted, kept, len(gone))
            same &= [scope.named.id_at(at) for at in draw.at] == entry["added"]
        here = [name for name in here if name not in set(gone)] + entry["added"]
    return same


def estimated_again(
    past: Past,
    about: Mapping[str, Any],
    closing: Closing,
    asked: Sequence[AskedSentence],
    history: Sequence[Mapping[str, Any]],
    opened: Openings,
    number: int,
) -> dict[str, Any] | None:
    """Return the estimate as computed when the round was closed, or when it was last updated."""
    basis = closing.basis
    rule = (closing.estimate or {}).get("rule")
    scope = past.scope(basis if basis is not None else about, rule=None if basis is not None else rule)
    tags = tags_until(scope, asked, history, opened, number, closing.at)
    fitted = fitted_to(scope.trainer, tags)
    if fitted is None or (closing.estimate is None and not scope.trainer.two_sided(fitted)):
        return None
    estimate = scope.trainer.estimate(number, fitted)
    gone = len(scope.places.gone(name for name, _ in given_until(asked, history, number, closing.at)))
    if basis is not None and gone > basis["gone"]:
        raise NotReplayable(f"{gone - basis['gone']:,} answered sentences have left the corpus, or changed, since")
    return to_stored(replace(estimate, gone=gone))


def given_until(
    asked: Sequence[AskedSentence], history: Sequence[Mapping[str, Any]], number: int, moment: datetime
) -> list[tuple[str, Answered]]:
    """Return the answers to rounds up to ``number`` as they counted at a moment.

    They are in the order in which they were asked.
    """
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


def tags_until(
    scope: TrainingScope,
    asked: Sequence[AskedSentence],
    history: Sequence[Mapping[str, Any]],
    opened: Openings,
    number: int,
    moment: datetime,
) -> list[TaggedSentence]:
    tags = scope.tags([one for _, one in given_until(asked, history, number, moment)], opened)
    return tags if scope.trainer.method > 1 else [tag for tag in tags if tag.inside]  # as it was then


def fitted_to(trainer: Trainer, tags: Sequence[TaggedSentence]) -> Fitted | None:
    """Return the model for these tags; None if they are too few."""
    try:
        return trainer.fit(tags)
    except NotEnoughTags:
        return None


def round_again(
    scope: TrainingScope,
    number: int,
    about: Mapping[str, Any],
    stored: Mapping[str, float | None],
    tags: Sequence[TaggedSentence],
    same: bool = True,
) -> tuple[list[str], Draw]:
    """Return the ids of what a round asks if drawn now, and the reason for each.

    ``stored`` is what it asked, with the probabilities; ``tags`` are the answers before it. With ``same`` it should
    come out as it was, by the same recipe.
    """
    if about.get("imported"):  # nothing was drawn, so its sentences have no positions
        return list(stored), Draw([], [Reason.IMPORTED] * len(stored), [None] * len(stored))
    if about.get("picked"):
        names = _picked_again(scope, about["picked"], tags)
        return names, Draw([], [Reason.PICKED] * len(names), [None] * len(names))
    fitted = fitted_to(scope.trainer, tags) if number > 1 else None
    draw = _drawn_again(scope, number, about, tags, fitted, same)
    return [scope.named.id_at(at) for at in draw.at], draw


def _picked_again(scope: TrainingScope, picked: Sequence[str], tags: Sequence[TaggedSentence]) -> list[str]:
    """Return what a person picked, without sentences that have an answer by now, or no longer match."""
    inside = dict(zip(picked, scope.named.places(picked), strict=True))
    elsewhere = scope.places.matching([name for name, at in inside.items() if at < 0])
    taken = {scope.places.id_of(tag) for tag in tags}
    return [name for name, at in inside.items() if (at >= 0 or name in elsewhere) and name not in taken]


def _drawn_again(
    scope: TrainingScope,
    number: int,
    about: Mapping[str, Any],
    tags: Sequence[TaggedSentence],
    fitted: Fitted | None,
    same: bool,
) -> Draw:
    """Return the round as the trainer draws it.

    A review of a fine-tuned model's matches is used as it was: only the newest such model's scores are stored.
    """
    trainer, named = scope.trainer, scope.named
    review = about.get("review")
    told = fitted is not None and fitted.unseen is not None and trainer.two_sided(fitted)
    if fitted is None or not told or not (about.get("audit") or review):
        return trainer.draw(number, tags, fitted)
    if not review:
        return trainer.draw_audit(number, fitted)
    if not (same and review["second_stage"]):
        return trainer.draw_review(number, fitted, review["count"], review["skip"])
    at = [place for place in named.places(review["drawn"]) if place >= 0]
    return Draw([int(place) for place in at], [Reason.REVIEW] * len(at), [review["chance"]] * len(at))


def stored_round(asked: Sequence[AskedSentence], number: int, about: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the sentences that the round asked about when it was opened, in order, with their probabilities.

    Those that a review left unjudged, or that were replaced since, are recorded only in its opening.
    """
    review = about.get("review")
    if review:
        return dict.fromkeys(review["drawn"], review["chance"])
    rows = {item.sentence_id: (item.position, item.probability) for item in asked if item.round == number}
    picked = set(about.get("picked") or ())
    for item in asked:
        if item.round == number and item.reason is Reason.PICKED and item.sentence_id not in picked:
            rows.pop(item.sentence_id)  # answered after it was replaced, by someone who still saw it
    for entry in reversed(about.get("replaced", ())):
        for name in entry["added"]:
            rows.pop(name, None)
        rows |= {row["sentence_id"]: (row["position"], row["probability"]) for row in entry["removed"]}
    order = sorted(rows, key=lambda name: rows[name][0])
    return {name: rows[name][1] for name in order}
