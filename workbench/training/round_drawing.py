"""Opens rounds: what to ask next, and how an open round follows changed filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import IntegrityError

from workbench.domain.annotators import Given
from workbench.domain.errors import NotEnoughTags, NothingToTag, RoundIncomplete, UnknownCandidate
from workbench.domain.tags import CHOSEN, Reason
from workbench.domain.texts import text_key
from workbench.engine.sampling import Draw
from workbench.engine.training import Fitted
from workbench.store.sessions import AskedSentence, SessionRepository
from workbench.training.learning import Learning
from workbench.training.records import is_review
from workbench.training.scope import TrainingScope

NOTHING_LEFT = "No sentence is left to ask about; widen the filters or import more calls."


class RoundDrawing:
    """Draws the rounds of one tracker and stores what they ask."""

    def __init__(self, learning: Learning, answers: SessionRepository):
        self._learning = learning
        self._answers = answers

    def open(self, number: int) -> None:
        """Open a round; raises ``NothingToTag``."""
        scope, fitted = self._learning.scope, self._fitted(number)
        draw = scope.trainer.draw(number, self._learning.tags(number - 1), fitted)
        if not draw.at:
            raise NothingToTag(NOTHING_LEFT)
        try:
            self._write(scope, number, draw, fitted)
        except IntegrityError:
            if not self._answers.asked(number):  # else another kernel opened it first, and its round is used
                raise

    def open_audit(self, number: int, instead: str) -> None:
        """Open an audit instead of an open round; raises ``NotEnoughTags`` and ``RoundIncomplete``."""
        if number == 1:
            raise NotEnoughTags("An audit needs a trained tracker; complete a round first.")
        self._check_free(number, instead)
        scope, fitted = self._learning.scope, self._learning.fit(number - 1)
        draw = scope.trainer.draw_audit(number, fitted)
        self._write(scope, number, draw, fitted, audit=True, instead=instead)

    def open_review(self, number: int, count: int, skip: int) -> None:
        """Open a review; raises ``NotEnoughTags``, ``RoundIncomplete`` and ``NothingToTag``."""
        self._check_free(number, "complete it, then review")
        scope, draw, fitted, tuned = self.draw_review(number, count, skip)
        about = {
            "count": count,
            "skip": skip,
            "second_stage": tuned,
            "drawn": [scope.named.id_at(at) for at in draw.at],
            "chance": draw.probabilities[0],
        }
        self._write(scope, number, draw, fitted, review=about, instead="complete it, then review")

    def draw_review(self, number: int, count: int, skip: int) -> tuple[TrainingScope, Draw, Fitted, bool]:
        """Return what a review asks, the scope, the model that finds it, and whether that is the second stage."""
        if number == 1:
            raise NotEnoughTags("A review needs a trained tracker; complete a round first.")
        _, fitted = self._learning.current()
        scope = self._learning.scope
        draw = scope.trainer.draw_review(number, fitted, count, skip)
        if not draw.at:
            what = "Nothing is found yet" if not fitted.found.any() else "All that it finds has been judged"
            raise NothingToTag(f"{what}. Another round of tagging, or other examples, may bring more.")
        return scope, draw, fitted, fitted is not self._learning.first_stage()[1]

    def open_picked(self, number: int, sentence_ids: Sequence[str]) -> None:
        """Open a round of these sentences; raises ``UnknownCandidate``, ``RoundIncomplete`` and ``NothingToTag``."""
        self._check_free(number, "complete it first")
        scope = self._learning.scope
        known = {item.sentence_id for item in self._answers.asked() if item.round != number}
        new = [name for name in dict.fromkeys(sentence_ids) if name not in known]
        elsewhere = [name for name, at in zip(new, scope.named.places(new), strict=True) if at < 0]
        matching = scope.places.matching(elsewhere)
        strange = [name for name in elsewhere if name not in matching]
        if strange:
            raise UnknownCandidate(f"{strange[0]!r} is not among the sentences that match the filters")
        if not new:
            raise NothingToTag("All of these were asked about before; session.correct() changes an answer.")
        items = self._given_items(scope, number, self._fitted(number), new, Reason.PICKED)
        about = {**scope.about, "audit": False, "review": None, "picked": new}
        if not self._answers.open_round(number, items, about, instead=True):
            raise RoundIncomplete(f"round {number} has answers already; complete it first")

    def open_imported(
        self, number: int, given: Mapping[str, Sequence[Given]], said: Mapping[str, tuple[str, str]]
    ) -> None:
        """Open a round with imported answers, by sentence; raises ``RoundIncomplete``.

        ``said`` has the sentence before and the sentence itself, for sentences that are not in the corpus.
        """
        self._check_free(number, "complete it first")
        scope, fitted, names = self._learning.scope, self._fitted(number), list(given)
        keys = {name: text_key(text) for name, (_, text) in said.items()}
        items = [
            replace(one, given=tuple(given[one.sentence_id]), text_key=keys.get(one.sentence_id, one.text_key))
            for one in self._given_items(scope, number, fitted, names, Reason.IMPORTED)
        ]
        about = {**scope.about, "audit": False, "review": None, "picked": None, "imported": True}
        if not self._answers.open_round(number, items, about, instead=True, said=said):
            raise RoundIncomplete(f"round {number} has answers already; complete it first")

    def keep_up(self, number: int) -> bool:
        """Update the open round to the filters and the corpus; return whether it has changed.

        A round without answers is drawn again if the filters changed, except one of picked sentences. In one with
        answers the answered sentences stay; unanswered ones that no longer match, or were deleted, are replaced.
        """
        scope = self._learning.scope
        items = self._answers.asked(number)
        if not items:
            return False
        about = self._answers.openings().get(number, {})
        edits = [one["filters"] for one in about.get("replaced", ())]
        filters = edits[-1] if edits else about.get("filters", scope.about["filters"])
        picked = items[0].reason in CHOSEN
        if filters != scope.about["filters"] and not picked and not any(item.given for item in items):
            return self._redraw(number, about)
        scope.places.look_up({item.sentence_id: item.text_key for item in items})
        open_ones = [item for item in items if not item.given]
        places = [(item, scope.places.of(item.sentence_id)) for item in open_ones]
        lost = [item for item, place in places if place is None or not (place.matches or picked)]
        return bool(lost) and self._replace(scope, number, items, lost, about)

    def _redraw(self, number: int, about: Mapping[str, Any]) -> bool:
        """Return a round of the same kind for the current filters; a review is replaced by a plain round."""
        if about.get("audit"):
            with suppress(NotEnoughTags):
                self.open_audit(number, "complete it first")
                return True
        scope, fitted = self._learning.scope, self._fitted(number)
        draw = scope.trainer.draw(number, self._learning.tags(number - 1), fitted)
        if not draw.at:
            raise NothingToTag(NOTHING_LEFT)
        with suppress(RoundIncomplete):  # someone answered just now: then it stays, except for replacements
            self._write(scope, number, draw, fitted, instead="complete it first")
        return True

    def _replace(
        self,
        scope: TrainingScope,
        number: int,
        items: Sequence[AskedSentence],
        lost: Sequence[AskedSentence],
        about: Mapping[str, Any],
    ) -> bool:
        """Replace lost sentences, but only in plain rounds: audits and reviews stay the samples that they are."""
        plain = not about.get("audit") and not is_review(items) and items[0].reason not in CHOSEN
        new: list[AskedSentence] = []
        if plain:
            fitted = self._fitted(number)
            again = len(about.get("replaced", ())) + 1
            kept = [place.at for item in items if (place := scope.places.of(item.sentence_id)) and place.inside]
            draw = scope.trainer.draw_instead(number, again, self._learning.tags(number - 1), fitted, kept, len(lost))
            positions = [item.position for item in lost]
            new = self._items(scope, number, draw, fitted, positions)
        gone = [item.sentence_id for item in lost]
        return self._answers.replace_asked(number, gone, new, dict(scope.about))

    def items(self, scope: TrainingScope, number: int, draw: Draw, fitted: Fitted | None) -> list[AskedSentence]:
        """Return what a draw asks, in order."""
        return self._items(scope, number, draw, fitted, range(len(draw.at)))

    def _items(
        self,
        scope: TrainingScope,
        number: int,
        draw: Draw,
        fitted: Fitted | None,
        positions: Sequence[int],
        names: Sequence[str] | None = None,
    ) -> list[AskedSentence]:
        """Return what a draw asks; ``names`` are the ids, if sentences may be outside the pool, at -1."""
        values = self._scores(scope, fitted)
        ids = [scope.named.id_at(at) for at in draw.at] if names is None else names
        keys = {row["id"]: row["text_key"] for row in scope.lake.placed(ids).to_pylist()}
        return [
            AskedSentence(
                sentence_id=name,
                round=number,
                position=position,
                reason=reason,
                probability=probability,
                score=float(values[at]) if at >= 0 else 0.0,
                text_key=keys.get(name),
            )
            for name, at, reason, probability, position in zip(
                ids, draw.at, draw.reasons, draw.probabilities, positions, strict=False
            )
        ]

    def _given_items(
        self, scope: TrainingScope, number: int, fitted: Fitted | None, names: Sequence[str], reason: Reason
    ) -> list[AskedSentence]:
        """Return sentences that were not drawn but named by a person, in the pool or not."""
        count = len(names)
        given = Draw(scope.named.places(names), [reason] * count, [None] * count)
        return self._items(scope, number, given, fitted, range(count), names)

    def _scores(self, scope: TrainingScope, fitted: Fitted | None) -> NDArray[np.floating[Any]]:
        """Return the pool's probabilities, or its similarities to the examples if there is no model yet."""
        return scope.trainer.similarity() if fitted is None else fitted.calibration.probability(fitted.scores)

    def _fitted(self, number: int) -> Fitted | None:
        """Return the model used to draw a round, None before there is one."""
        with suppress(NotEnoughTags):
            return self._learning.fit(number - 1) if number > 1 else None
        return None

    def _check_free(self, number: int, then: str) -> None:
        if any(item.tag for item in self._answers.asked(number)):
            raise RoundIncomplete(f"round {number} has answers already; {then}")

    def _write(
        self,
        scope: TrainingScope,
        number: int,
        draw: Draw,
        fitted: Fitted | None,
        audit: bool = False,
        review: Mapping[str, Any] | None = None,
        instead: str = "",
    ) -> None:
        """Store a round; with ``instead`` it replaces an open round, which says what to do if it has answers."""
        about = {**scope.about, "audit": audit, "review": review, "picked": None}
        items = self.items(scope, number, draw, fitted)
        if not self._answers.open_round(number, items, about, instead=bool(instead)):
            raise RoundIncomplete(f"round {number} has answers already; {instead}")
