"""Voilà with less: the dashboards in one folder, readers that run no code, and an end that leaves no kernel."""

from __future__ import annotations

import errno
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
from jupyter_server.utils import url_path_join
from jupyterlab_server.themes_handler import ThemesHandler
from traitlets import Callable as CallableTrait
from traitlets import Int
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.voila_identity_provider import VoilaLoginHandler

from workbench.domain.errors import WorkbenchError
from workbench.engine.private_folder import NotPrivate, private_folder
from workbench.server.static import static_handlers
from workbench.serving.gate import ReadersConnection
from workbench.serving.pages import Dashboard, ExtensionFile, Front, KernelState, StaticFile

HERE = Path(__file__).parent
KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORT = 30  # of a path in which a socket's own fits the 104 bytes that systems allow
REFILL_S = 2.5  # the next warm kernel starts when the page that took the last one is there
PORTS = 50  # tried one after the other


class QuickGzip(tornado.web.GZipContentEncoding):
    """Packs a little less than by default, at half the time: a page waits for a hundred files."""

    GZIP_LEVEL = 3


class DashboardsApp(Voila):
    """The server. ``serving.serve`` makes and runs one."""

    name = "voila"
    most_kernels = Int(24, help="Pages that may be open at once, the warm ones included.")
    on_listening = CallableTrait(allow_none=True, default_value=None, help="Called with the server's address.")

    def initialize(self, argv: Any = None) -> None:
        self.ioloop = tornado.ioloop.IOLoop.current()
        super().initialize(argv)  # which has SIGTERM stop the loop
        signal.signal(signal.SIGINT, self._handle_signal_stop)

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(HERE / "templates"))

    def init_settings(self) -> dict[str, Any]:
        # What the application's constructor reads: ``tornado_settings`` come too late for it.
        settings: dict[str, Any] = super().init_settings()
        return settings | {"transforms": [QuickGzip]}

    def init_handlers(self) -> list[Any]:
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        names = "|".join(sorted(path.name for path in Path(self.root_dir).glob("*.ipynb"))).replace(".", r"\.")
        themes = {"themes_url": "/voila/api/themes", "path": self.themes_dir, "no_cache_paths": ["/"]}
        themes["labextensions_path"] = self.labextensions_path
        routes: list[tuple[Any, ...]] = [
            ("/", Front, {"voila_configuration": self.voila_configuration}),
            (f"/voila/render/({names})", Dashboard, {**page, "most_kernels": self.most_kernels}),
            (f"/api/kernels/{KERNEL}", KernelState),
            (f"/api/kernels/{KERNEL}/channels", VoilaKernelWebsocketHandler),
            ("/voila/api/shutdown/(.*)", VoilaShutdownKernelHandler),
            ("/voila/templates/(.*)", TemplateStaticFileHandler),
            ("/voila/static/(.*)", StaticFile, {"paths": self.static_paths}),
            ("/voila/api/themes/(.*)", ThemesHandler, themes),
            ("/voila/labextensions/(.*)", ExtensionFile, {"path": self.labextensions_path}),
            ("/login", VoilaLoginHandler),
        ]
        return [(url_path_join(self.base_url, path), *rest) for path, *rest in routes] + static_handlers(self.base_url)

    def listen(self) -> None:
        """At the port asked for, or the next free one, until interrupted; the kernels end with it."""
        try:
            server = tornado.httpserver.HTTPServer(self.app)
            server.add_sockets(self._sockets())
            if self.on_listening is not None:
                self.on_listening(self.connection_url)
            self.ioloop.start()
        finally:
            self.stop()

    def _sockets(self) -> list[Any]:
        for port in range(self.port, self.port + PORTS) if self.port else (0,):
            try:
                sockets = tornado.netutil.bind_sockets(port, self.ip)
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise WorkbenchError(f"--host {self.ip}: can't be listened on: {error.strerror or error}") from None
                continue
            self.port = sockets[0].getsockname()[1]
            return sockets
        raise WorkbenchError(f"--port {self.port}: neither it nor the {PORTS - 1} after it are free")


def configured(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8866,
    base_url: str = "/",
    token: str = "",
    warm: int = 1,
    idle_s: int = 120,
    on_listening: Callable[[str], None] | None = None,
) -> DashboardsApp:
    """A server of the notebooks in ``folder``; an empty ``token`` lets everybody in.

    A page that is closed ends its kernel; one that is lost leaves it idle, and it ends ``idle_s`` seconds later.
    """
    voila = {
        "ip": host,
        "port": port,
        "base_url": base_url,
        "token": token,
        "open_browser": False,
        "root_dir": str(folder),
        "config_file_paths": [],  # none from the folder that the command happens to run in
        "log_level": logging.ERROR,
        "kernel_websocket_connection_class": ReadersConnection,
        "tornado_settings": {
            "websocket_compression_options": {},
            "allow_remote_access": host not in LOOPBACK,
            "headers": {"Referrer-Policy": "same-origin"},
        },
    }
    pages = {
        "strip_sources": True,
        "show_tracebacks": False,
        "preheat_kernel": warm > 0,
        "default_pool_size": warm,
        "allow_template_override": "NO",
        "extension_allowlist": EXTENSIONS,
    }
    kernels = {
        "cull_idle_timeout": idle_s,
        "cull_interval": max(1, idle_s // 4),
        "buffer_offline_messages": False,
    }
    config = Config({"Voila": voila, "VoilaConfiguration": pages, "MappingKernelManager": kernels})
    config.VoilaKernelManager.fill_delay = REFILL_S
    config.IdentityProvider.cookie_options = {"samesite": "Lax"}
    with suppress(NotPrivate), private_folder(max_path=SHORT) as own:
        config.Voila.connection_dir_root = str(own.path)
        config.ConnectionFileMixin.transport = "ipc"  # TCP on loopback would let others of this machine listen in
    app = DashboardsApp.instance(config=config, on_listening=on_listening)
    app.initialize([])
    return app
