"""A folder whose new files are imported as they come, so that active trackers read the calls in them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.corpus.formats import clearly_not_conversations, format_of
from workbench.corpus.ingest import IngestReport
from workbench.domain.errors import WorkbenchError
from workbench.domain.paths import absolute
from workbench.engine.encoder_process import IDLE_S

if TYPE_CHECKING:
    from workbench.workspace import Workspace

POLL_S = 0.5
Stamp = tuple[int, int]  # size in bytes, time of change in nanoseconds
OnReport = Callable[[IngestReport], None]


def watch(
    workspace: Workspace, folder: Path, stop: threading.Event, on_report: OnReport, poll_s: float = POLL_S
) -> None:
    """Imports each file of the folder and of those in it, once it has been still for ``poll_s`` seconds.

    What stood there before counts as new, and what the workspace holds is not imported again. A file that changes is
    read again. Ends when ``stop`` is set.

    Raises:
        NotADirectoryError: ``folder`` is none.
    """
    folder = absolute(folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: is no folder")
    workspace.catch_up()
    seen: dict[Path, Stamp] = {}
    read: dict[Path, Stamp] = {}
    while not stop.is_set():
        now = _files(folder)
        still = [file for file, stamp in now.items() if seen.get(file) == stamp != read.get(file)]
        if still:
            on_report(workspace.ingest(still))
            read |= {file: now[file] for file in still}
        seen = now
        stop.wait(poll_s)


def keep_encoder(workspace: Workspace, stop: threading.Event, every_s: float = IDLE_S / 3) -> threading.Thread:
    """Asks the shared encoder, now and again, so that it runs when a call arrives: to start takes it long.

    Ends when ``stop`` is set. That it can't be had is told by those who need it.
    """

    def ask() -> None:
        while not stop.is_set():
            with suppress(WorkbenchError):
                workspace.encoder.encode(["ready"])
            stop.wait(every_s)

    thread = threading.Thread(target=ask, name="keep-encoder", daemon=True)
    thread.start()
    return thread


def _files(folder: Path) -> dict[Path, Stamp]:
    """Those that may hold conversations; hidden ones are left alone, as writers use them while they write."""
    out: dict[Path, Stamp] = {}
    for file in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        try:
            found = file.stat()
        except OSError:
            continue  # gone meanwhile
        if file.is_file() and (format_of(file) or not clearly_not_conversations(file)):
            out[file] = (found.st_size, found.st_mtime_ns)
    return out
