"""The page to build a question about calls, try it on some of them, and publish it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import traitlets

from workbench.domain.errors import ConversationNotFound, InvalidFilters, InvalidTracker
from workbench.domain.filters import Filters
from workbench.domain.publications import checked_past, definition_of
from workbench.domain.trackers import TrackerKind
from workbench.domain.views import TrackerRef
from workbench.judges.endpoint import is_configured
from workbench.reading.question_reader import QuestionReader
from workbench.reading.readers import reader_of
from workbench.reading.sample import sample
from workbench.trackers.coaching import coach_description, coach_name
from workbench.trackers.definitions import new_definition
from workbench.trackers.question import LEAST, QuestionSettings
from workbench.trackers.question_threshold import tuned
from workbench.trackers.refinements import refinements
from workbench.widgets import plan_views, question_views, snapshot_parts, traits, views
from workbench.widgets.advice import coached, hint
from workbench.widgets.bundles import css, esm
from workbench.widgets.edits import edited_elsewhere, updated
from workbench.widgets.protocol import (
    FacetsView,
    Hint,
    PlanView,
    QuestionCheck,
    QuestionForm,
    RefinementView,
    SampleView,
    SaveResult,
)
from workbench.widgets.question_life import LIFE, QuestionLife
from workbench.widgets.snapshots import Snapshot
from workbench.workspace.questions import cost, refine

CALLS = 100
UNNAMED = "A question"


class QuestionBuilder(QuestionLife):
    """Builds a question from set phrases, or takes a free one; tries it on random calls, saves and publishes it."""

    _esm = esm("question")
    _css = css("question")

    reopens = True
    hears_others = True
    held_back = MappingProxyType({"form": question_views.EMPTY, "saved": None, "sample": None})
    requests = LIFE | {"check", "plan", "refine", "sample", "judge", "save", "open", "show_call"}

    form = traits.record(QuestionForm).tag(sync=True)
    """What was selected and typed (``protocol.QuestionForm``). The page writes it, so that a reload loses nothing."""

    saved = traits.optional_record(QuestionForm).tag(sync=True)
    """The form as it was last saved or opened; None for a new tracker."""

    sample = traits.optional_record(SampleView).tag(sync=True)
    """The verdicts on random calls (``protocol.SampleView``); None until asked for."""

    phrases = traitlets.Dict().tag(sync=True)
    """The choices in each section."""

    facets = traits.record(FacetsView).tag(sync=True)
    """The values for the filters."""

    trackers = traits.records(TrackerRef).tag(sync=True)
    """The question trackers that can be opened, newest first, as ``{"id", "name"}``."""

    elsewhere = traitlets.Unicode("").tag(sync=True)
    """The name of the selected tracker if it asks no question; the form is then for a new one."""

    endpoint = traitlets.Bool(False).tag(sync=True)
    """Whether an endpoint is set up; else a judge on this machine answers."""

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        self._judged: dict[str, tuple[float, bool]] = {}  # by call: its score, and whether its result is right
        self._judged_of: Any = None  # the question that they are results of
        self._judged_at = LEAST  # the threshold that was in use when they were shown
        self._shown: Any = None  # the tracker as it was when it was shown, which the form's changes start from
        super().__init__(workspace, tracker, **kwargs)
        self._guarded(self._first_view)

    def _first_view(self) -> None:
        self.phrases, self.endpoint = question_views.phrases(), is_configured()
        self.facets = views.facets(self.workspace.facets())
        self._list()
        if not self.form:
            self._tracker_chosen()

    def on_check(self, form: QuestionForm, past: str | None = None) -> QuestionCheck:
        """Return the full question, how to refine it, how many calls match, and the expected cost.

        Changes to the tracker by someone else since it was shown are a hint, too.
        """
        out: QuestionCheck = {
            "counts": None,
            "hints": [*edited_elsewhere(self._shown), *map(coached, coach_name(form["name"]))],
            "question": form["question"],
            "details": form["details"],
            "refinements": [],
            "cost": None,
            "balance": self.workspace.credits.balance,
        }
        out["hints"] += [coached(one) for one in coach_description(form["description"], form["name"])]
        try:
            filters = Filters.from_dict(form["filters"])
        except InvalidFilters as error:
            return {**out, "hints": [*out["hints"], hint("corpus", "error", str(error))]}
        found = self.workspace.counts(filters)
        out["counts"] = {
            "conversations": found.conversations,
            "calls": found.calls,
            "sentences": found.sentences,
        }
        try:
            asked = QuestionSettings.checked(question_views.settings_of(form)).asked
        except InvalidTracker as error:
            return {**out, "hints": [*out["hints"], _refused(error)]}
        said = refinements(asked.question, asked.details, filters.side)
        reader = self._reader(form)
        free = not reader.charges()
        return {
            **out,
            "question": asked.question,
            "details": asked.details,
            "refinements": [question_views.refinement(one) for one in said],
            "cost": question_views.cost(cost(reader, checked_past(past)), free),
        }

    def on_plan(self, form: QuestionForm, past: str | None = None) -> PlanView:
        """Return what publishing the form would store, read and cost; saves nothing."""
        tracker = self._tracker() if self.saved is not None else None
        return plan_views.plan_of_form(self.workspace, tracker, "question", partial(_values, form), past)

    def on_refine(self, form: QuestionForm) -> list[RefinementView]:
        """Return how to improve the question, with similar sentences from calls; takes seconds."""
        return [question_views.refinement(one) for one in refine(self._reader(form))]

    def on_sample(self, form: QuestionForm, beyond: int = 0) -> None:
        """Show what the judge says of 100 random calls, or of the next ones."""
        reader = self._reader(form)
        found = sample(reader, CALLS, seed=0, beyond=beyond)
        if self._judged_of != reader.question:
            self._judged_of, self._judged = reader.question, {}
        self._judged_at = reader.settings.least
        self._show_sample(question_views.sample(found, self.sample if beyond else None))

    def on_judge(self, conversation_id: str, right: bool | None) -> None:
        """Note whether the result of a call of the sample is right; with None, take that back.

        It says how much the question can be trusted, and which threshold would serve better. Nothing is stored.
        """
        shown = self.sample
        calls = shown["calls"] if shown else []
        score = next((one["score"] for one in calls if one["conversation_id"] == conversation_id), None)
        if shown is None or score is None:
            raise ConversationNotFound(f"The sample has no call {conversation_id!r}.")
        others = {name: one for name, one in self._judged.items() if name != conversation_id}
        self._judged = others if right is None else {**others, conversation_id: (score, right)}
        self._show_sample(shown)

    def _show_sample(self, shown: SampleView) -> None:
        better = tuned(self._judged.values(), self._judged_at)
        self.sample = question_views.judged(shown, self._judged, better)

    def on_save(self, form: QuestionForm) -> SaveResult:
        """Create or update the tracker. ``notes`` say what someone else changed meanwhile, and how it was resolved."""
        values, notes = _values(form), ""
        if self.saved is not None:
            tracker = self._shown or self._tracker()
            notes = updated(tracker, values, _values(self.saved))
        else:
            tracker = self.workspace.trackers.create(values.pop("name"), kind="question", **values)
        shown = self.sample
        with self.hold_sync():
            self.tracker_id = tracker.id
            self._show()
            self.sample = shown
        self._list()
        self._hub.announce(tracker.id, self)
        return {"tracker_id": tracker.id, "notes": notes}

    def on_open(self, tracker_id: str | None) -> None:
        """Open another tracker, or with None a new question; discards unsaved changes."""
        if self.tracker_id == (tracker_id or ""):
            self._tracker_chosen()
        else:
            self.tracker_id = tracker_id or ""

    def _reader(self, form: QuestionForm) -> QuestionReader:
        filters, settings = Filters.from_dict(form["filters"]), question_views.settings_of(form)
        spec = new_definition(form["name"].strip() or UNNAMED, "question", filters=filters, **settings)
        reader = reader_of(self.workspace.resources, definition_of(spec))
        assert isinstance(reader, QuestionReader)
        return replace(reader, tracker_id=self.tracker_id if self.saved is not None else "")

    def _tracker_chosen(self) -> None:
        self.error = ""
        with self.hold_sync():
            self.sample = None
            self._show()

    def _can_show(self, tracker: Any) -> bool:
        return tracker.kind is TrackerKind.QUESTION

    def _snapshot(self) -> Snapshot:
        return snapshot_parts.chosen(self, snapshot_parts.definition)

    def _show(self) -> None:
        self._stand()
        tracker = self._tracker() if self.tracker_id else None
        self._shown = None
        if tracker is None or tracker.kind is not TrackerKind.QUESTION:
            self.form, self.saved = question_views.EMPTY, None
            self.elsewhere = "" if tracker is None else tracker.name
        else:
            self.elsewhere, self._shown = "", tracker
            self.form = self.saved = question_views.form(tracker)

    def _tracker_changed(self, tracker_id: str) -> None:
        """Show what another widget or kernel changed; unsaved changes here take precedence."""
        self._guarded(self._list)
        if tracker_id == self.tracker_id and self.form == self.saved:
            self._guarded(self._show)

    def _list(self) -> None:
        known = [one for one in self.workspace.trackers.list() if one.kind is TrackerKind.QUESTION]
        known.sort(key=lambda one: one.spec.created, reverse=True)
        self.trackers = [{"id": one.id, "name": one.name} for one in known]


def _values(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's values in the form for ``Tracker.update``."""
    return {
        "name": form["name"].strip(),
        "description": form["description"].strip(),
        "filters": Filters.from_dict(form["filters"]),
        **question_views.settings_of(form),
    }


def _refused(error: InvalidTracker) -> Hint:
    _, _, message = str(error).partition(": ")
    if message.endswith("is missing"):
        return hint("question", "error", "Choose each part of the question, or name a topic of your own.")
    return hint("question", "error", f"{message[:1].upper()}{message[1:]}.")
