"""What all answers of the dashboards' server have in common: headers, error pages and log entries."""

from __future__ import annotations

import logging
import secrets
from http.client import responses
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import jinja2
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.httputil import HTTPServerRequest

from workbench.serving.origin import is_foreign
from workbench.serving.policy import HEADERS, policy

PLAIN = Path(__file__).parent / "templates" / "plain"
TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(PLAIN), autoescape=True)
READABLE = "/%~:@!$&'()*+,;=-._"  # in a path; other characters are logged as their code
MAX_LOGGED = 200  # characters of a path
WORDS = {
    400: "The server can't read this request.",
    403: "You may not open this from here.",
    404: "There is nothing at this address.",
    405: "This address does not support this kind of request.",
    500: "Something went wrong. If it happens again, report error {id} to the administrator of this server.",
}
log = logging.getLogger(__name__)


class HttpRefusal(web.HTTPError):
    """An error whose ``words`` the reader sees and that needs no traceback in the log."""

    def __init__(self, status_code: int, words: str) -> None:
        super().__init__(status_code)
        self.words = words


class SafeHandler(web.RequestHandler):
    """The first base of a handler: refuses requests from other sites' pages and never shows a request's query.

    Queries contain tokens and filters, so they appear neither in error pages nor in the log.
    """

    form_action = "'none'"
    _error_id = ""

    @property
    def content_security_policy(self) -> str:
        return policy(self.form_action)

    def set_default_headers(self) -> None:
        """Set the headers of every answer, including errors."""
        super().set_default_headers()
        self.clear_header("Server")
        self.set_header("Content-Security-Policy", self.content_security_policy)
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def set_cors_headers(self) -> None:
        """Allow no other site to read an answer, not even with the token."""

    async def prepare(self, **options: Any) -> None:
        """Refuse requests from other sites' pages.

        Raises:
            Refusal: the request does not come from a reader.
        """
        if is_foreign(self.request.method or "", self.request.headers):
            raise HttpRefusal(403, "Another site's page asked for this. Open the dashboards in a separate tab.")
        await ensure_async(super().prepare(**options))

    def log_exception(
        self,
        typ: type[BaseException] | None,  # noqa: ARG002, the signature is Tornado's
        value: BaseException | None,
        tb: TracebackType | None,  # noqa: ARG002, as above
    ) -> None:
        """Log an unexpected error under an id, which the error page shows."""
        if isinstance(value, web.HTTPError) and value.status_code != 500:
            return  # its log line says enough
        self._error_id = secrets.token_hex(4)
        log.error("Error %s: %s", self._error_id, summary(self.request), exc_info=value)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a page, or JSON for programs, that repeats nothing from the request."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        known = WORDS.get(status_code) or "The server can't answer this request."
        words = error.words if isinstance(error, HttpRefusal) else known.format(id=self._error_id)
        if isinstance(self, APIHandler):
            self.finish({"message": words})
            return
        title = responses.get(status_code, "Error")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        base_url = self.settings.get("base_url", "/")
        self.finish(TEMPLATES.get_template("error.html.j2").render(title=title, words=words, base_url=base_url))


class NotFoundHandler(SafeHandler):
    """Every address that does not exist."""

    async def prepare(self, **options: Any) -> None:
        await super().prepare(**options)
        raise web.HTTPError(404)


def summary(request: HTTPServerRequest) -> str:
    """Return a request's method and path for the log, without its query and without terminal control characters."""
    method, path = quote(request.method or "", safe="")[:20], quote(request.path, safe=READABLE)
    return f"{method} {path[:MAX_LOGGED]}{'…' if len(path) > MAX_LOGGED else ''} ({request.remote_ip})"


def log_request(handler: web.RequestHandler) -> None:
    """Log a request that was refused or failed; tornado calls this after each request."""
    status = handler.get_status()
    if status >= 400:
        level = logging.ERROR if status >= 500 else logging.WARNING
        taken = 1000 * handler.request.request_time()
        log.log(level, "%d %s %.0f ms", status, summary(handler.request), taken)
