"""Failures as shown on pages: in full to authors, and without details of the machine to readers."""

from __future__ import annotations

import logging
import secrets

from workbench.domain.disclosure import told_to_readers
from workbench.domain.errors import WorkbenchError
from workbench.widgets.protocol import Failure

log = logging.getLogger(__name__)


def failure(error: Exception, reads_only: bool) -> Failure:
    """Return the error in words; what readers are not shown is in the log, under an id that they can pass on."""
    ours = isinstance(error, WorkbenchError)
    words = told_to_readers(error) if reads_only else str(error)
    if ours and words == str(error):
        return {"kind": type(error).__name__, "message": words}
    error_id = secrets.token_hex(4)
    log.error("Error %s: a widget's request failed", error_id, exc_info=error)
    if reads_only:
        return {"kind": "Failed", "message": f"{words} Tell whoever runs these dashboards: error {error_id}."}
    kind = type(error).__name__
    return {"kind": kind, "message": f"Something went wrong: {words or kind}"}
