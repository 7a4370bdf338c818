"""The bundles that pages share: types, caching, and nothing from beyond their folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.httpclient import HTTPResponse
from tornado.testing import AsyncHTTPTestCase
from tornado.web import Application

from workbench.server.static import static_handlers

CODE = "export const a = 1;\n"


class Client(AsyncHTTPTestCase):
    __test__ = False  # pytest is not to take it for a test
    folder: Path

    def get_app(self) -> Application:
        return Application(static_handlers("/base/", self.folder))

    def runTest(self) -> None:  # noqa: N802
        """Named by unittest."""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    static = tmp_path / "static"
    (static / "parts").mkdir(parents=True)
    (static / "page.js").write_text(CODE)
    (static / "parts" / "page.css").write_text("a{}")
    (static / "strange.xyz").write_text("?")
    (tmp_path / "secret.js").write_text("no")
    (tmp_path / "static-too").mkdir()
    (tmp_path / "static-too" / "secret.js").write_text("no")
    one = Client()
    one.folder = static
    one.setUp()
    yield one
    one.tearDown()


def get(client: Client, path: str, **headers: str) -> HTTPResponse:
    return client.fetch("/base/workbench/static/" + path, headers=headers)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("page.js", "text/javascript; charset=utf-8"),
        ("parts/page.css", "text/css; charset=utf-8"),
        ("strange.xyz", "application/octet-stream"),
    ],
)
def test_a_file_has_its_type(client, path, kind):
    reply = get(client, path)
    assert (reply.code, reply.headers["Content-Type"]) == (200, kind)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_what_did_not_change_is_not_sent_again(client):
    first = get(client, "page.js")
    assert first.body.decode() == CODE
    assert first.headers["Cache-Control"] == "no-cache"
    again = get(client, "page.js", **{"If-None-Match": first.headers["Etag"]})
    assert (again.code, again.body) == (304, b"")


def test_with_a_version_it_is_kept_for_a_year(client):
    assert get(client, "page.js?v=1").headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.js", "%2e%2e/secret.js", "..%2fsecret.js", "../static-too/secret.js", "parts/../../secret.js"),
        *("%00", "page.js%00.css", "parts", "", "missing.js", "/etc/passwd", "%2fetc%2fpasswd"),
    ],
)
def test_nothing_from_beyond_the_folder(client, path):
    reply = get(client, path)
    assert reply.code in (400, 403, 404)
    assert reply.body != b"no"
