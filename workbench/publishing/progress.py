"""The progress of a backfill, in words."""

from __future__ import annotations

from workbench.domain.publications import (
    Run,
)

READ_ALL = 'Publish with past="all" to read them, whenever they began.'


ON_DASK = "Dask's dashboard: {}"


NO_CALLS = "There were no past calls."


MESSAGES = {
    Run.RUNNING: "Reading past calls; matches appear immediately.",
    Run.INTERRUPTED: "Reading past calls was interrupted; resume it to continue.",
    Run.CANCELLED: "Cancelled. Matches found so far are kept.",
    Run.FAILED: "Reading past calls failed.",
    Run.DONE: "All requested past calls have been read.",
}


def state_of(left: int, cancelled: bool, failure: str | None, running: bool) -> Run:
    if not left:
        return Run.DONE
    if running:
        return Run.RUNNING
    if cancelled:
        return Run.CANCELLED
    return Run.INTERRUPTED if failure is None else Run.FAILED


def began_in(past: str) -> str:
    """Return text such as "began in the past 12 months"."""
    return f"began in the past {past}"
