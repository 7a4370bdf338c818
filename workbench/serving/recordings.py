"""Plays recordings to readers: those of the workspace's calls that are below the operator's folder, by a call's id.

A request names a call and never a file. Whoever may open the dashboards may hear them; a call that was deleted is no
longer heard.
"""

from __future__ import annotations

import asyncio
import os
from functools import cached_property
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from workbench.corpus.lake import Lake
from workbench.domain.errors import ConversationNotFound
from workbench.domain.recording_files import TYPES, file_below
from workbench.resources.corpus_place import attach
from workbench.resources.opening import STATE_FILE, is_workspace
from workbench.serving.answers import SafeHandler
from workbench.store.database import STATE, open_database


class Recordings:
    """Finds the recording's file of a call of one workspace; safe to use from threads."""

    def __init__(self, workspace: Path, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder

    def file_of(self, conversation_id: str) -> Path | None:
        """Return the file; None if there is no such call, or no recording of it that may be played."""
        if not is_workspace(self._workspace):
            return None
        try:
            media = self._lake.outline(conversation_id).media
        except ConversationNotFound:
            return None
        return file_below(self._folder, media) if media else None

    @cached_property
    def _lake(self) -> Lake:
        lake = Lake(self._workspace / "corpus", True)
        attach(lake.root, open_database(os.environ.get(STATE) or self._workspace / STATE_FILE), None, True)
        return lake


class RecordingHandler(SafeHandler, JupyterHandler, web.StaticFileHandler):
    """One call's recording, as a whole or a range of it."""

    _track_activity = False
    _file = Path()

    def initialize(self, recordings: Recordings) -> None:  # type: ignore[override]  # it takes no folder
        self._recordings = recordings
        super().initialize(path="")

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the recording of the call with the id ``path``.

        Raises ``HTTPError`` 403 for strangers, and 404 if there is nothing to hear.
        """
        if not self.current_user:
            raise web.HTTPError(403)
        found = await asyncio.get_running_loop().run_in_executor(None, self._recordings.file_of, path)
        if found is None:
            raise web.HTTPError(404)
        self._file = found
        if self.request.headers.get("If-Range", self.compute_etag()) != self.compute_etag():
            self.request.headers.pop("Range", None)  # another recording by now: a part of it would not fit
        await super().get(path, include_body)

    def parse_url_path(self, url_path: str) -> str:  # noqa: ARG002, the signature is Tornado's
        """Return no path: what a request names is a call."""
        return ""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str:  # noqa: ARG002, as above
        """Return the file that was found for the call."""
        return str(self._file)

    def compute_etag(self) -> str:
        """Return a mark of the file's time and size, because reading hours of sound for one would take long."""
        about = self._file.stat()
        return f'"{about.st_mtime_ns:x}-{about.st_size:x}"'

    def get_content_type(self) -> str:
        return TYPES[self._file.suffix.lower()]

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002, as above
        """Let the browser ask each time, so that a revoked token ends it."""
        self.set_header("Cache-Control", "private, no-cache")

    def head(self, path: str) -> Any:
        """Send the headers alone."""
        return self.get(path, include_body=False)
