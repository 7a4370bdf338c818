"""Where a page can hear a conversation's recording."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from jupyter_core.paths import jupyter_runtime_dir

SUFFIXES = frozenset({".aac", ".flac", ".m4a", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav", ".webm"})


class Recording(NamedTuple):
    """``address`` is what the page plays, None where it can't; ``problem`` then says why, empty without a recording."""

    address: str | None
    problem: str


def recording_of(media: str | None) -> Recording:
    """The recording named by a conversation's ``media``: an http(s) address, or a file under the server's folder."""
    if not media:
        return Recording(None, "")
    scheme = urlsplit(media).scheme.lower()
    if scheme in ("http", "https"):
        return Recording(media, "")
    if len(scheme) > 1:  # one letter is a drive
        return Recording(None, "The recording can't be played: its address must begin with http or https.")
    if Path(media).suffix.lower() not in SUFFIXES:
        return Recording(None, f"The recording can't be played: {Path(media).name} is no audio file.")
    return _served(Path(media))


def _served(file: Path) -> Recording:
    server = _server()
    if server is None:
        return Recording(None, "The recording is a file, which only JupyterLab can play. Open this notebook there.")
    root, base = server
    try:
        place = file.resolve().relative_to(root)
    except ValueError:
        where = f"{file.name} is not under {root}, the folder that Jupyter serves"
        return Recording(None, f"The recording can't be played: {where}. Move it there and import it again.")
    return Recording(f"{base}files/{quote(place.as_posix())}", "")


def _server() -> tuple[Path, str] | None:
    """Folder and base address of the Jupyter server that started this kernel, as the server itself wrote them down."""
    note = Path(jupyter_runtime_dir()) / f"jpserver-{os.environ.get('JPY_PARENT_PID')}.json"
    try:
        about = json.loads(note.read_text("utf-8"))
        return Path(about["root_dir"]).resolve(), about["base_url"]
    except (OSError, ValueError, KeyError):
        return None
