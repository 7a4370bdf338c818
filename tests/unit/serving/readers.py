"""What the tests of ``workbench dashboards`` do to it over HTTP, as a reader who has the token or as a stranger."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.servers import Server
from tests.support.patience import PATIENCE_S

PROBE = """import json, os
import ipywidgets
ipywidgets.Text(json.dumps(dict(os.environ)))"""
STARTS = {"WORKBENCH_SMTP_URL": "smtp://name:password@host", "MY_SECRET": "s"}
PAGE = "/voila/render/overview.ipynb"


@dataclass(frozen=True)
class Reply:
    """An answer as it came, without its redirect being followed."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        """Give a header's value, or an empty text."""
        return next((value for given, value in self.headers if given.lower() == name.lower()), "")


def notebooks(folder: Path) -> Path:
    """A folder with a dashboard that shows its environment, and with what is none."""
    (folder / "dashboards").mkdir()
    write_notebook(folder / "dashboards" / "overview.ipynb", PROBE)
    write_notebook(folder / "outside.ipynb", PROBE)
    (folder / "dashboards" / "note.png").write_text("private")
    return folder


def write_notebook(file: Path, code: str, kernel: str = "python3") -> None:
    """Write a notebook of one cell."""
    import nbformat  # takes long, and every worker of a test run imports this module

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": kernel, "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, file)


def ask(server: Server, path: str, method: str = "GET", known: bool = True) -> tuple[int, str, str]:
    """Status, where it ended and the body, by somebody who has the token or has not."""
    headers = {"Authorization": f"token {server.token}"} if known else {}
    request = urllib.request.Request(server.url + path, b"{}" if method == "POST" else None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
            return reply.status, reply.url, reply.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.url, error.read().decode(errors="replace")


def send(
    server: Server,
    path: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    body: str | None = None,
    known: bool = True,
) -> Reply:
    """Send one request with just these headers, and the token where it is ``known``."""
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE_S)
    try:
        connection.putrequest(method, where.path + path, skip_host=True, skip_accept_encoding=True)
        given: dict[str, Any] = {"Host": where.netloc, **(headers or {})}
        if known:
            given["Authorization"] = f"token {server.token}"
        if body is not None:
            given |= {"Content-Length": len(body.encode()), "Content-Type": "application/x-www-form-urlencoded"}
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders((body or "").encode())
        reply = connection.getresponse()
        return Reply(reply.status, reply.getheaders(), reply.read().decode(errors="replace"))
    finally:
        connection.close()


def kernel_of(page: str) -> str:
    """Give the id of a page's kernel."""
    found = re.search(r'"kernelId": "([\w-]+)"', page)
    assert found, page
    return found[1]


def opened(server: Server) -> str:
    """Opens the dashboard; the id of its kernel."""
    status, _, page = ask(server, PAGE)
    assert status == 200
    return kernel_of(page)
