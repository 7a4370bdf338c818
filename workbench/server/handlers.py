"""The API's only handler: it checks who asks for what and whether they may, then runs the request in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError

from workbench.domain import plain_json
from workbench.domain.api_tokens import Rights
from workbench.domain.disclosure import WRONG
from workbench.domain.errors import WorkbenchError
from workbench.server.identity import Caller, bearer_of, caller_of
from workbench.server.problems import MEDIA_TYPE, RequestRefused, logged, refused_of
from workbench.server.routing import READING, ApiRequest, Route, RouteReply, found
from workbench.server.service import Service

API = ("workbench", "api", "v1")


class ApiHandler(APIHandler):
    """Dispatches requests by the table of routes.

    :meth:`prepare` identifies the caller, and :meth:`_serve` refuses unknown callers with problem details. To the
    server itself, the methods are therefore open.
    """

    auth_resource = "workbench"

    def initialize(self, service: Service) -> None:
        self._service = service
        self._caller: Caller | None = None

    async def prepare(self, **options: Any) -> None:
        bearer = bearer_of(self.request.headers.get("Authorization", ""))
        if bearer is None:
            await super().prepare(**options)
            self._caller = Caller(self.current_user) if self.current_user else None
            return
        if not self.check_host():
            raise HTTPError(403)
        try:
            self._caller = await self._service.run(lambda: caller_of(self._service, bearer))
        except RequestRefused as refused:
            self._refuse(refused)
            return
        self.current_user = self._jupyter_current_user = self._caller.user if self._caller else None
        self._token_authenticated = True  # not by a cookie, so no other site can have made a browser send it
        self.set_cors_headers()

    def check_xsrf_cookie(self) -> None:
        """Check the XSRF cookie of known callers; others are asked to authenticate first."""
        if getattr(self, "_jupyter_current_user", None) is not None:
            super().check_xsrf_cookie()

    @property
    def _prefix(self) -> str:
        return url_path_join(self.base_url, *API, "/")

    async def _serve(self) -> None:
        try:
            await self._reply()
        except RequestRefused as refused:
            self._refuse(refused)
        except WorkbenchError as error:
            self._refuse(refused_of(error))

    async def _reply(self) -> None:
        if self._caller is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="workbench"'}
            detail = "authentication required: use the server's token or create one with `workbench tokens create`"
            raise RequestRefused(401, detail, headers=challenge)
        await self._check_rights(self._caller)
        routes = await self._service.run(_routes)
        route, values = found(routes, self.request.method or "", self.request.path[len(self._prefix) :])
        status, headers, body = await self._service.run(lambda: self._done(route, values), route.slow)
        for name, value in headers.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "private, no-cache")
        self.set_status(status)
        self.finish(*([body] if body else []))

    async def _check_rights(self, caller: Caller) -> None:
        writes = self.request.method not in READING
        if caller.rights is Rights.READER:
            raise RequestRefused(403, "this token is for dashboards only; ask for one with the right to read or write")
        if writes and caller.rights is not Rights.WRITE:
            raise RequestRefused(403, "this token is read-only; ask for one with the right to write")
        action = "write" if writes else "read"
        may = await ensure_async(self.authorizer.is_authorized(self, caller.user, action, self.auth_resource))
        if not may:
            raise RequestRefused(
                403, f"this server does not allow you to {action} {self.auth_resource}; ask its administrator"
            )

    def _done(self, route: Route, values: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        """Run the request; called in a thread, because its imports are slow too."""
        from sqlalchemy.exc import OperationalError

        from workbench.server.reading import body_of, query_of

        assert self._caller is not None
        query = query_of(route.query, self.request.query_arguments)
        body = body_of(route.body, self.request.body, self.request.headers.get("Content-Type", ""))
        who = {"by": self._caller.name, "user": self._caller.user.username}
        wanted = self.request.headers.get("If-Match")
        call = ApiRequest(opened=self._service.workspace, **who, path=values, query=query, body=body, if_match=wanted)
        try:
            given = route.run(call)
        except OperationalError:
            raise RequestRefused(
                503, "the workspace's state is busy; try again", headers={"Retry-After": "5"}
            ) from None
        reply = given if isinstance(given, RouteReply) else RouteReply(given, route.status)
        text = b"" if reply.view is None else reply.view.model_dump_json().encode()
        return reply.status, reply.headers, text

    def _refuse(self, refused: RequestRefused) -> None:
        for name, value in refused.headers.items():
            self.set_header(name, value)
        self.set_status(refused.status)
        self.finish(plain_json.dumps(refused.to_dict()), set_content_type=MEDIA_TYPE)

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log nothing: ``write_error`` logs unexpected errors, with the id that its reply gives."""
        if isinstance(value, HTTPError):
            super().log_exception(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Report what the server itself refuses, and unexpected errors, in the same form; never with a traceback."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        said = error.log_message if isinstance(error, HTTPError) and status_code < 500 else None
        if error is not None and not isinstance(error, HTTPError):
            said = logged(WRONG, error)
        allowed = {"Allow": "GET, HEAD, OPTIONS, POST, PATCH, DELETE"} if status_code == 405 else {}
        self._refuse(RequestRefused(status_code, said or HTTPStatus(status_code).phrase, headers=allowed))

    @allow_unauthenticated
    async def get(self, _decoded: str) -> None:
        """Match the path as it came, because a name may contain a percent-encoded slash."""
        await self._serve()

    head = post = patch = delete = put = get


def _routes() -> tuple[Route, ...]:
    """Return the routes; called in a thread, because the first call imports much."""
    from workbench.server.routes import ROUTES

    return ROUTES


def api_handlers(base_url: str, service: Service) -> list[tuple[str, Any, dict[str, Any]]]:
    """Return what a tornado application adds to serve the API below its ``base_url``."""
    return [(url_path_join(base_url, *API, "(.*)"), ApiHandler, {"service": service})]
