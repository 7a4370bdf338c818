"""The live calls of a workspace, read from their journals, and the replays of this kernel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from workbench.domain.errors import NotFound, WorkspaceDamaged
from workbench.domain.unreadable import left_out
from workbench.live.journal import HEADING, Journal, key_of
from workbench.live.lines import JournalLine, checked
from workbench.widgets import live_views
from workbench.widgets.protocol import LiveCallView, LiveNews

PAGE = 65_536  # bytes of a journal per read
MOST = 50
GONE = "This call can no longer be followed: its journal was removed."

_PLAYINGS: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def playings_of(workspace: Any) -> dict[str, Any]:
    """Return the replays that this kernel has started, by key, so that any cell that shows one can stop it."""
    return _PLAYINGS.setdefault(workspace, {})


def calls(workspace: Any) -> tuple[list[LiveCallView], str]:
    """Return calls in progress, interrupted or recently ended, last changed first; and what cannot be read."""
    journals = workspace.live.journals()
    found = [(one, _first(one)) for one in journals[:MOST]]
    return [_call(workspace, one, first) for one, first in found if first is not None], left_out(journals.unreadable)


def news(workspace: Any, key: str, cursor: int) -> LiveNews:
    """Return what is new since ``cursor``, at most one page; raises ``NotFound``."""
    journal, first = _opened(workspace, key)
    shown = _call(workspace, journal, first)  # state before lines: then all up to the end is included
    lines, after = journal.read(max(0, cursor), PAGE)
    return live_views.news(shown, lines, after, bool(lines) and after < journal.file.stat().st_size)


def whole(workspace: Any, key: str, turn: int) -> str:
    """Return the full text of the turn at this index; raises ``NotFound``."""
    lines = _opened(workspace, key)[0].lines()
    heard = [line["turn"]["text"] for line in map(checked, lines) if line.get("at") == turn]
    return str(heard[-1]) if heard else ""


def named(workspace: Any, call: Any) -> str:
    """Return the key for what someone names: a key, a call's id, or an object that has one."""
    if not isinstance(call, str):
        return str(call.key)
    keys = {one.key for one in workspace.live.journals()}
    return call if call in keys else key_of(call)


def _opened(workspace: Any, key: str) -> tuple[Journal, JournalLine]:
    """Return the journal with its first line."""
    for journal in workspace.live.journals():
        if journal.key == key and (first := _first(journal)) is not None:
            return journal, first
    raise NotFound(GONE)


def _first(journal: Journal) -> JournalLine | None:
    """Return the first line; None if nothing is written yet, or it can no longer be read."""
    try:
        lines, _ = journal.read(0, HEADING)
    except WorkspaceDamaged:
        return None
    return checked(lines[0]) if lines and "call" in checked(lines[0]) else None


def _call(workspace: Any, journal: Journal, first: JournalLine) -> LiveCallView:
    playing = playings_of(workspace).get(journal.key)
    return live_views.call(journal.key, first, journal.state, datetime.now(UTC), playing, workspace.lake.zone)
