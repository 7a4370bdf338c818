"""What the widgets share that show fine-tuning while it runs in the background."""

from __future__ import annotations

import traitlets

from workbench.widgets import views
from workbench.widgets.base import WorkbenchWidget

TUNING = frozenset({"tuning", "stop_tuning"})


class TuningWidget(WorkbenchWidget):
    """Follows the fine-tuning of its tracker, and can stop it. Subclasses add ``TUNING`` to their requests."""

    tuning = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    """How fine-tuning stands (``protocol.TuningView``); None where there is none."""

    def on_tuning(self) -> None:
        """Looks at fine-tuning; the page asks while it runs."""
        session, was = self._session(), self.tuning
        self.tuning = views.tuning(session.fine_tuning, session.second_stage)
        if was and was["running"] and not (self.tuning or {}).get("running"):
            self._tuned()

    def on_stop_tuning(self) -> None:
        """Stops fine-tuning; the tracker stays as it was."""
        job = self._session().fine_tuning
        if job is not None:
            job.cancel()

    def _tuned(self) -> None:
        """Fine-tuning has ended: another model may be in use."""
