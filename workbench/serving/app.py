"""A reduced Voilà: serves the dashboards in one folder, to readers who run no code, and leaves no kernel at its end."""

from __future__ import annotations

import errno
import logging
import re
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
from traitlets import Callable as CallableTrait
from traitlets import Instance, Int, Unicode
from traitlets.config import Config
from voila.app import Voila

from workbench.domain.errors import WorkbenchError
from workbench.engine.private_folder import NotPrivate, private_folder
from workbench.server.static import STATIC
from workbench.serving import answers, files, pages
from workbench.serving.gate import ReadersConnection
from workbench.serving.identity import ReadersIdentity
from workbench.serving.kernels import ReadersKernels
from workbench.serving.recordings import RecordingHandler, Recordings

HERE = Path(__file__).parent
KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
PLAYED = "workbench/recordings"  # the path below which recordings are played
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORT = 30  # of a path in which a socket's own fits the 104 bytes that systems allow
REFILL_S = 2.5  # the next warm kernel starts once the page that took the last one is built
PORTS = 50  # tried one after the other
SLOW_S = 20  # seconds for a request's head, for its body, and for an idle connection
MAX_BODY = 65_536  # bytes: a login, or the end of a kernel
MAX_MESSAGE = 1_048_576  # bytes over a websocket; the gate has a lower limit
MAX_CONNECTIONS = 400  # not counting websockets


class QuickGzip(tornado.web.GZipContentEncoding):
    """Compresses a little less than by default in half the time, because a page waits for a hundred files."""

    GZIP_LEVEL = 3


class PatientServer(tornado.httpserver.HTTPServer):
    """Serves many clients, but none indefinitely.

    Slow clients are cut off, and those with too many connections are refused.
    """

    def handle_stream(self, stream: Any, address: Any) -> None:
        if len(self._connections) >= MAX_CONNECTIONS:
            stream.close()
        else:
            super().handle_stream(stream, address)


class DashboardsApp(Voila):
    """The server. ``serving.serve`` makes and runs one."""

    name = "voila"
    port: int
    kernel_manager: Any
    max_kernels = Int(24, help="Maximum number of kernels: open pages and standby ones.")
    warm = Int(1, help="Standby kernels for each dashboard.")
    behind_https = Unicode("", help="The host name of the HTTPS proxy in front; empty without one.")
    recordings = Instance(Recordings, allow_none=True, default_value=None, help="What readers may hear.")
    on_listening = CallableTrait(allow_none=True, default_value=None, help="Called with the server's address.")

    def initialize(self, argv: Any = None) -> None:
        self.ioloop = tornado.ioloop.IOLoop.current()
        super().initialize(argv)  # makes SIGTERM stop the loop
        signal.signal(signal.SIGINT, self._handle_signal_stop)

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(HERE / "templates"))

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager = ReadersKernels(
            parent=self,
            connection_dir=self.connection_dir,
            kernel_spec_manager=self.kernel_spec_manager,
            allowed_message_types=self.kernel_manager.allowed_message_types,
            kernel_pools_config={"default": {"pool_size": self.warm, "kernel_env_variables": {}}},
            fill_delay=REFILL_S,
            max_kernels=self.max_kernels,
        )
        # The application's constructor reads these; ``tornado_settings`` would come too late for it.
        return settings | {
            "kernel_manager": self.kernel_manager,
            "transforms": [QuickGzip],
            "default_handler_class": answers.NotFoundHandler,
            "log_function": answers.log_request,
        }

    def init_handlers(self) -> list[Any]:
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        names = "|".join(re.escape(path.name) for path in sorted(Path(self.root_dir).glob("*.ipynb")))
        themes = {"themes_url": "/voila/api/themes", "path": self.themes_dir, "no_cache_paths": ["/"]}
        themes["labextensions_path"] = self.labextensions_path
        routes: list[tuple[Any, ...]] = [
            ("/", pages.Front, {"voila_configuration": self.voila_configuration}),
            (f"/voila/render/({names})", pages.DashboardHandler, page),
            (f"/api/kernels/{KERNEL}", pages.KernelState),
            (f"/api/kernels/{KERNEL}/channels", pages.Channels),
            ("/voila/api/shutdown/(.*)", pages.Shutdown),
            ("/voila/templates/(.*)", files.TemplateFile),
            ("/voila/static/(.*)", files.StaticFile, {"paths": self.static_paths}),
            ("/voila/api/themes/(.*)", files.ThemeFile, themes),
            ("/voila/labextensions/(.*)", files.ExtensionFile, {"path": self.labextensions_path}),
            ("/workbench/static/(.*)", files.Bundle, {"path": str(STATIC)}),
            ("/login", pages.Login),
        ]
        if self.recordings is not None:
            routes.append((f"/{PLAYED}/(.+)", RecordingHandler, {"recordings": self.recordings}))
        return [(url_path_join(self.base_url, path), *rest) for path, *rest in routes]

    def listen(self) -> None:
        """Listen on the port asked for, or the next free one, until interrupted; then end all kernels."""
        try:
            server = PatientServer(
                self.app,
                protocol="https" if self.behind_https else None,  # makes cookies Secure
                idle_connection_timeout=SLOW_S,
                body_timeout=SLOW_S,
                max_body_size=MAX_BODY,
            )
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
                    raise WorkbenchError(
                        f"--host {self.ip}: cannot listen on this address: {error.strerror or error}"
                    ) from None
                continue
            self.port = sockets[0].getsockname()[1]
            return sockets
        raise WorkbenchError(f"--port {self.port}: this port and the {PORTS - 1} after it are taken; give another")


def configured(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8866,
    base_url: str = "/",
    token: str = "",
    warm: int = 1,
    idle_s: int = 120,
    max_kernels: int = 24,
    behind_https: str = "",
    recordings: Recordings | None = None,
    on_listening: Callable[[str], None] | None = None,
) -> DashboardsApp:
    """Return a server for the notebooks in ``folder``; an empty ``token`` lets everybody in.

    A page that is closed ends its kernel. If a page is lost, its kernel is idle and ends ``idle_s`` seconds later.
    ``behind_https`` is the name that browsers use if a proxy adds https; it is accepted in addition to loopback's.
    Without ``recordings`` none are played.
    """
    name = behind_https.partition(":")[0]
    voila = {
        "ip": host,
        "port": port,
        "base_url": base_url,
        "token": token,
        "open_browser": False,
        "root_dir": str(folder),
        "config_file_paths": [],  # none from the current folder
        "log_level": logging.ERROR,
        "kernel_websocket_connection_class": ReadersConnection,
        "identity_provider_class": ReadersIdentity,
        "tornado_settings": {
            "websocket_compression_options": {},
            "websocket_max_message_size": MAX_MESSAGE,
            "allow_remote_access": host not in LOOPBACK and not name,
            "local_hostnames": ["localhost", *([name] if name else [])],
            "xsrf_cookie_kwargs": {"samesite": "Lax", "path": base_url} | ({"secure": True} if name else {}),
        },
    }
    looks = {
        "strip_sources": True,
        "show_tracebacks": False,
        "preheat_kernel": False,  # by Voilà's kernel manager, because ours does it
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "extension_allowlist": EXTENSIONS,
    }
    kernels = {
        "cull_idle_timeout": idle_s,
        "cull_interval": max(1, idle_s // 4),
        "buffer_offline_messages": False,
    }
    config = Config({"Voila": voila, "VoilaConfiguration": looks, "MappingKernelManager": kernels})
    config.IdentityProvider.cookie_options = {"samesite": "Lax"}
    with suppress(NotPrivate), private_folder(max_path=SHORT) as own:
        config.Voila.connection_dir_root = str(own.path)
        config.ConnectionFileMixin.transport = "ipc"  # other users of this machine could listen in on loopback TCP
    ours = {"max_kernels": max_kernels, "warm": warm, "behind_https": behind_https, "on_listening": on_listening}
    ours["recordings"] = recordings
    app: DashboardsApp = DashboardsApp.instance(config=config, **ours)
    app.initialize([])
    return app
