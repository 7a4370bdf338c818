"""The address at which a page can play a conversation's recording."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from jupyter_core.paths import jupyter_runtime_dir

from workbench.domain.media_hosts import remote_of
from workbench.domain.recording_files import ADDRESS, FOLDER, TYPES, file_below

SUFFIXES = frozenset(TYPES)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


class Recording(NamedTuple):
    """``address`` is what the page plays, None if it can't; ``problem`` then says why, empty without a recording.

    ``host`` is set if the browser would request it from another server: a person must confirm this first.
    """

    address: str | None
    problem: str
    host: str | None = None


def recording_of(media: str | None, conversation_id: str = "") -> Recording:
    """Find the recording named by a conversation's ``media``: on an allowed host, or a file under the server's folder.

    The dashboards' server plays a file by the conversation's id, if it is in the folder that its operator names.

    The name comes with the import, so it must not choose what the viewer's browser asks; see
    :mod:`workbench.domain.media_hosts`.
    """
    if not media:
        return Recording(None, "")
    scheme, _, _ = media.partition(":") if ":" in media else ("", "", "")
    if len(scheme) > 1 and _SCHEME.fullmatch(scheme):  # a single letter is a drive
        found = remote_of(media)
        if isinstance(found, str):
            return Recording(None, f"The recording can't be played: {found}")
        return Recording(found.address, "", found.host)
    if Path(media).suffix.lower() not in SUFFIXES:
        return Recording(None, f"The recording can't be played: {Path(media).name} is not an audio file.")
    if address := os.environ.get(ADDRESS):
        return _of_dashboards(address, media, conversation_id)
    return _served(Path(media))


def _of_dashboards(address: str, media: str, conversation_id: str) -> Recording:
    if file_below(os.environ.get(FOLDER, ""), media) is None:
        return Recording(
            None, f"The recording can't be played: {Path(media).name} is not in the folder given by --recordings."
        )
    return Recording(f"{address}{quote(conversation_id, safe='')}", "")


def _served(file: Path) -> Recording:
    server = _server()
    if server is None:
        return Recording(
            None, "The recording is a file, which only JupyterLab can play. Open this notebook in JupyterLab."
        )
    root, base = server
    try:
        place = file.resolve().relative_to(root)
    except ValueError:
        where = f"{file.name} is not under {root}, the folder that Jupyter serves"
        return Recording(None, f"The recording can't be played: {where}. Move it there and import it again.")
    return Recording(f"{base}files/{quote(place.as_posix())}", "")


def _server() -> tuple[Path, str] | None:
    """Return folder and base address of the Jupyter server that started this kernel, from the server's own file."""
    note = Path(jupyter_runtime_dir()) / f"jpserver-{os.environ.get('JPY_PARENT_PID')}.json"
    try:
        about = json.loads(note.read_text("utf-8"))
        return Path(about["root_dir"]).resolve(), about["base_url"]
    except (OSError, ValueError, KeyError):
        return None
