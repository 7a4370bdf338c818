"""The tracker's quality, round by round, and what it would find now."""

from __future__ import annotations

from collections.abc import Sequence

import traitlets

from workbench.domain.errors import WorkbenchError
from workbench.domain.rounds import BASIC_ROUNDS, Round, fell
from workbench.widgets import snapshot_parts, traits, views
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import CardView, DetailsView, PlotsView
from workbench.widgets.snapshots import Snapshot
from workbench.widgets.tuning import TUNING, TuningWidget
from workbench.widgets.untrained import untrained

SURFACED = 20

NOTHING: PlotsView = {
    "phase": "nothing",
    "tracker": "",
    "rounds": [],
    "basic_rounds": BASIC_ROUNDS,
    "message": "",
}


class QualityPlots(TuningWidget):
    """Precision and hit rate by round, in charts, a table and words; and a sample of matches."""

    _esm = esm("plots")
    _css = css("plots")

    reopens = True
    requests = frozenset({"open", "details", "surface", "audit", "keep", "correct"}) | TUNING

    state = traits.record(PlotsView, NOTHING).tag(sync=True)
    """The completed rounds and their estimates (``protocol.PlotsView``)."""

    surfaced = traits.optional_records(CardView).tag(sync=True)
    """What the tracker would find now, as cards; None until asked for."""

    details = traits.optional_record(DetailsView).tag(sync=True)
    """The dial and the advice (``protocol.DetailsView``); None until asked for."""

    can_edit = traitlets.Bool(True).tag(sync=True)
    """Whether audits, corrections and other settings are offered; not to readers."""

    rounds_done = traitlets.Int(0).tag(sync=True)
    """How many rounds are complete."""

    def on_open(self) -> None:
        """Read the estimates of the completed rounds."""
        if not self.tracker_id:
            return
        self.error = ""
        tracker = self._tracker()
        if said := untrained(tracker):
            message = f"{said} Without answers there is no estimate of how often it is right."
            self.state = {**NOTHING, "phase": "untrained", "tracker": tracker.name, "message": message}
            return
        if not self.state["rounds"]:
            self.state = {**self.state, "phase": "opening", "tracker": tracker.name}
        try:
            done = self._done()
        except Exception:
            self.state = {**self.state, "phase": "failed"}
            raise
        self._show(done)
        self.on_tuning()

    def _done(self) -> list[Round]:
        """Return the completed rounds; the last one's estimate is for the current setting."""
        return [one for one in self._session().rounds() if one.complete]

    def _show(self, done: Sequence[Round]) -> None:
        with self.hold_sync():
            self.state = {
                **NOTHING,
                "phase": "idle",
                "tracker": self._tracker().name,
                "rounds": views.rounds(done),
                "message": self._missing(done),
            }
            if len(done) != self.rounds_done:
                self.surfaced, self.details = None, None
            self.rounds_done = len(done)

    def _missing(self, done: Sequence[Round]) -> str:
        """Return why no estimate shows, and what to do."""
        if not done:
            return "Estimates appear here after the first round of tagging."
        if any(one.estimate is not None for one in done):
            return ""
        said = self._session().advice()
        return said[0].message if said else "Estimates appear here after a round with both YES and NO answers."

    def on_details(self) -> None:
        """Compute the dial and the advice."""
        session = self._session()
        said = session.advice()
        wanted = [name for one in said for group in one.groups for name in group]
        cards = {candidate.sentence_id: candidate for candidate in session.answered(wanted)}
        done = [one for one in session.rounds() if one.complete]
        self.details = {
            "dial": [views.setting(point) for point in session.dial()],
            "rule": self._tracker().spec.threshold,
            "advice": [views.advice(one, cards) for one in said],
            "fell": list(fell(done)),
        }

    def on_surface(self, threshold: float | None = None, below: float | None = None) -> None:
        """List what the tracker would find now, or at another setting; with ``below``, only what that adds."""
        found = self._session().surfaced(SURFACED, threshold, below)
        self.surfaced = [views.card(candidate) for candidate in found]

    def on_audit(self) -> None:
        """Open a round that narrows the corpus estimate; a carousel for the same tracker then shows it."""
        self._editable()
        self._session().audit_round()
        self._hub.announce(self.tracker_id, self)

    def on_keep(self, rule: str) -> None:
        """Save a setting of the dial with the tracker; all estimates are then for that setting."""
        self._editable()
        self._tracker().update(threshold=rule)
        self._hub.forget(self.tracker_id)
        self._changed()

    def on_correct(self, sentence_id: str, answer: str) -> None:
        """Change an answer that looked wrong, and check again."""
        self._editable()
        self._session().correct(sentence_id, answer)
        self._changed()

    def _changed(self) -> None:
        """Show the new estimates, and have the other widgets update."""
        self._show(self._done())
        self.surfaced = None
        self.on_details()
        self._hub.announce(self.tracker_id, self)

    def _snapshot(self) -> Snapshot:
        return snapshot_parts.chosen(self, snapshot_parts.quality)

    def _tuned(self) -> None:
        self.surfaced, self.details = None, None
        self.state = {**self.state, "phase": "opening"}

    def _editable(self) -> None:
        if not self.can_edit:
            raise WorkbenchError("This page only shows results; open the notebook to change the tracker.")

    def _tracker_chosen(self) -> None:
        self.error = ""
        with self.hold_sync():
            self.surfaced, self.details, self.tuning, self.rounds_done = None, None, None, 0
            self.state = {**NOTHING, "phase": "opening" if self.tracker_id else "nothing"}

    def _tracker_changed(self, tracker_id: str) -> None:
        """Mark what is shown as out of date; the page then asks again, so that there is no work without a page."""
        if tracker_id == self.tracker_id and self.state["phase"] != "nothing":
            self.state = {**self.state, "phase": "opening"}
