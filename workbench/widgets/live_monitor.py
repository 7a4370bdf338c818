"""A live call: its transcript as it arrives, with trackers' matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from workbench.domain.errors import NotFound, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.rules import MAX_SEARCH
from workbench.live.replay import checked_speed
from workbench.widgets import live_calls, live_views, traits
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import LiveCallView, LiveNews, LivePage, RecordedView
from workbench.widgets.snapshots import Snapshot

MOST_RECORDED = 20


class LiveMonitor(WorkbenchWidget):
    """Follows live calls, whichever process feeds them, and replays recorded ones."""

    _esm = esm("live")
    _css = css("live")

    requests = frozenset({"calls", "choose", "follow", "whole", "recorded", "replay", "speed", "stop", "show_call"})

    call_key = traitlets.Unicode("").tag(sync=True)
    """The call that is shown; empty for the newest one."""

    can_replay = traitlets.Bool(True).tag(sync=True)
    """Whether recorded calls can be replayed; not by readers."""

    notice = traitlets.Unicode("").tag(sync=True)
    """Live calls that cannot be read; empty if all can."""

    pages = traits.records(LivePage).tag(sync=True)
    """The dashboards that this page links to (``protocol.LivePage``); empty elsewhere."""

    def __init__(
        self,
        workspace: Any,
        call: Any = None,
        can_replay: bool = True,
        pages: Sequence[LivePage] = (),
        **kwargs: Any,
    ) -> None:
        """Take a live call's id or key, or an object with a ``key``, as ``call``; without one the newest is shown."""
        self._may_replay = can_replay  # a page can set the trait, but not this
        self._reads_only = not can_replay
        super().__init__(workspace, can_replay=can_replay, pages=list(pages), **kwargs)
        if call is not None:
            self.call_key = live_calls.named(workspace, call)

    def _snapshot(self) -> Snapshot:
        return Snapshot("shows calls in progress")

    def on_calls(self) -> list[LiveCallView]:
        """Return calls in progress, interrupted or recently ended, last changed first."""
        found, self.notice = live_calls.calls(self.workspace)
        return found

    def on_choose(self, key: str) -> None:
        """Show this call, in every view and after a reload; an empty key leaves the choice to the page."""
        self.error, self.call_key = "", key

    def on_follow(self, key: str, cursor: int) -> LiveNews:
        """Return what happened in a call since ``cursor``, at most one page."""
        return live_calls.news(self.workspace, key, int(cursor))

    def on_whole(self, key: str, turn: int) -> str:
        """Return the whole of a turn that is so long that its news has only the beginning."""
        return live_calls.whole(self.workspace, key, int(turn))

    def on_recorded(self, words: str) -> list[RecordedView]:
        """List calls with ``words`` in their title, newest first."""
        self._replayable()
        if len(words) > MAX_SEARCH:
            raise WorkbenchError(f"Search for at most {MAX_SEARCH} characters.")
        wanted = Filters(title=words.strip(), scope="any")
        found = self.workspace.lake.cards(wanted, limit=MOST_RECORDED, newest=True)
        return [live_views.recorded(card) for card in found]

    def on_replay(self, conversation_id: str, speed: float) -> str:
        """Replay a recorded call and show it; return its key."""
        self._replayable()
        playing = self.workspace.live.play(conversation_id, checked_speed(speed))
        live_calls.playings_of(self.workspace)[playing.key] = playing
        self.error, self.call_key = "", playing.key
        return str(playing.key)

    def on_speed(self, key: str, speed: float) -> None:
        """Change the speed of a replay in this kernel."""
        self._playing(key).speed = checked_speed(speed)

    def on_stop(self, key: str) -> None:
        """End a replay in this kernel."""
        self._playing(key).stop()

    def _playing(self, key: str) -> Any:
        self._replayable()
        found = live_calls.playings_of(self.workspace).get(key)
        if found is None or found.done:
            raise NotFound("This replay has ended, or another notebook is running it.")
        return found

    def _replayable(self) -> None:
        if not self._may_replay:
            raise WorkbenchError("This page only shows live calls; open the notebook to replay one.")
