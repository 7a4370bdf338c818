"""Decides which files readers may hear: recordings below the folder that the operator names, and no others.

Imports say where a recording is, so what they say is only ever compared with that folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FOLDER = "WORKBENCH_RECORDINGS"  # set by ``workbench dashboards --recordings`` for its kernels
ADDRESS = "WORKBENCH_RECORDINGS_ADDRESS"  # where that server plays a recording; a conversation's id follows
TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".aac": "audio/aac",
        ".flac": "audio/flac",
        ".m4a": "audio/mp4",
        ".mp3": "audio/mpeg",
        ".mp4": "video/mp4",
        ".oga": "audio/ogg",
        ".ogg": "audio/ogg",
        ".opus": "audio/ogg",
        ".wav": "audio/wav",
        ".webm": "video/webm",
    }
)
"""Media types by suffix; fixed here, because the system's table may have been changed."""


def file_below(folder: str | os.PathLike[str], media: str) -> Path | None:
    """Return the recording's file, with all links followed; None if it is not a recording below ``folder``.

    Hidden files and files in hidden folders are not recordings, and neither are devices or pipes.
    """
    if not os.fspath(folder) or "\0" in media:
        return None
    try:
        root = Path(folder).resolve(strict=True)
        found = (root / media).resolve(strict=True)
        place = found.relative_to(root)
    except (OSError, ValueError, RuntimeError):
        return None
    if any(part.startswith(".") for part in place.parts) or found.suffix.lower() not in TYPES:
        return None
    return found if found.is_file() else None
