"""The few addresses that the dashboards' server answers in addition to its files."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qsl

from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.escape import url_escape
from tornado.httputil import url_concat
from tornado.ioloop import IOLoop
from voila.handler import BaseVoilaHandler
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.voila_identity_provider import VoilaLoginHandler

from workbench.serving.answers import TEMPLATES, SafeHandler
from workbench.serving.kernels import Left, OneKernel

FIRST = "overview"
PATIENCE_S = 30  # for Voilà to finish when the reader has left
HEARTBEAT = "<script>window.voila_heartbeat()</script>\n"  # Voilà's, for when a page takes long


class Front(SafeHandler, BaseVoilaHandler):
    """``/``: leads to the overview, with the query of the request."""

    @web.authenticated
    async def get(self) -> None:
        self.redirect(url_concat(url_path_join(self.base_url, f"voila/render/{FIRST}.ipynb"), without_token(self)))


class DashboardHandler(SafeHandler, TornadoVoilaHandler):
    """One of the dashboards, in its own kernel.

    The page has no script, so the policy allows none: whatever gets into the page stays text.
    """

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self._has_left = False
        self._kernel = OneKernel(self.settings["kernel_manager"], lambda: self._has_left)

    @property
    def kernel_manager(self) -> Any:
        return self._kernel

    def on_connection_close(self) -> None:
        """Give up on the page at its next part, or by force if none comes."""
        super().on_connection_close()
        self._has_left = True
        IOLoop.current().call_later(PATIENCE_S, self._kernel.close, False)

    def should_use_rendered_notebook(self, notebook_data: dict[str, Any], pool_size: int, *_: Any) -> bool:
        """Return whether a kernel stands by. Unlike in Voilà, a theme in the address does not matter."""
        return pool_size > 0 and bool(notebook_data)

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        if self.get_query_argument("token", None) is not None:
            # The cookie is set, so neither the page's address nor its kernel's environment needs the token.
            self.redirect(url_concat(self.request.path, without_token(self)))
            return
        assert self.xsrf_token  # sets the cookie without which a closed page can't end its kernel
        complete = False
        try:
            complete = await self._send(path)
        except Left:
            pass
        finally:
            RequestInfoSocketHandler._cache.clear()  # noqa: SLF001, for pages that ask for their query, unlike ours
            await self._kernel.close(complete and not self._has_left)
        self._kernel.fill_if_needed(notebook_name=path)

    async def _send(self, path: str | None) -> bool:
        """Send the page while it is built; return whether all of it was sent.

        If the reader leaves meanwhile, Voilà still finishes, because it cannot cope with losing its kernel.
        """
        async with aclosing(self.get_generator(path=path)) as page:
            async for part in page:
                waits = part == HEARTBEAT
                if waits and not await self._kernel.lives():
                    return False
                if not self._has_left:
                    self.write("\n" if waits else part)
                    self.flush()
        return True


class Login(SafeHandler, VoilaLoginHandler):
    """The form for readers to enter the token if their link lacks it."""

    form_action = "'self'"

    def _render(self, message: Any = None) -> None:
        after = url_escape(self.get_argument("next", default=self.base_url))
        about = {"title": "Dashboards", "base_url": self.base_url, "next": after, "wrong": message is not None}
        form = self.xsrf_form_html
        self.write(TEMPLATES.get_template("login.html.j2").render(**about, xsrf_form_html=form))


class KernelState(SafeHandler, KernelHandler):
    """Answers whether a page's kernel is alive."""

    SUPPORTED_METHODS = ("GET",)
    _track_activity = False  # the original reads the query


class Channels(SafeHandler, VoilaKernelWebsocketHandler):
    """The websocket between a page and its kernel; see :mod:`workbench.serving.gate`."""


class Shutdown(SafeHandler, VoilaShutdownKernelHandler):
    """Ends the kernel of a page that was closed."""

    _track_activity = False


def without_token(handler: web.RequestHandler) -> list[tuple[str, str]]:
    """Return the query's names and values, except the token."""
    return [pair for pair in parse_qsl(handler.request.query, keep_blank_values=True) if pair[0] != "token"]
