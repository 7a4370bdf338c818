"""Shared by the widgets that show training and fine-tuning while they run in the background."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbench.domain.errors import RoundIncomplete, WorkbenchError
from workbench.widgets import snapshot_parts, traits, views
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.protocol import TuningView
from workbench.widgets.snapshots import Snapshot
from workbench.widgets.untrained import untrained

TUNING = frozenset({"tuning", "stop_tuning"})


class TuningWidget(WorkbenchWidget):
    """Follows the fine-tuning of its tracker, and can stop it. Subclasses add ``TUNING`` to their requests."""

    tuning = traits.optional_record(TuningView).tag(sync=True)
    """The state of fine-tuning (``protocol.TuningView``); None if there is none."""

    def on_tuning(self) -> None:
        """Check fine-tuning; the page asks when it opens, and when it gets news that it is over."""
        session, was = self._session(), self.tuning
        self._news.follow("tuning", self.tracker_id, session.fine_tuning)
        self.tuning = views.tuning(session.fine_tuning, session.second_stage)
        if was and was["running"] and not (self.tuning and self.tuning["running"]):
            self._tuned()

    def on_stop_tuning(self) -> None:
        """Stop fine-tuning; the tracker stays as it was."""
        job = self._session().fine_tuning
        if job is not None:
            job.cancel()

    def _tuned(self) -> None:
        """Handle the end of fine-tuning: another model may be in use."""


class TrainingWidget(TuningWidget):
    """Shows sentences to answer, and trains on them in the background.

    Subclasses have ``cards``, and a ``state`` with ``phase``, ``fraction`` and ``message``, say in ``_is_blank``
    whether it shows anything yet, and fill it in ``_load``.
    """

    state: Any
    cards: Any

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        self._job: Any = None
        super().__init__(workspace, tracker, **kwargs)
        self._hub.hears_answers(self._answers_changed)

    def _snapshot(self) -> Snapshot:
        taken = snapshot_parts.chosen(self, snapshot_parts.quality)
        return replace(taken, quotes=snapshot_parts.sentences(self.cards))

    def on_open(self) -> None:
        """Load what to show. Takes seconds if the encoder must start first."""
        if not self.tracker_id:
            return
        self.error = ""
        tracker = self._tracker()
        if self._is_blank:
            self._update(phase="opening", tracker=tracker.name)
        try:
            if said := untrained(tracker):
                self._untrained(tracker, said)
                return
            self._load()
            self.on_tuning()
        except Exception:
            self._update(phase="failed")
            raise

    def on_progress(self) -> None:
        """Check the training. The page asks when it shows it, and when it gets news that it is over."""
        job = self._job
        if job is None:
            self._load()
        elif not job.done:
            self._update(fraction=float(job.fraction), message=str(job.message or ""))
        else:
            self._job = None
            self._trained()
            if job.error is not None and not isinstance(job.error, RoundIncomplete):  # else another was faster
                self._update(phase="failed")
                raise job.error if isinstance(job.error, Exception) else WorkbenchError(str(job.error))
            self._load()
            self.on_tuning()
            self._hub.announce(self.tracker_id, self)

    @property
    def _is_blank(self) -> bool:
        raise NotImplementedError

    def _load(self) -> None:
        raise NotImplementedError

    def _untrained(self, tracker: Any, said: str) -> None:
        """Handle a tracker that needs no training; ``said`` explains it."""
        self._update(phase="untrained", tracker=tracker.name, message=said)

    def _answers_changed(self, tracker_id: str) -> None:
        """Handle that another widget gave or undid an answer."""

    def _trained(self) -> None:
        """Handle the end of training, successful or not."""

    def _begin(self, job: Any) -> None:
        """Train in the background; pages get news of the progress."""
        self._job = job
        self._news.follow("training", self.tracker_id, job)

    def _update(self, **changes: Any) -> None:
        self.state = {**self.state, **changes}
