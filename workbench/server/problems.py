"""Errors as problem details (RFC 9457): what is wrong, in which field, and a status that says whose fault it is."""

from __future__ import annotations

import logging
import re
import secrets
from http import HTTPStatus
from typing import Any

from workbench.domain import errors
from workbench.domain.disclosure import about_machine
from workbench.domain.edits import EditedMeanwhile
from workbench.domain.errors import WorkbenchError
from workbench.domain.results import TooManyReports

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
# The first match counts. Anything else that the workbench refuses is the sender's fault.
STATUS: tuple[tuple[type[WorkbenchError], int], ...] = (
    (errors.WorkspaceNotFound, 503),
    (errors.NotFound, 404),
    (TooManyReports, 429),
    (errors.TrackerExists, 409),
    (EditedMeanwhile, 412),
    (errors.WrongState, 409),
    (errors.NotEnoughTags, 409),
    (errors.CorpusNotEncoded, 409),
    (errors.NothingToTag, 409),
    (errors.RoundIncomplete, 409),
    (errors.Cancelled, 409),
    (errors.InvalidModelFile, 409),
    (errors.EncoderUnavailable, 503),
    (errors.StateUnavailable, 503),
    (errors.CorpusUnavailable, 503),
    (errors.WorkspaceDamaged, 503),
    (errors.NewerWorkspace, 503),
    (errors.ReadOnlyWorkspace, 409),
    (errors.CannotWrite, 503),
    (WorkbenchError, 422),
)
_RETRY = {503: {"Retry-After": "5"}, 429: {"Retry-After": "60"}}
_FIELD = re.compile(r"([a-z][a-z_.]*): ")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 2_000
# Clients rely on codes, so a class keeps the one under which its errors were first sent.
_CODES: dict[type[WorkbenchError], str] = {errors.InvalidArgument: "workbench-error"}


class RequestRefused(Exception):
    """A request that cannot be served. ``fields`` are pairs of a field's name and what is wrong with it."""

    def __init__(
        self,
        status: int,
        detail: str,
        code: str = "",
        fields: list[tuple[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ):
        super().__init__(detail)
        self.status = status
        self.detail = detail[:_LONGEST]
        self.code = code or HTTPStatus(status).name.lower().replace("_", "-")
        self.fields = fields or []
        self.headers = headers or {}

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of ``models.trackers.ProblemView``."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [{"field": name[:200], "message": message[:_LONGEST]} for name, message in self.fields],
        }


def refused_of(error: WorkbenchError) -> RequestRefused:
    """Return a workbench error as a refusal; the word before its first colon is the field.

    An error that only the server's administrator can fix is reported without files and hosts, which go to the log.
    """
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    words = about_machine(error)
    said = logged(words, error) if words else str(error)
    named = _FIELD.match(said)
    fields = [(named[1], said[named.end() :])] if named and status == 422 else []
    code = _CODES.get(type(error)) or "-".join(_WORDS.split(type(error).__name__)).lower()
    return RequestRefused(status, said, code, fields, _RETRY.get(status))


def logged(words: str, error: BaseException) -> str:
    """Log the error and return the words with the id that it has in the log."""
    error_id = secrets.token_hex(4)
    log.error("Error %s of the API", error_id, exc_info=error)
    return f"{words} Report error {error_id} to the administrator of this server."


def invalid(field: str, message: str) -> RequestRefused:
    """422, with one field."""
    return RequestRefused(422, f"{field}: {message}", "invalid", [(field, message)])
