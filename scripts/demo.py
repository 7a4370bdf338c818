"""Prepares a workspace from the sample corpus, then becomes a JupyterLab that shows it. ``make demo`` runs it.

Voilà runs inside the same server, so that one address, one token and one Ctrl-C serve for both. Settings, from the
environment: ``DEMO_PORT`` (first port to try, 8888), ``DEMO_BROWSER`` (0: open none), ``DEMO_WORKSPACE``.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "notebooks/01_build_a_tracker.ipynb"
DASHBOARD = "notebooks/dashboards/tracker.ipynb"
PORTS_TO_TRY = 50


def prepare(workspace: Path) -> None:
    """Ingest and encode the sample corpus; what was done before is skipped."""
    import workbench as wb

    ws = wb.open(workspace)
    report = ws.ingest(ROOT / "sample_corpus")
    print(f"{workspace.name}: {_count(report.added)} conversations added, {_count(report.unchanged)} unchanged")
    for reject in report.rejected:
        print(f"  rejected: {reject}", file=sys.stderr)
    ws.encode(progress=True)


def _count(value: object) -> int:
    return value if isinstance(value, int) else len(value)  # type: ignore[arg-type]


def free_port(first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on.

    Raises:
        OSError: none of the next few is free.
    """
    for port in range(first, first + PORTS_TO_TRY):
        with socket.socket() as probe:
            # As the server itself binds: a port that only lingers after the last demo counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"No free port from {first} to {first + PORTS_TO_TRY - 1}; set DEMO_PORT")


def wants_browser(environment: Mapping[str, str]) -> bool:
    """Return whether to open a browser.

    It is not opened where ``DEMO_BROWSER`` says 0, nor where there is no screen to open it on.
    """
    asked = environment.get("DEMO_BROWSER")
    if asked:
        return asked != "0"
    return sys.platform != "linux" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def addresses(port: int, token: str) -> dict[str, str]:
    """Return what a person opens."""
    base = f"http://127.0.0.1:{port}"
    return {
        "notebook": f"{base}/lab/tree/{NOTEBOOK}?token={token}",
        "dashboard": f"{base}/voila/render/{DASHBOARD}?token={token}",
    }


def command(port: int, browser: bool) -> list[str]:
    """JupyterLab in this environment, at the project's root, on loopback only."""
    options = [
        f"--ServerApp.root_dir={ROOT}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.open_browser={browser}",
        f"--LabApp.default_url=/lab/tree/{NOTEBOOK}",
        "--ServerApp.log_level=WARN",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--ServerApp.allow_root=True")
    return [sys.executable, "-m", "jupyterlab", *options]


def main() -> int:
    workspace = (ROOT / (os.environ.get("DEMO_WORKSPACE") or "demo.workspace")).resolve()
    prepare(workspace)
    port, token = free_port(int(os.environ.get("DEMO_PORT") or 8888)), secrets.token_hex(16)
    for name, address in addresses(port, token).items():
        print(f"{name + ':':10} {address}")
    print("Ctrl-C, twice, stops it.", flush=True)
    # By the environment, not as an option: the process list is open to all.
    os.environ["JUPYTER_TOKEN"] = token
    os.environ["WORKBENCH_WORKSPACE"] = str(workspace)
    arguments = command(port, wants_browser(os.environ))
    os.execv(arguments[0], arguments)


if __name__ == "__main__":
    sys.exit(main())
