"""What all answers of the dashboards' server have in common: headers, error pages, and what is logged of them."""

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
READABLE = "/%~:@!$&'()*+,;=-._"  # in a path; all else is logged as its code
MAX_LOGGED = 200  # characters of a path
WORDS = {
    400: "The request can't be read.",
    403: "You may not open this from here.",
    404: "There is nothing at this address.",
    405: "This address does not answer such a request.",
    500: "Something went wrong. If it happens again, tell whoever runs this server that it was error {id}.",
}
log = logging.getLogger(__name__)


class HttpRefusal(web.HTTPError):
    """An error whose ``words`` are for the reader, and that needs no traceback in the log."""

    def __init__(self, status_code: int, words: str) -> None:
        super().__init__(status_code)
        self.words = words


class SafeHandler(web.RequestHandler):
    """A handler's first base: it refuses what other sites' pages ask, and says nothing of a request's query.

    Queries hold tokens and filters; they appear neither in error pages nor in the log.
    """

    form_action = "'none'"
    _error_id = ""

    @property
    def content_security_policy(self) -> str:
        return policy(self.form_action)

    def set_default_headers(self) -> None:
        """Set what every answer says, that of an error included."""
        super().set_default_headers()
        self.clear_header("Server")
        self.set_header("Content-Security-Policy", self.content_security_policy)
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def set_cors_headers(self) -> None:
        """Let no other site read an answer, not even with the token."""

    async def prepare(self, **options: Any) -> None:
        """Refuse requests of other sites' pages.

        Raises:
            Refusal: the request is not a reader's.
        """
        if is_foreign(self.request.method or "", self.request.headers):
            raise HttpRefusal(403, "Another site's page asked for this. Open the dashboards in a tab of their own.")
        await ensure_async(super().prepare(**options))

    def log_exception(
        self,
        typ: type[BaseException] | None,  # noqa: ARG002, the signature is Tornado's
        value: BaseException | None,
        tb: TracebackType | None,  # noqa: ARG002, as above
    ) -> None:
        """Log what nobody foresaw under an id, which the error page names."""
        if isinstance(value, web.HTTPError) and value.status_code != 500:
            return  # its line in the log says enough
        self._error_id = secrets.token_hex(4)
        log.error("Error %s: %s", self._error_id, summary(self.request), exc_info=value)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a page, or JSON to programs, that repeats nothing of the request."""
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
    """Every address that there is not."""

    async def prepare(self, **options: Any) -> None:
        await super().prepare(**options)
        raise web.HTTPError(404)


def summary(request: HTTPServerRequest) -> str:
    """Give a request's method and path for the log: without its query, and with nothing that a terminal obeys."""
    method, path = quote(request.method or "", safe="")[:20], quote(request.path, safe=READABLE)
    return f"{method} {path[:MAX_LOGGED]}{'…' if len(path) > MAX_LOGGED else ''} ({request.remote_ip})"


def log_request(handler: web.RequestHandler) -> None:
    """Log a request that was refused or failed; tornado calls it after each."""
    status = handler.get_status()
    if status >= 400:
        level = logging.ERROR if status >= 500 else logging.WARNING
        taken = 1000 * handler.request.request_time()
        log.log(level, "%d %s %.0f ms", status, summary(handler.request), taken)
