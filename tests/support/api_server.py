"""A Jupyter Server with the REST API over a small workspace, and a client for it.

As a module it starts the server, with words hashed in place of the model, so that no encoder process is needed.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jupyter_server.auth.authorizer import AllowAllAuthorizer

import workbench as wb
from tests.browser.servers import Server, jupyter_server
from tests.support.patience import PATIENCE_S
from tests.unit.results import sales
from tests.unit.small import ROOT, PackagedName, trained
from workbench.store.api_tokens import ApiTokenRepository

API = "workbench/api/v1"
DENIED = "denied"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Speaks with the API of ``server`` over the workspace; with the server's own token where none is given."""

    server: Server
    workspace: wb.Workspace

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        """``body`` is sent as JSON, bytes as they are; an empty ``token`` sends none."""
        given = self.server.token if token is None else token
        sent = {"Authorization": f"Bearer {given}"} if given else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        asked = f"?{urlencode(query, doseq=True)}" if query else ""
        address = path if path.startswith("http") else f"{self.server.url}/{API}/{path}{asked}"
        request = urllib.request.Request(address, data, {**sent, **(headers or {})}, method=method)
        try:
            with _PLAIN.open(request, timeout=PATIENCE_S) as reply:
                return Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path: str, **query: Any) -> Any:
        """Return the result of a GET, which must succeed."""
        answer = self("GET", path, **query)
        assert answer.status == 200, answer.body
        return answer.json

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """All pages of a list."""
        while True:
            page = self.get(path, **query)
            yield page
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]

    def items(self, path: str, **query: Any) -> list[Any]:
        """The items of all pages."""
        return [item for page in self.pages(path, **query) for item in page["items"]]

    def token(self, name: str, rights: str) -> str:
        """A new one of ours."""
        return ApiTokenRepository(self.workspace.database).create(name, rights)[1]


_PLAIN = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def prepared(folder: Path) -> wb.Workspace:
    """A trained tracker "Price" in use and one of words, "Dog"; calls with deals, teams and dates; one of each list."""
    workspace = trained(folder, encoder=PackagedName())
    said = [("ann", "Shall we talk about the budget?"), ("cy", "That is too expensive for us.")]
    calls = [sales.call(n, said, deal={"id": f"D-{n % 2}", "stage": "Demo"}, team="North") for n in range(6)]
    workspace.ingest([*calls, sales.call(6, said, scope="internal", direction="outbound")])
    workspace.encode()
    workspace.trackers.get("Price").publish(past="12 months").wait()
    workspace.trackers.create("Dog", kind="keyword", words=["dog"]).publish(past="12 months").wait()
    workspace.streams.create("Talk", trackers=["Price"])
    workspace.boards.create("Hear prices", ["Price"], target=0.3)
    workspace.playbooks.create("Qualify", {"Budget": ["Price"]})
    workspace.metrics.create("Priced", source={"type": "trackers", "required": ["Price"]})
    return workspace


@contextmanager
def api_server(folder: Path) -> Iterator[Client]:
    """The server over a prepared workspace below ``folder``."""
    workspace = prepared(folder / "api.workspace")
    home, root = folder / "home", folder / "root"
    for one in (home, root):
        one.mkdir()
    extra = {"WORKBENCH_WORKSPACE": str(workspace.path), "PYTHONPATH": str(ROOT)}
    authorised = ("--ServerApp.authorizer_class=tests.support.api_server.DeniesOne",)
    with jupyter_server(root, home, "tests.support.api_server", authorised, extra) as server:
        yield Client(server, workspace)


class DeniesOne(AllowAllAuthorizer):
    """Lets all do all, but ``DENIED`` nothing beyond reading."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return resource != "workbench" or action == "read" or user.name != DENIED


def main() -> None:
    from jupyter_server.serverapp import main as serve

    import workbench.workspace.opened

    workbench.workspace.opened.SharedEncoder = PackagedName  # type: ignore[misc,assignment]
    serve()


if __name__ == "__main__":
    main()
