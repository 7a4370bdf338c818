"""One dashboard: the page that a builder makes for a query, updated while it is open."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal, cast

import traitlets

from workbench.domain.errors import NotFound, WorkbenchError
from workbench.results.standing import Mark, standing
from workbench.store.stamp import stamp
from workbench.widgets import call_views, snapshot_parts
from workbench.widgets import dashboard_tables as tables
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import BlockView, DashboardView, MarksView, MoreResult, OpenedCall, WrongResult
from workbench.widgets.reading_calls import READING, CallReading
from workbench.widgets.snapshots import Snapshot

Build = Callable[[Any, dict[str, str]], DashboardView]

LONGEST_VALUE, MOST_NAMES = 2_000, 40  # in a query, which anyone can write into an address
LONGEST_TYPED = 500  # in a control's text
MOST_SAVED = 5_000  # rows in a CSV file


class Dashboard(CallReading):
    """What ``build(workspace, query)`` returns, as a page with filters, figures, tables, hits and calls.

    Readers can report a "wrong hit"; no other request from the page writes anything.
    """

    _esm = esm("dashboard")
    _css = css("dashboard")

    requests = READING | {"open", "poll", "wrong", "more", "csv", "show_call", "open_call"}

    view = traitlets.Dict().tag(sync=True)
    """The page (``protocol.DashboardView``); empty before it was first built."""

    phase = traitlets.Enum(["opening", "idle", "failed"], "opening").tag(sync=True)
    """Whether there is a page to show."""

    page = traitlets.Unicode("").tag(sync=True)
    """The dashboard's name, such as ``tracker``; links to it are followed in place."""

    def __init__(
        self, workspace: Any, build: Build, page: str, role: Literal["reader", "editor"] = "reader", **kwargs: Any
    ) -> None:
        """Build the page without filters at once, so that it is ready when a reader comes.

        ``build`` gets the filters in the address. It also gets ``offset`` (how many hits or rows to skip) if more of a
        block are requested, together with ``limit`` to save a file, which it may ignore.
        """
        if not os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):  # which saves no notebooks
            self.held_back = {"view": {}, "phase": "opening"}
        self._build = build
        self._role = role
        self._reads_only = role == "reader"
        self._stamp = ""
        super().__init__(workspace, page=page, **kwargs)
        self._show({})

    def on_open(self, query: dict[str, str]) -> None:
        """Show the page with these filters, rebuilt if anything has changed."""
        wanted = _checked(query)
        if self.phase == "opening" or self.error or wanted != self._query or self._stamp_now() != self._stamp:
            self._show(wanted)

    def on_poll(self) -> None:
        """Rebuild the page if what it shows has changed."""
        if self.view.get("progress") or self._stamp_now() != self._stamp:
            self._show(self._query)

    def on_wrong(self, tracker_id: str, sentence_id: str, note: str = "") -> WrongResult:
        """Report a wrong hit to the trainer; returns the name under which they see it."""
        by = self.sender
        self.workspace.wrong_hit(tracker_id, sentence_id, by=by, note=note)
        return {"by": by.name}

    def on_more(self, block_id: str, offset: int) -> MoreResult:
        """Return the hits or rows of a block from ``offset`` on."""
        block = self._page_of(block_id, {"offset": str(max(0, int(offset)))})
        return {"hits": block["hits"], "table": tables.table_of(block), "total": tables.total_of(block)}

    def on_csv(self, block_id: str) -> str:
        """Return a block as CSV, including what is not shown yet; at most ``MOST_SAVED`` rows and a page."""
        limit = {"limit": str(MOST_SAVED)}
        pages = [self._page_of(block_id, {**limit, "offset": "0"})]
        read = tables.count_of(pages[0])
        while tables.count_of(pages[-1]) and read < min(MOST_SAVED, tables.total_of(pages[-1])):
            pages.append(self._page_of(block_id, {**limit, "offset": str(read)}))
            read += tables.count_of(pages[-1])
        return tables.csv(pages)

    def on_open_call(self, conversation_id: str, sentence_id: str = "") -> OpenedCall:
        """Return a call to be read over the page, and where in it a sentence is.

        Raises:
            ConversationNotFound: the workspace has no such call.
        """
        call = self._call(conversation_id)
        return {"call": call, "at": self._outline_of(conversation_id).place(sentence_id)}

    def on_detections(self, conversation_id: str) -> MarksView:
        """Return what published trackers found in a call, as it stands."""
        outline = self._outline_of(conversation_id)
        number = self.workspace.lake.card(conversation_id).number
        rows = standing(self.workspace.database, self.workspace.lake).in_conversations([number]).get(number, [])
        by_tracker: dict[str, dict[str, Mark]] = {}
        for row in rows:
            by_tracker.setdefault(row.tracker, {})[row.sentence_id] = Mark(row.score, row.version)
        marks = [mark for name, found in by_tracker.items() for mark in call_views.marks(outline, name, found)]
        return {"trackers": list(by_tracker), "marks": marks}

    def _page_of(self, block_id: str, also: dict[str, str]) -> BlockView:
        view = tables.plain(self._build(self.workspace, {**self._query, **also}))
        for block in view["blocks"]:
            if block["id"] == block_id:
                found: BlockView = block
                return found
        raise NotFound(f"This page has no part {block_id!r} any more. Reload it.")

    def _show(self, query: dict[str, str]) -> None:
        """Show a page, or report why it can't be made; then the one before stays."""
        self._query = query
        try:
            self._stamp = self._stamp_now()
            view = tables.plain(self._build(self.workspace, dict(query)))
        except Exception as error:  # noqa: BLE001, shown in the page
            self.error = self._failure(error)["message"]
            self.phase = "idle" if self.view else "failed"
            return
        with self.hold_sync():
            self.view = {**view, "role": self._role}
            self.error, self.phase = "", "idle"

    def _snapshot(self) -> Snapshot:
        return snapshot_parts.dashboard(cast("DashboardView", self.view)) if self.view else Snapshot()

    def _stamp_now(self) -> str:
        return f"{self.workspace.lake.version} {stamp(self.workspace.database)}"


def _checked(query: Any) -> dict[str, str]:
    """Return the filters in an address; raises ``WorkbenchError`` for invalid ones."""
    if not isinstance(query, dict) or len(query) > MOST_NAMES:
        raise WorkbenchError(f"The address contains more than {MOST_NAMES} filters. Open the page without them.")
    for name, value in query.items():
        if not isinstance(name, str) or not isinstance(value, str) or len(name) + len(value) > LONGEST_VALUE:
            raise WorkbenchError(f"The filter {str(name)[:40]!r} is too long; use at most {LONGEST_VALUE} characters.")
    return {name: value for name, value in query.items() if name not in ("offset", "limit")}
