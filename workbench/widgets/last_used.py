"""The tracker that each person used last in a workspace, so that notebooks reopen it after a restart."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from workbench.domain.errors import WorkbenchError
from workbench.store.settings import SettingRepository

SETTING = "last_trackers"
MOST_PEOPLE = 500
"""How many people's choices are kept; the oldest give way."""

log = logging.getLogger(__name__)


def remember(workspace: Any, tracker_id: str) -> None:
    """Keep this as the tracker that the workspace's user used last; one that cannot be kept is passed over."""
    if getattr(workspace, "database", None) is None or workspace.read_only:
        return
    user = workspace.user

    def changed(kept: Any) -> dict[str, Any]:
        others = {name: one for name, one in _people(kept).items() if name != user}
        return {SETTING: dict([*others.items(), (user, tracker_id)][-MOST_PEOPLE:])}

    try:
        if _kept(workspace).get(user) != tracker_id:
            SettingRepository(workspace.database).change(SETTING, changed)
    except (SQLAlchemyError, WorkbenchError):
        log.warning("The tracker that was used last could not be kept", exc_info=True)


def last_used(workspace: Any) -> Any:
    """Return the tracker that the workspace's user used last; None if there is none, or it was deleted."""
    if getattr(workspace, "database", None) is None:
        return None
    found = _kept(workspace).get(workspace.user)
    return next((one for one in workspace.trackers.list() if one.id == found), None) if found else None


def _kept(workspace: Any) -> dict[str, str]:
    return _people(SettingRepository(workspace.database).get(SETTING))


def _people(kept: Any) -> dict[str, str]:
    """Return what was kept; nothing if something else wrote it."""
    return kept if isinstance(kept, dict) else {}
