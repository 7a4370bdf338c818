"""The few addresses that the dashboards' server answers beside its static files."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qsl

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.httputil import url_concat
from voila.handler import BaseVoilaHandler
from voila.request_info_handler import RequestInfoSocketHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from workbench.serving.policy import policy

FIRST = "overview"
AN_HOUR = 3600  # seconds


class Front(BaseVoilaHandler):
    """``/``: leads to the overview, with the query that came along."""

    @web.authenticated
    async def get(self) -> None:
        self.redirect(url_concat(url_path_join(self.base_url, f"voila/render/{FIRST}.ipynb"), without_token(self)))


class Dashboard(TornadoVoilaHandler):
    """One of the dashboards, in a kernel of its own."""

    def initialize(self, most_kernels: int, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self._most_kernels = most_kernels
        self._nonce = secrets.token_urlsafe(16)

    @property
    def content_security_policy(self) -> str:
        return policy(self._nonce)

    def set_default_headers(self) -> None:
        """Jupyter asks for the policy before ``initialize`` ran."""

    def write(self, chunk: Any) -> None:
        """Voilà's own inline scripts are the only ones that the policy lets run."""
        super().write(chunk.replace("<script", f'<script nonce="{self._nonce}"') if isinstance(chunk, str) else chunk)

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        super().set_default_headers()
        if self.get_query_argument("token", None) is not None:
            # The cookie is set: neither the page's address nor its kernel's environment keeps the token.
            self.redirect(url_concat(self.request.path, without_token(self)))
            return
        if len(self.kernel_manager.list_kernel_ids()) >= self._most_kernels:
            raise web.HTTPError(503, "Too many dashboards are open; close one, or try again in a few minutes.")
        assert self.xsrf_token  # sets its cookie, without which a closed page can't end its kernel
        await super().get(path)
        RequestInfoSocketHandler._cache.clear()  # kept for pages that ask for their query, which ours don't


class _Kept:
    """Voilà's own files, each page's 5 MB of them, are asked for once an hour, not with each page."""

    def set_headers(self) -> None:
        super().set_headers()  # type: ignore[misc]
        self.set_header("Cache-Control", f"max-age={AN_HOUR}")  # type: ignore[attr-defined]


class StaticFile(_Kept, MultiStaticFileHandler):
    """Voilà's scripts."""


class ExtensionFile(_Kept, FileFindHandler):
    """The scripts of the widgets' manager and of anywidget."""


class KernelState(KernelHandler):
    """Whether a page's kernel lives."""

    SUPPORTED_METHODS = ("GET",)  # type: ignore[assignment]


def without_token(handler: web.RequestHandler) -> list[tuple[str, str]]:
    """The query's names and values, but for the token."""
    return [pair for pair in parse_qsl(handler.request.query, keep_blank_values=True) if pair[0] != "token"]
