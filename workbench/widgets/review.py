"""A review of what a tracker would find if it were in use, to read and judge; it is published from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from workbench.domain.errors import NotEnoughTags, NothingToTag, WorkbenchError
from workbench.domain.publications import checked_past
from workbench.domain.rounds import BASIC_ROUNDS, trained
from workbench.domain.tags import Candidate
from workbench.reading.previews import Previewer
from workbench.training.session import TrainingSession
from workbench.widgets import kind_views, plan_views, published_runs, traits, views
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import CardView, PlanView, PublishedRunView, ReviewView, UndoResult
from workbench.widgets.tuning import TUNING, TrainingWidget

COUNT = 20

NOTHING: ReviewView = {
    "phase": "nothing",
    "tracker": "",
    "estimate": None,
    "found": None,
    "basic_left": BASIC_ROUNDS,
    "answers": {},
    "fair": True,
    "blocked": "",
    "nothing": "",
    "counted": None,
    "fraction": 0.0,
    "message": "",
    "published": "",
    "caveat": "",
}
UNTUNED = (
    "What you see here was judged with fine-tuning, which is not published with the tracker. In use, "
    "the tracker judges without it, with the estimate shown in the table of trackers."
)


class Review(TrainingWidget):
    """The estimates, 20 of the tracker's current matches, a judgement on each of them, and publishing.

    Reading does not open a round; the first judgement does.
    """

    _esm = esm("review")
    _css = css("review")

    reopens = True
    hears_others = True
    requests = (
        frozenset({"standing", "stop_run", "found"})
        | frozenset({"open", "judge", "undo", "count", "progress", "others", "plan", "publish", "show_call"})
        | TUNING
    )

    cards = traits.records(CardView).tag(sync=True)
    """The tracker's matches, in the order of the review, with context."""

    state = traits.record(ReviewView, NOTHING).tag(sync=True)
    """Estimate, counts, judgements and the training's progress (``protocol.ReviewView``)."""

    can_edit = traitlets.Bool(True).tag(sync=True)
    """Whether sentences can be judged and the tracker published; not by readers."""

    can_publish = traitlets.Bool(False).tag(sync=True)
    """Whether trackers can be published here at all."""

    rounds_done = traitlets.Int(0).tag(sync=True)
    """How many rounds are complete, including reviews. Observe it to act when one completes."""

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        self._skip: int | None = None  # sets skipped; None until known, if an open review is continued
        super().__init__(workspace, tracker, **kwargs)

    def on_judge(self, sentence_id: str, answer: str) -> None:
        """Store a judgement; the first one opens the review."""
        self._editable()
        session, begun = self._session(), bool(self.state["answers"])
        if not begun:
            asked = {one.sentence_id for one in session.review_round(COUNT, self._skip)}
            if sentence_id not in asked:
                self._load()
                raise WorkbenchError("The tracker now finds different sentences, shown here. Please judge these.")
        session.tag(sentence_id, answer)
        self._update(answers={**self.state["answers"], sentence_id: answer})
        if begun:
            self._hub.answered(self.tracker_id, self)
        else:
            self._hub.announce(self.tracker_id, self)

    def on_undo(self) -> UndoResult:
        """Undo the newest judgement."""
        self._editable()
        tag = self._session().undo() if self.state["answers"] else None
        self._load()
        self._hub.answered(self.tracker_id, self)
        return {"sentence_id": None if tag is None else tag.sentence_id}

    def on_count(self) -> None:
        """Close the review: the tracker learns from the judgements, in the background."""
        self._editable()
        if not self.state["answers"]:
            raise WorkbenchError("Judge at least one sentence first.")
        if self._job is None:
            session = self._session()
            counted = views.summary(session.candidates)
            self._begin(session.complete_round_later())
            self._update(phase="training", counted=counted, fraction=0.0, message="")

    def on_others(self) -> None:
        """Show other sentences that the tracker finds; those shown stay unjudged."""
        if self.state["answers"]:
            raise WorkbenchError("Submit these judgements before loading more.")
        self._skip = (self._skip or 0) + 1
        self._load()

    def on_plan(self, past: str | None = None) -> PlanView:
        """Return what publishing would store, read and cost."""
        self._editable()
        return plan_views.plan(self._tracker().publish_plan(past))

    def on_publish(self, past: str | None = None, stream: str | None = None) -> None:
        """Publish the tracker for calls that arrive, and for those of the ``past``; collect them in a ``stream``."""
        self._editable()
        tracker = self._tracker()
        tracker.publish(past=checked_past(past), stream=plan_views.stream_name(stream))
        self._update(published=f"Published. {plan_views.published(past)}")
        self._hub.announce(self.tracker_id, self)

    def on_standing(self) -> PublishedRunView | None:
        """Return how far the published version is with past calls."""
        return published_runs.run(self._tracker())

    def on_stop_run(self) -> None:
        """Stop reading past calls; what was found is kept."""
        self._editable()
        current = self._tracker().current_version()
        if current is not None:
            current.cancel()

    def on_found(self) -> list[CardView]:
        """Return some of what the published tracker has found."""
        return published_runs.found(self.workspace, self._tracker())

    @property
    def _is_blank(self) -> bool:
        return self.state["estimate"] is None

    def _trained(self) -> None:
        self._skip = None

    def _load(self) -> None:
        session, tracker = self._session(), self._tracker()
        rounds = [one for one in session.rounds() if one.complete]
        told = views.rounds(rounds)
        shown, nothing = self._shown(session)
        with self.hold_sync():
            self.rounds_done, self.can_publish = len(rounds), hasattr(tracker, "publish")
            self.cards = [views.card(one) for one in shown]
            self._update(
                phase="training" if self._job else "idle",
                tracker=tracker.name,
                estimate=told[-1] if told else None,
                found=views.found(session.found()) if told else None,
                basic_left=max(0, BASIC_ROUNDS - trained(rounds)),
                fair=all(one.probability is not None for one in shown),
                nothing=nothing,
                caveat=_caveat(session),
                **self._judged([one.sentence_id for one in shown]),
            )

    def _untrained(self, tracker: Any, said: str) -> None:
        """Show some of what it would find, to read: there is nothing to learn from judgements."""
        kind = str(tracker.kind)
        if kind == "question":
            cards, found = [], None
            nothing = "Open its question in the question builder to see what it finds in random calls."
        else:
            looked = kind_views.previewed(
                Previewer(self.workspace.resources), kind_views.form(tracker), COUNT, wait=True
            )
            cards = [kind_views.card(one) for one in looked.shown] if looked else []
            found = views.found(looked.found) if looked else None
            nothing = (looked.note if looked else "") or "It finds nothing in the calls that match its filters."
        with self.hold_sync():
            self.cards, self.can_publish = cards, True
            known = {"tracker": tracker.name, "found": found, "nothing": nothing, "basic_left": 0}
            self._update(phase="untrained", message=said, **known)

    def _shown(self, session: Any) -> tuple[Sequence[Candidate], str]:
        """Return what to judge, or why there is nothing."""
        try:
            return session.review_sample(COUNT, self._skip), ""
        except (NotEnoughTags, NothingToTag) as error:
            return [], str(error)

    def _judged(self, shown: Sequence[str]) -> dict[str, Any]:
        """Return the answers to the shown sentences; and why they cannot be judged: another round is open."""
        session = self._session()
        answers = {name: str(answer) for name, answer in session.answers.items() if answer}
        if set(answers) <= set(shown):
            return {"answers": answers, "blocked": ""}
        number = session.round_number
        return {"answers": {}, "blocked": f"Round {number} of tagging already has answers. Finish it, then judge here."}

    def _editable(self) -> None:
        if not self.can_edit:
            raise WorkbenchError("This page only shows results; open the notebook to judge or publish.")

    def _tuned(self) -> None:
        self._update(phase="opening")

    def _tracker_chosen(self) -> None:
        self._job, self._skip, self.error = None, None, ""
        with self.hold_sync():
            self.cards, self.tuning, self.rounds_done = [], None, 0
            self.state = {**NOTHING, "phase": "opening" if self.tracker_id else "nothing"}

    def _tracker_changed(self, tracker_id: str) -> None:
        """Mark what is shown as out of date; the page then asks again."""
        if tracker_id == self.tracker_id and self._job is None and self.state["phase"] != "nothing":
            self._skip = None
            self._update(phase="opening")

    def _answers_changed(self, tracker_id: str) -> None:
        """Handle that the carousel shows the same review, or has another round open."""
        if tracker_id == self.tracker_id and self._job is None and self.state["phase"] == "idle" and self.cards:
            self._update(**self._judged([card["sentence_id"] for card in self.cards]))


def _caveat(session: TrainingSession) -> str:
    """Return which of the figures shown would differ once published."""
    tuned, sample = session.second_stage, session.sample
    said = [UNTUNED] if tuned and tuned.wins else []
    return " ".join([*said, *([] if sample is None else [sample.message])])
