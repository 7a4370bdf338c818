"""The cards on which a person answers yes, no or not sure, in rounds of 25."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from workbench.domain.errors import NothingToTag, UnknownCandidate, WorkbenchError
from workbench.domain.rounds import BASIC_ROUNDS, Round, trained
from workbench.widgets import traits, views
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import CardView, CarouselView, EvidenceResult, RoundEndView, UndoResult
from workbench.widgets.round_ends import round_end
from workbench.widgets.tuning import TUNING, TrainingWidget

CANCEL_SECONDS = 20.0

NOTHING: CarouselView = {
    "phase": "nothing",
    "tracker": "",
    "round": 0,
    "answers": {},
    "summary": None,
    "fraction": 0.0,
    "message": "",
    "rounds_done": 0,
    "basic_rounds": BASIC_ROUNDS,
    "news": "",
    "about": "",
    "examples": [],
    "ended": None,
}
SURFACED = 10  # sentences that it would find now, shown at the end of a round
EXAMPLES = 5  # of a tracker's, at hand while sentences are judged


class TaggingCarousel(TrainingWidget):
    """Shows the open round card by card; every answer is on disk before the next card is shown."""

    _esm = esm("carousel")
    _css = css("carousel")

    _answers: Mapping[str, Any] = {}

    reopens = True
    requests = frozenset({"open", "tag", "undo", "progress", "evidence", "surface", "show_call"}) | TUNING

    cards = traits.records(CardView).tag(sync=True)
    """The open round's sentences in order, with their context."""

    state = traits.record(CarouselView, NOTHING).tag(sync=True)
    """The state of the round: phase, answers, training's progress (``protocol.CarouselView``)."""

    rounds_done = traitlets.Int(0).tag(sync=True)
    """How many rounds are complete. Observe it to act when one completes."""

    straight_on = traitlets.Bool(False).tag(sync=True)
    """Whether the next round starts at once, without a card that says what the last one brought."""

    def on_tag(self, sentence_id: str, answer: str) -> None:
        """Store an answer, report what others did meanwhile, and start training after the round's last one."""
        session, number = self._session(), self.state["round"]
        try:
            session.tag(sentence_id, answer)
        except UnknownCandidate:
            if self._shows_open_round():
                raise  # else the same person has completed the round in another window
        if not self._shows_open_round() or self._keep_up():
            same = session.round_number == number
            others = session.others(number)
            self._load()
            outside = sum(card["outside"] for card in self.cards if card["sentence_id"] in self.state["answers"])
            self._update(news=views.refilled(outside) if same else views.completed(number, others))
            self._hub.answered(self.tracker_id, self)
            return
        given = self._given()
        if given != {**self.state["answers"], sentence_id: answer}:
            self._update(news=views.others(session.others()))
        with self.hold_sync():  # the last answer and what follows from it show at once
            self._update(answers=given, ended=None)
            if self._job is None and len(given) == len(self.cards):
                self._train()
        self._hub.answered(self.tracker_id, self)

    def on_undo(self) -> UndoResult:
        """Undo the newest answer; cancels a training that it has started."""
        session = self._session()
        if self._job is not None:
            self._job.cancel()
            self._await(self._job)
            self._job = None
        tag = session.undo()
        self._load()
        self._hub.answered(self.tracker_id, self)
        return {"sentence_id": None if tag is None else tag.sentence_id}

    def on_evidence(self, sentence_id: str) -> EvidenceResult:
        """Return which of a sentence's words count for the concept, and which against it.

        Computed from what the tracker has learnt.
        """
        return {"pieces": views.pieces(self._session().evidence(sentence_id))}

    def on_surface(self) -> list[CardView]:
        """Return some of what the tracker would find now, for the end of a round."""
        return [views.card(candidate) for candidate in self._session().surfaced(SURFACED)]

    def _tracker_chosen(self) -> None:
        """Load when the page requests the first card; without a page nothing is loaded."""
        self._job, self.error = None, ""
        with self.hold_sync():
            self.cards, self.tuning = [], None
            self.state = {**NOTHING, "phase": "idle" if self.tracker_id else "nothing"}

    def _tracker_changed(self, tracker_id: str) -> None:
        if tracker_id != self.tracker_id or self._job is not None or self.state["phase"] == "nothing":
            return
        begun = self.state["phase"] == "tagging" and self.state["answers"]
        if not (begun and self._shows_open_round()):
            self._tracker_chosen()
        elif self._keep_up():
            self._load()
            outside = sum(card["outside"] for card in self.cards if card["sentence_id"] in self.state["answers"])
            self._update(news=views.refilled(outside))

    def _answers_changed(self, tracker_id: str) -> None:
        """Handle answers to a round that is a review, which its own widget judges, too.

        Training starts where the last answer is given.
        """
        if tracker_id != self.tracker_id or self._job is not None or not self.cards:
            return
        if self._shows_open_round():
            self._update(answers=self._given())

    def _shows_open_round(self) -> bool:
        """Return False if the round was closed elsewhere, or replaced."""
        self._answers = self._session().answers
        return set(self._answers) == {card["sentence_id"] for card in self.cards}

    def _keep_up(self) -> bool:
        """Return whether the open round asks about other sentences now.

        It does if the filters were changed, here or elsewhere.
        """
        keep_up = getattr(self._session(), "keep_up", None)
        return bool(keep_up and keep_up())

    def _given(self) -> dict[str, str]:
        """Return what need not be asked again, as ``_shows_open_round`` has just read it."""
        return {name: str(answer) for name, answer in self._answers.items() if answer}

    @property
    def _is_blank(self) -> bool:
        return not self.cards

    def _load(self) -> None:
        session = self._session()
        rounds = session.rounds()
        done, basic = sum(one.complete for one in rounds), trained(rounds)
        ended = self._ended(rounds)
        try:
            if not session.candidates:
                session = self._hub.renewed(self._tracker())
            session.next_round()  # which also updates an open round to the filters
        except NothingToTag as error:
            self._update(phase="exhausted", message=str(error), rounds_done=basic, ended=ended)
            self.rounds_done = done
            return
        candidates = session.candidates
        news = views.others(session.others())
        with self.hold_sync():
            self.rounds_done = done
            self.cards = [views.card(candidate) for candidate in candidates]
            answers = {one.sentence_id: str(one.answer) for one in candidates if one.answer}
            self._update(phase="tagging", round=session.round_number, answers=answers, rounds_done=basic, news=news)
            self._update(ended=None if answers else ended, **self._what_counts())
        if self._job is None and len(answers) == len(candidates):
            self._train()

    def _ended(self, rounds: Sequence[Round]) -> RoundEndView | None:
        """Return what to say of the round that has just been learnt from, or was before and still shows."""
        if self.state["phase"] != "training":
            return self.state["ended"]
        done = [one for one in rounds if one.complete]
        if self.straight_on or not done or done[-1].number != self.state["round"]:
            return None
        return round_end(done, self._session().advice())

    def _what_counts(self) -> dict[str, Any]:
        """Return the criteria for a person's answers."""
        tracker = self._tracker()
        some = [views.clip(one, views.LONGEST_CONTEXT) for one in tracker.examples[:EXAMPLES]]
        return {"about": views.clip(tracker.description, views.LONGEST_TEXT), "examples": some}

    def _train(self) -> None:
        session = self._session()
        summary = views.summary(session.candidates)
        self._begin(session.complete_round_later())
        self._update(phase="training", summary=summary, fraction=0.0, message="")

    @staticmethod
    def _await(job: Any) -> None:
        try:
            job.result(timeout=CANCEL_SECONDS)
        except (WorkbenchError, TimeoutError):
            return  # cancelled as requested; if the round is already complete there is nothing to undo
