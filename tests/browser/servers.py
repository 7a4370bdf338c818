"""Real JupyterLab and Voilà processes for the tests: on free loopback ports, with settings of their own."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.patience import PATIENCE_S

STOP_SECONDS = 60.0  # then it is killed, which costs no test anything

# What would put a dialog or a notice over the page that a test looks at.
QUIET = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
}
# Extensions that every page would load, Voilà's too, and no widget of ours uses: Plotly's own is 5 MB of script.
UNUSED = {"jupyterlab-plotly": True}
# It would look for language servers by starting Node several times.
UNUSED_BY_SERVERS = {"jupyter_lsp": False}


@dataclass(frozen=True)
class Server:
    """A running server and what a test needs to speak with it."""

    url: str
    token: str
    root: Path
    process: subprocess.Popen[bytes]
    log: Path

    def page(self, path: str) -> str:
        """The address of ``path``, which logs the browser in."""
        mark = "&" if "?" in path else "?"
        return f"{self.url}/{path.lstrip('/')}{mark}token={self.token}"

    def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Calls Jupyter's REST API: ``api("sessions")``. Returns the parsed reply, None where it is empty."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
            text = reply.read()
        return json.loads(text) if text else None


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a server whose settings and data all lie under ``home``; the user's own stay unread.

    Nothing is fine-tuned: that would take the processor from the tests that run meanwhile.
    """
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    out = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    for name, folder in folders.items():
        (home / folder).mkdir(parents=True, exist_ok=True)
        out[name] = str(home / folder)
    for name, values in QUIET.items():
        path = home / "settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    lab = {
        "ServerApp": {"jpserver_extensions": UNUSED_BY_SERVERS},
        "LabApp": {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"},
    }
    (home / "config" / "jupyter_lab_config.json").write_text(json.dumps(lab))
    (home / "config" / "labconfig").mkdir(exist_ok=True)
    (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps({"disabledExtensions": UNUSED}))
    return {**out, "HF_HUB_OFFLINE": "1", "WORKBENCH_SECOND_STAGE": "0", **(extra or {})}


@contextmanager
def jupyter_lab(
    root: Path, home: Path, python: str = sys.executable, extra: Mapping[str, str] | None = None, before: str = ""
) -> Iterator[Server]:
    """A JupyterLab, Voilà's extension included, that serves ``root``; ``before`` is code that it runs first."""
    port, token = free_port(), secrets.token_hex(16)
    command = [
        *(python, "-c", f"{before}\nfrom jupyterlab.labapp import main\nmain()"),
        *("--no-browser", "--allow-root", "--expose-app-in-browser"),
        *(f"--ServerApp.root_dir={root}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
    ]
    with _serving(command, environment(home, extra), root, home / "lab.log", port, token, "/api/status") as server:
        yield server


@contextmanager
def voila(root: Path, home: Path, extra: Mapping[str, str] | None = None, before: str = "") -> Iterator[Server]:
    """A Voilà of its own that serves the notebooks under ``root``; ``before`` is code that it runs first."""
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-c", f"{before}\nfrom voila.app import main\nmain()", str(root), "--no-browser"]
    command += [f"--port={port}", "--Voila.ip=127.0.0.1", f"--token={token}", "--show_tracebacks=True"]
    with _serving(command, environment(home, extra), root, home / "voila.log", port, token, "/") as server:
        yield server


@contextmanager
def _serving(
    command: Sequence[str], env: dict[str, str], root: Path, log: Path, port: int, token: str, page: str
) -> Iterator[Server]:
    """The server that the command starts, as soon as it shows a page."""
    with _running(command, env, root, log) as process:
        server = Server(f"http://127.0.0.1:{port}", token, root, process, log)
        _await(server, f"{server.url}{page}?token={token}")
        yield server


@contextmanager
def dashboards(
    folder: Path,
    workspace: Path,
    home: Path,
    *more: str,
    extra: Mapping[str, str] | None = None,
    before: str = "",
) -> Iterator[Server]:
    """``workbench dashboards`` on the notebooks in ``folder/dashboards``; ``more`` is for its command line.

    ``before`` is code that its process runs first: it sets what the command line does not.
    """
    token = secrets.token_hex(16)
    command = [
        *(sys.executable, "-c", f"{before}\nfrom workbench.cli.app import main\nmain()"),
        *("dashboards", "-w", str(workspace), "--notebooks", str(folder), "--port", str(free_port())),
        *(() if "--browser" in more else ("--no-browser",)),
        *more,
    ]
    env = environment(home, {"WORKBENCH_TOKEN": token, **(extra or {})})
    link = r"    (http://\S+)/" if "--no-token" in more else rf"    (https?://\S+)/\?token={token}"
    with _running(command, env, home, home / "dashboards.log") as process:
        url = _said(process, home / "dashboards.log", link)
        yield Server(url, token, folder, process, home / "dashboards.log")


def _said(process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
    """The address that a server gives for its own, the first group of the line's ``pattern``."""
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        for line in log.read_text(errors="replace").splitlines():
            if found := re.fullmatch(pattern, line):
                return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')[-4000:]}")


@contextmanager
def jupyter_server(
    root: Path,
    home: Path,
    module: str = "jupyter_server",
    arguments: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A bare Jupyter Server below ``/base``, with the extensions that are enabled, started from ``module``."""
    port, token = free_port(), secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", module, "--no-browser", "--allow-root", f"--ServerApp.root_dir={root}"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={token}", "--ServerApp.base_url=/base/", *arguments),
    ]
    with _running(command, environment(home, extra), Path.cwd(), home / "server.log") as process:
        server = Server(f"http://127.0.0.1:{port}/base", token, root, process, home / "server.log")
        _await(server, f"{server.url}/api")
        yield server


@contextmanager
def _running(command: Sequence[str], env: dict[str, str], folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which ends with its kernels whatever happens in between."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Kernels start sessions of their own, so the group alone would miss them.
    children = _descendants(process.pid)
    _signal(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(process.pid, signal.SIGKILL)
        process.wait()
    for child in children:
        if child.is_running():
            child.kill()


def _descendants(pid: int) -> list[Any]:
    import psutil

    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _await(server: Server, address: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_S):
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(errors='replace')[-4000:]}")
