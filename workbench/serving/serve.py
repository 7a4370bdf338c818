"""Starting the dashboards' server from the command line, in this process."""

from __future__ import annotations

import logging
import os
import secrets
import webbrowser
from collections.abc import Callable
from pathlib import Path

from tornado.httputil import url_concat

from workbench.domain.errors import WorkbenchError
from workbench.serving.app import LOOPBACK, configured
from workbench.serving.environment import readers_environment

TOKEN = "WORKBENCH_TOKEN"


def serve(
    notebooks: Path,
    workspace: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8866,
    base_url: str = "/",
    warm: int = 1,
    idle_s: int = 120,
    with_token: bool = True,
    browser: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serves the dashboards of a workspace until interrupted.

    The token is that of the environment's ``WORKBENCH_TOKEN``, or a new one. The environment of this process, which
    kernels get, is cleared of it and of all else that readers need not have.

    Args:
        notebooks: the folder with the dashboards, ``overview.ipynb`` among them.
        workspace: the folder of the workspace that they show.
        warm: kernels of each dashboard that stand by; 0 starts each when it is asked for.
        idle_s: seconds after which a kernel ends whose page was lost; one that is closed ends its own.

    Raises:
        WorkbenchError: there is nothing to serve, or nowhere to listen.
    """
    if not list(notebooks.glob("*.ipynb")):
        raise WorkbenchError(f"{notebooks}: holds no dashboards")
    if not (workspace / "state.db").exists() and "WORKBENCH_STATE" not in os.environ:
        say(f"There is no workspace in {workspace} yet; the dashboards say so until there is.")
    token = (os.environ.get(TOKEN) or secrets.token_urlsafe(24)) if with_token else ""
    kept = readers_environment(os.environ, workspace.resolve())
    os.environ.clear()
    os.environ.update(kept)
    logging.getLogger("tornado.general").setLevel(logging.ERROR)  # Jupyter's intervals of pings, which it adapts

    def listening(address: str) -> None:
        if not address.startswith(f"http://{host}:{port}/"):
            say(f"Port {port} is taken; another one is used.")
        link = url_concat(address, {"token": token}) if token else address
        say(f"The dashboards are at\n    {link}\nStop with Ctrl+C.")
        if not token and host not in LOOPBACK:
            say("There is no token: whoever reaches this address reads all calls.")
        if browser:
            webbrowser.open(link)

    slashed = f"/{base_url.strip('/')}/".replace("//", "/")
    where = {"host": host, "port": port, "base_url": slashed}
    app = configured(notebooks, **where, token=token, warm=warm, idle_s=idle_s, on_listening=listening)  # type: ignore[arg-type]
    app.start()
    say("Stopped.")
