"""A folder whose new files are imported as they come, so that active trackers read the calls in them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.corpus.formats import passed_over
from workbench.corpus.ingest import IngestReport
from workbench.corpus.redaction.kinds import Redact
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoder_process import IDLE_S

if TYPE_CHECKING:
    from workbench.workspace.workspace import Workspace

log = logging.getLogger(__name__)
POLL_S = 0.5
Stamp = tuple[int, int]  # size in bytes, time of change in nanoseconds
OnReport = Callable[[IngestReport], None]
OnProblem = Callable[[str], None]
MAX_WAIT_S = 60.0  # between two tries after failures


def no_report(problem: str) -> None:
    """Leave a problem to the log."""
    log.warning("%s", problem)


def watch(
    workspace: Workspace,
    folder: Path,
    stop: threading.Event,
    on_report: OnReport,
    poll_s: float = POLL_S,
    on_problem: OnProblem = no_report,
    redact: Redact | None = None,
) -> None:
    """Import each file of the folder and of those in it, once it has been still for ``poll_s`` seconds.

    What stood there before counts as new, and what the workspace holds is not imported again. A file that changes is
    read again. Ends when ``stop`` is set, and at nothing else: what fails, such as the encoder, the database or the
    disk, is told to ``on_problem`` and tried again, after a while that doubles with each failure. ``redact`` is as in
    ``ws.ingest``.

    Raises:
        NotADirectoryError: ``folder`` is not a folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: not a folder")
    inbox, failures = _Inbox(folder), 0
    is_behind = True  # whether the trackers may have calls to read
    while not stop.is_set():
        try:
            if still := inbox.still():
                is_behind = True
                on_report(workspace.ingest(list(still), detect=False, redact=redact))
                inbox.done(still)
            if is_behind:
                workspace.catch_up()
                is_behind = False
            failures = 0
        except Exception as error:  # noqa: BLE001, told, and tried again
            failures += 1
            wait_s = min(MAX_WAIT_S, poll_s * 2**failures)
            on_problem(f"{_reason(error)} Trying again in {wait_s:.0f} s.")
            stop.wait(wait_s)
        stop.wait(poll_s)


class _Inbox:
    """The files of a folder: which of them have stopped changing since they were last read."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._seen: dict[Path, Stamp] = {}
        self._read: dict[Path, Stamp] = {}

    def still(self) -> dict[Path, Stamp]:
        """Look at the folder; return those that are as they were at the last look, and not as they were read."""
        seen, self._seen = self._seen, _files(self._folder)
        return {file: stamp for file, stamp in self._seen.items() if seen.get(file) == stamp != self._read.get(file)}

    def done(self, files: dict[Path, Stamp]) -> None:
        """Note that these were read."""
        self._read |= files


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split()) if isinstance(error, WorkbenchError) else ""
    return (said or f"{type(error).__name__}: {' '.join(str(error).split())[:300]}").rstrip(".") + "."


def keep_encoder(workspace: Workspace, stop: threading.Event, every_s: float = IDLE_S / 3) -> threading.Thread:
    """Call the shared encoder regularly, so that it is running when a call arrives: starting takes long.

    Ends when ``stop`` is set. Callers that need the encoder report that it is unavailable.
    """

    def ask() -> None:
        while not stop.is_set():
            with suppress(Exception):
                workspace.encoder.encode(["ready"])
            stop.wait(every_s)

    thread = threading.Thread(target=ask, name="keep-encoder", daemon=True)
    thread.start()
    return thread


def _files(folder: Path) -> dict[Path, Stamp]:
    """Return those that may contain conversations, without hidden ones, which writers use while they write."""
    out: dict[Path, Stamp] = {}
    for file in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        try:
            found = file.stat()
        except OSError:
            continue  # gone meanwhile
        if file.is_file() and not passed_over(file):
            out[file] = (found.st_size, found.st_mtime_ns)
    return out
