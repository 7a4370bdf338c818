"""Starts the dashboards' server from the command line, in this process."""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from tornado.httputil import url_concat

from workbench.domain.errors import WorkbenchError
from workbench.domain.paths import resolved
from workbench.domain.recording_files import ADDRESS, FOLDER
from workbench.resources.opening import is_workspace
from workbench.serving.app import LOOPBACK, PLAYED, configured
from workbench.serving.browser import leading_file, open_in_browser
from workbench.serving.environment import readers_environment
from workbench.serving.logs import escape_logs
from workbench.serving.recordings import Recordings

TOKEN = "WORKBENCH_TOKEN"
MIN_TOKEN = 16  # characters, as only its length protects it
HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?")


def serve(
    notebooks: Path,
    workspace: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8866,
    base_url: str = "/",
    warm: int = 1,
    idle_s: int = 120,
    max_kernels: int = 24,
    with_token: bool = True,
    behind_https: str = "",
    recordings: Path | None = None,
    browser: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the dashboards of a workspace until interrupted.

    The token is ``WORKBENCH_TOKEN`` from the environment, or a new one. It is removed from the environment of this
    process, which kernels inherit, with everything else that readers do not need.

    Args:
        notebooks: the folder with the dashboards, ``overview.ipynb`` among them.
        workspace: the folder of the workspace that they show.
        host: the address to listen on.
        port: the first to try, before the ones after it.
        base_url: the path that all addresses begin with.
        warm: standby kernels for each dashboard; with 0, a kernel starts when a page is requested.
        idle_s: seconds after which the kernel of a lost page ends; a page that is closed ends its own.
        max_kernels: how many run at most, including standby ones.
        with_token: whether readers need the token.
        behind_https: the host name of the HTTPS proxy in front, with its port if not 443; empty without one.
        recordings: the folder with the recordings that readers may hear; None for none.
        browser: whether to open them in the browser of whoever starts the server.
        say: called with each line for whoever starts the server.

    Raises:
        WorkbenchError: there are no dashboards, no free port, or an option is not valid.
    """
    dashboards = len(list(notebooks.glob("*.ipynb")))
    if not dashboards:
        raise WorkbenchError(f"{notebooks}: contains no dashboards; check --notebooks")
    if warm * dashboards >= max_kernels:
        raise WorkbenchError(
            f"--warm {warm} keeps {warm * dashboards} kernels ready for {dashboards} dashboards and leaves none of the "
            f"{max_kernels} to open them in. Lower --warm or raise --max-kernels."
        )
    if behind_https and not HOST_NAME.fullmatch(behind_https):
        raise WorkbenchError(f"--behind-https {behind_https}: not a host name. Give one such as calls.example.org.")
    if recordings is not None and not recordings.is_dir():
        raise WorkbenchError(f"--recordings {recordings}: not a folder; check the path")
    token = given_token(os.environ) or secrets.token_urlsafe(24) if with_token else ""
    workspace = resolved(workspace)
    if not is_workspace(workspace):
        say(f"There is no workspace in {workspace} yet; the dashboards show a note until there is.")
    started_in = dict(os.environ)
    slashed = f"/{base_url.strip('/')}/".replace("//", "/")
    kept = readers_environment(os.environ, workspace.resolve())
    if recordings is not None:
        kept |= {FOLDER: str(recordings.resolve()), ADDRESS: f"{slashed}{PLAYED}/"}
    os.environ.clear()
    os.environ.update(kept)
    escape_logs()
    logging.getLogger("tornado.general").setLevel(logging.ERROR)  # Jupyter warns about ping intervals, which it adapts

    with ExitStack() as until_the_end:

        def listening(address: str) -> None:
            if not address.startswith(f"http://{host}:{port}/"):
                say(f"Port {port} is taken; using another one.")
            if behind_https:
                say(f"The proxy {behind_https} must forward its requests to {address}, with their Host header.")
                address = f"https://{behind_https.lower()}{slashed}"
            link = url_concat(address, {"token": token}) if token else address
            say(f"The dashboards are at\n    {link}\nStop with Ctrl+C.")
            if not token and (behind_https or host not in LOOPBACK):
                say("No token is set: anyone who reaches this address can read all calls.")
            if not behind_https and host not in LOOPBACK:
                say("Without https, others on the network can read the traffic; see --behind-https.")
            if browser:
                open_in_browser(until_the_end.enter_context(leading_file(link)), started_in)

        app = configured(
            notebooks,
            host=host,
            port=port,
            base_url=slashed,
            token=token,
            warm=warm,
            idle_s=idle_s,
            max_kernels=max_kernels,
            behind_https=behind_https.lower(),
            recordings=None if recordings is None else Recordings(workspace.resolve(), recordings.resolve()),
            on_listening=listening,
        )
        app.start()
    say("Stopped.")


def given_token(environment: Mapping[str, str]) -> str:
    """Return the token in ``WORKBENCH_TOKEN``; empty if it is not set.

    Raises:
        WorkbenchError: it is too short, or has characters that do not survive in addresses and headers.
    """
    token = environment.get(TOKEN, "")
    if token and not re.fullmatch(f"[!-~]{{{MIN_TOKEN},}}", token):
        raise WorkbenchError(
            f"{TOKEN} must have at least {MIN_TOKEN} characters: letters, digits and signs, without spaces. "
            "Leave it unset to get a new one at each start."
        )
    return token
