"""The page to name a tracker, narrow it and enter what it finds by: examples, words or phrases."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Any, get_args

import traitlets

from workbench.domain.errors import InvalidTracker
from workbench.domain.filters import Filters
from workbench.domain.publications import checked_past
from workbench.domain.rules import MAX_EXAMPLES, MIN_EXAMPLES
from workbench.domain.trackers import TrackerKind
from workbench.domain.views import TrackerRef
from workbench.reading.previews import Previewer
from workbench.trackers.pasting import Pasted, lines_of, verdicts
from workbench.widgets import kind_views, plan_views, snapshot_parts, traits, views
from workbench.widgets.advice import hints, missing, suggested
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.edits import edited_elsewhere, updated
from workbench.widgets.protocol import (
    CheckResult,
    FacetsView,
    FiltersForm,
    FindsResult,
    Form,
    PastedView,
    PlanView,
    PublishedResult,
    SaveResult,
    SettingsForm,
    Step,
    SuggestResult,
)
from workbench.widgets.snapshots import Snapshot

EMPTY: Form = {
    "name": "",
    "description": "",
    "filters": Filters().to_dict(),  # type: ignore[typeddict-item]  # what Filters write
    "examples": [],
}


class TrackerBuilder(WorkbenchWidget):
    """Names a tracker, narrows it and takes its examples, words or phrases.

    Without ``tracker`` it opens the one that was used last in this workspace, or the newest draft. Trackers that ask a
    question have a builder of their own.
    """

    _esm = esm("builder")
    _css = css("builder")

    reopens = True
    hears_others = True
    held_back = MappingProxyType({"form": EMPTY, "saved": None})
    requests = frozenset({"check", "save", "open", "suggest", "preview", "keyword", "finds"})
    requests |= {"plan", "publish", "show_call"}

    step = traitlets.Enum(get_args(Step), "concept").tag(sync=True)
    """The current step; the page writes it, so that a reload returns to it."""

    form = traits.record(Form).tag(sync=True)
    """What was typed. The page writes it, so that a reload loses nothing."""

    saved = traits.optional_record(Form).tag(sync=True)
    """The form as it was last saved or opened; None for a new tracker."""

    facets = traits.record(FacetsView).tag(sync=True)
    """The values for the filters."""

    drafts = traits.records(TrackerRef).tag(sync=True)
    """The trackers that can be opened, newest first, as ``{"id", "name"}``."""

    resumed = traitlets.Bool(False).tag(sync=True)
    """Whether the tracker was opened automatically, which the page then says."""

    kinds = traitlets.List([str(kind) for kind in TrackerKind], read_only=True).tag(sync=True)
    """The kinds of tracker, any of which may be offered instead."""

    usual = traits.record(SettingsForm, kind_views.NO_SETTINGS, read_only=True).tag(sync=True)
    """The initial settings for trackers of words and phrases (``protocol.SettingsForm``)."""

    min_examples = traitlets.Int(MIN_EXAMPLES, read_only=True).tag(sync=True)
    """The minimum number of examples."""

    max_examples = traitlets.Int(MAX_EXAMPLES, read_only=True).tag(sync=True)
    """The maximum number of examples."""

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        self._shown: Any = None  # the tracker as it was when shown, which the form's changes are based on
        self._previewer: Previewer | None = None
        super().__init__(workspace, tracker, **kwargs)
        self._follows = isinstance(tracker, WorkbenchWidget)
        self._unnamed = tracker is None and "tracker_id" not in kwargs
        self._guarded(self._first_view)

    def _first_view(self) -> None:
        self.facets = views.facets(self.workspace.facets())
        self._list_drafts()
        if self.tracker_id and self._unnamed:
            self.resumed = True
        elif not self.tracker_id and self.drafts and not self._follows:
            self.tracker_id = self.drafts[0]["id"]
            self.resumed = True
        if not self.form:
            self._tracker_chosen()

    def on_check(self, form: Form) -> CheckResult:
        """Return coaching and counts for what was typed. Invalid filters are a hint, not a failure.

        Changes to the tracker by someone else since it was shown are a hint, too.
        """
        found = hints(self.workspace, form)
        return {**found, "hints": [*edited_elsewhere(self._shown), *found["hints"]]}

    def on_suggest(self, query: str, filters: FiltersForm, examples: list[str]) -> SuggestResult:
        """Return real sentences that may become examples; if the reply is pending, meaning has yet to be searched."""
        return suggested(self.workspace, query, filters, examples)

    def on_preview(self, pasted: str, examples: list[str]) -> list[PastedView]:
        """Return the pasted lines, with the value of each as an addition to ``examples``."""
        return [_pasted(one) for one in verdicts(lines_of(pasted), examples)]

    def on_keyword(self, form: Form) -> None:
        """Open a form for a keyword tracker, filled in from this one's examples; saves nothing."""
        words = kind_views.of_words(form, taken=bool(self.tracker_id))
        self.resumed = False
        self.tracker_id = ""
        with self.hold_sync():
            self.form, self.saved, self.step = words, None, "words"

    def on_finds(self, form: Form) -> FindsResult:
        """Return what the words or phrases find; if the reply is pending, the encoder is not ready yet."""
        if self._previewer is None:
            self._previewer = Previewer(self.workspace.resources)
        return kind_views.finds(kind_views.previewed(self._previewer, form))

    def on_plan(self, form: Form, past: str | None = None) -> PlanView:
        """Return what publishing the form would store and read; saves nothing."""
        tracker = self._tracker() if self.tracker_id else None
        values = partial(kind_views.values_of, form)
        return plan_views.plan_of_form(self.workspace, tracker, kind_views.kind_of(form), values, past)

    def on_publish(self, form: Form, past: str | None = None, stream: str | None = None) -> PublishedResult:
        """Save a tracker that needs no training, and publish it."""
        past, tracker_id = checked_past(past), self.on_save(form)["tracker_id"]
        self._tracker().publish(past=past, stream=plan_views.stream_name(stream))
        self._list_drafts()
        self._hub.announce(tracker_id, self)
        return {"tracker_id": tracker_id, "message": plan_views.published(past)}

    def on_save(self, form: Form) -> SaveResult:
        """Create or update the tracker. ``notes`` say what someone else changed meanwhile, and how it was resolved."""
        wanted = missing(form)
        if wanted:
            raise InvalidTracker(" ".join(wanted))
        values, kind, notes = kind_views.values_of(form), kind_views.kind_of(form), ""
        if self.tracker_id:
            tracker = self._shown or self._tracker()
            before = kind_views.values_of(self.saved) if self.saved else {}
            notes = updated(tracker, values, before)
        else:
            tracker = self.workspace.trackers.create(values.pop("name"), kind=kind, **values)
        self._hub.forget(tracker.id)
        self.resumed = False
        with self.hold_sync():
            step, self.tracker_id = self.step, tracker.id
            self.step = "train" if kind == "example" else step
        self._show(self._tracker())
        self._list_drafts()
        self._hub.announce(tracker.id, self)
        return {"tracker_id": tracker.id, "notes": notes}

    def on_open(self, tracker_id: str | None) -> None:
        """Open another tracker, or with None an empty form; discards unsaved changes."""
        self.resumed = False
        if self.tracker_id == (tracker_id or ""):
            self._tracker_chosen()
        else:
            self.tracker_id = tracker_id or ""

    def _tracker_chosen(self) -> None:
        self.error = ""
        self._shown = None
        if self.tracker_id:
            self._show(self._tracker())
        else:
            with self.hold_sync():
                self.form, self.saved = EMPTY, None
        kind = kind_views.kind_of(self.form)
        self.step = ("train" if kind == "example" else "words") if self.tracker_id else "concept"

    def _tracker_changed(self, tracker_id: str) -> None:
        """Show what another widget changed; unsaved changes here take precedence."""
        self._guarded(self._list_drafts)
        if tracker_id == self.tracker_id and self.form == self.saved:
            self._guarded(lambda: self._show(self._tracker()))

    def _can_show(self, tracker: Any) -> bool:
        return tracker.kind is not TrackerKind.QUESTION

    def _snapshot(self) -> Snapshot:
        return snapshot_parts.chosen(self, snapshot_parts.definition)

    def _show(self, tracker: Any) -> None:
        """Show a tracker; from now on, typing changes it."""
        self._shown, form = tracker, kind_views.form(tracker)
        with self.hold_sync():
            self.form, self.saved = form, form

    def _list_drafts(self) -> None:
        known = self.workspace.trackers.list()
        trackers = [one for one in known if str(one.state) == "draft" and str(one.kind) != "question"]
        trackers.sort(key=lambda tracker: tracker.spec.created, reverse=True)
        self.drafts = [{"id": tracker.id, "name": tracker.name} for tracker in trackers]


def _pasted(one: Pasted) -> PastedView:
    return {"text": one.text, "message": one.message, "parts": list(one.parts), "serves": one.serves}
