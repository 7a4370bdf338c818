"""Import and export for the table: ready-made trackers, and definitions in JSON or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from workbench.domain.errors import InvalidTracker, WorkbenchError
from workbench.domain.rules import checked_name
from workbench.widgets import ready_made_views
from workbench.widgets.protocol import ExportedView, ReadyMadeView

if TYPE_CHECKING:
    from workbench.workspace.tracker import Tracker
    from workbench.workspace.trackers import Brought

FORMATS = ("json", "csv")
MOST_TAKEN = 4_000_000  # characters; a server accepts messages up to 10 MB, and JSON may double a text
MOST_GIVEN = 2_000_000  # a server passes on this much at once from a kernel, and drops the rest


class Exchange:
    """Transfers definitions between a workspace and a page."""

    def __init__(self, workspace: Any) -> None:
        self._workspace = workspace

    def ready_made(self) -> list[ReadyMadeView]:
        return [ready_made_views.ready_made(one) for one in self._workspace.trackers.ready_made()]

    def add(self, key: str, as_examples: bool, called: str) -> Tracker:
        """Return a draft of a ready-made tracker with this name.

        Raises:
            InvalidTracker: it cannot have this name.
            TrackerExists: another tracker has it.
        """
        checked_name(called, InvalidTracker)
        made: Tracker = self._workspace.trackers.from_ready_made(key, as_examples, called.strip())
        return made

    def export(self, form: str, ids: Sequence[str] | None) -> ExportedView:
        """Return all definitions, or those with ``ids``. Raises ``WorkbenchError`` if that is too long for a page."""
        _check_format(form)
        trackers = self._workspace.trackers
        text = trackers.to_csv(only=ids, bom=True) if form == "csv" else trackers.to_json(only=ids)
        if len(text) > MOST_GIVEN:
            raise WorkbenchError(
                f"This is too much for a page to download. Export fewer of them, or run ws.trackers.to_{form}("
                f'"trackers.{form}") in a cell: it writes the file beside the notebook.'
            )
        return {"text": text, "name": f"trackers.{form}"}

    def bring(self, text: str, form: str) -> Brought:
        """Return drafts of the definitions in a text; what cannot be used is left out and reported with its line.

        Raises:
            InvalidTracker: it is not JSON or CSV with definitions; nothing was created.
        """
        _check_format(form)
        if len(text) > MOST_TAKEN:
            raise WorkbenchError(
                f"This is too large for a page to send: {len(text):,} characters, and {MOST_TAKEN:,} is the most. "
                f'Run ws.trackers.from_{form}("FILE", skip=True) in a cell.'
            )
        trackers = self._workspace.trackers
        if form == "json":
            return cast("Brought", trackers.from_json(text=text, skip=True))
        head = text.partition("\n")[0]
        if "," not in head and (";" in head or "\t" in head):
            raise InvalidTracker("line 1: cells are separated by semicolons or tabs; save the file with commas")
        return cast("Brought", trackers.from_csv(text=text, skip=True))


def _check_format(form: str) -> None:
    if form not in FORMATS:
        raise WorkbenchError(f"{form!r} is not json or csv.")
