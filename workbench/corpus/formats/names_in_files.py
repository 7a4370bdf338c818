"""What the name of a file, and of its folder, says about the recording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.corpus.formats.draft import Draft

_ZOOM = re.compile(r"GMT(\d{8})-(\d{6})")
_MEETING = re.compile(r"(?P<day>\d{4}-\d\d-\d\d) (?P<time>\d\d\.\d\d\.\d\d) (?P<topic>\S.*?)(?: \d{9,11})?")


@dataclass(frozen=True, slots=True)
class MeetingFolder:
    """A folder that Zoom made for the recording of one meeting: its name, the meeting's topic, and its local start."""

    name: str
    topic: str
    started: datetime

    def tell(self, draft: Draft) -> None:
        """Add what the file itself doesn't say."""
        draft.title = draft.title or self.topic
        if draft.started is None and draft.started_local is None:
            draft.begin(self.started)


def meeting_folder(name: str) -> MeetingFolder | None:
    """Parse a folder's name such as ``2026-03-02 09.58.12 Weekly sync``; None for all other names."""
    found = _MEETING.fullmatch(name.strip())
    if not found:
        return None
    try:
        started = datetime.strptime(f"{found['day']} {found['time']}", "%Y-%m-%d %H.%M.%S")  # noqa: DTZ007, local
    except ValueError:
        return None
    return MeetingFolder(name.strip(), found["topic"], started)


def started_in_name(name: str) -> datetime | None:
    """Return the start in a name by Zoom, ``GMT20260302-090000_Recording…``; None if there is none."""
    found = _ZOOM.search(name)
    if not found:
        return None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
