"""What a file's name tells of the recording."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ZOOM = re.compile(r"GMT(\d{8})-(\d{6})")


def started_in_name(name: str) -> datetime | None:
    """Return the start that Zoom writes into names, ``GMT20260302-090000_Recording…``; None if there is none."""
    found = _ZOOM.search(name)
    if not found:
        return None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
