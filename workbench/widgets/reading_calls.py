"""What the page of a call asks for: its text by pages, and the places of words in it."""

from __future__ import annotations

from typing import Any

from workbench.domain.errors import WorkbenchError
from workbench.domain.rules import MAX_SEARCH
from workbench.widgets import call_views
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.protocol import CallView, LineView

PAGE = 100  # sentences
READING = frozenset({"lines", "whole", "find", "detections"})
"""The requests that come once a call is open; ``detections`` is each widget's own."""


class CallReading(WorkbenchWidget):
    """A widget in which calls are read: the viewer, and dashboards."""

    _outline: Any = None

    def on_lines(self, conversation_id: str, start: int) -> list[LineView]:
        """Return one page of the text, from the sentence at ``start`` on."""
        lines = self.workspace.lake.lines(self._outline_of(conversation_id), int(start), PAGE)
        return [call_views.line(one) for one in lines]

    def on_whole(self, conversation_id: str, at: int) -> str:
        """Return all of a sentence so long that its page holds the beginning only."""
        (found,) = self.workspace.lake.lines(self._outline_of(conversation_id), int(at), 1)
        return str(found.text)

    def on_find(self, conversation_id: str, words: str) -> list[int]:
        """Places of the sentences that hold ``words``."""
        if len(words) > MAX_SEARCH:
            raise WorkbenchError(f"Search for at most {MAX_SEARCH} characters.")
        return list(self.workspace.lake.matches(self._outline_of(conversation_id), words))

    def _call(self, conversation_id: str) -> CallView:
        """Return a conversation without its text."""
        outline = self._outline_of(conversation_id)
        breaks = self.workspace.lake.breaks(outline) if outline.kind == "email" else []
        return call_views.call(outline, breaks, self.reads_only)

    def _outline_of(self, conversation_id: str) -> Any:
        """Answer for the conversation that the page names, as another may be shown by now."""
        if self._outline is None or self._outline.id != conversation_id:
            self._outline = self.workspace.lake.outline(conversation_id)
        return self._outline
