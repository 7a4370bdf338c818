"""How well the tracker does, round by round, and what it would find now."""

from __future__ import annotations

import traitlets

from workbench.domain.rounds import BASIC_ROUNDS
from workbench.widgets import views
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import PlotsView

SURFACED = 20

NOTHING: PlotsView = {
    "phase": "nothing",
    "tracker": "",
    "rounds": [],
    "basic_rounds": BASIC_ROUNDS,
    "message": "",
}


class QualityPlots(WorkbenchWidget):
    """Precision and hit rate by round, in charts, a table and words; and a sample of what it finds."""

    _esm = esm("plots")
    _css = css("plots")

    requests = frozenset({"open", "surface", "audit"})

    state = traitlets.Dict(default_value=NOTHING).tag(sync=True)
    """The completed rounds and their estimates (``protocol.PlotsView``)."""

    surfaced = traitlets.List(allow_none=True, default_value=None).tag(sync=True)
    """What the tracker would find now, as cards; None until asked for."""

    can_audit = traitlets.Bool(True).tag(sync=True)
    """Whether an audit is on offer; not to people who only read."""

    rounds_done = traitlets.Int(0).tag(sync=True)
    """How many rounds are complete."""

    def on_open(self) -> None:
        """Reads the estimates of the completed rounds."""
        if not self.tracker_id:
            return
        self.error = ""
        if not self.state["rounds"]:
            self.state = {**self.state, "phase": "opening", "tracker": self._tracker().name}
        try:
            done = [one for one in self._session().rounds() if one.complete]
        except Exception:
            self.state = {**self.state, "phase": "failed"}
            raise
        with self.hold_sync():
            self.state = {
                **NOTHING,
                "phase": "idle",
                "tracker": self._tracker().name,
                "rounds": views.rounds(done),
                "message": "" if done else "Estimates show here after the first round of tagging.",
            }
            if len(done) != self.rounds_done:
                self.surfaced = None
            self.rounds_done = len(done)

    def on_surface(self) -> None:
        """Lists what the tracker would find now."""
        self.surfaced = [views.card(candidate) for candidate in self._session().surfaced(SURFACED)]

    def on_audit(self) -> None:
        """Opens a round that narrows the corpus estimate; a carousel of the same tracker then shows it."""
        self._session().audit_round()
        self._hub.announce(self.tracker_id, self)

    def _tracker_chosen(self) -> None:
        self.error = ""
        with self.hold_sync():
            self.surfaced, self.rounds_done = None, 0
            self.state = {**NOTHING, "phase": "opening" if self.tracker_id else "nothing"}

    def _tracker_changed(self, tracker_id: str) -> None:
        """Marks what is shown as old; the page then asks again, so that no page means no work."""
        if tracker_id == self.tracker_id and self.state["phase"] != "nothing":
            self.state = {**self.state, "phase": "opening"}
