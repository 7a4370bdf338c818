"""What every answer says to browsers, and the cookies that come with it, on plain HTTP and behind https."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import PAGE, Reply, notebooks, send

NAME = "calls.example.org"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ADDRESSES = (
    *("/", PAGE, "/login", "/nothing", "/voila/render/none.ipynb", "/voila/static/voila.js", "/voila/static/none.js"),
    *("/voila/templates/a", "/voila/templates/lab/static/voila-style.js", "/workbench/static/page.min.js"),
    *("/workbench/static/none", "/voila/labextensions/none.js", "/voila/api/themes/none.css"),
    *("/api/kernels/a-b-c-d-e", "/api/kernels/a-b-c-d-e/channels", "/voila/api/shutdown/a"),
)


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server behind a proxy that serves it by https under a name, below a path; its address is the proxy's view."""
    home = tmp_path_factory.mktemp("proxied")
    options = ("--warm", "0", "--base-url", "calls", "--behind-https", NAME)
    with dashboards(notebooks(home), home / "w", home, *options) as server:
        log = server.log.read_text()
        inside = log.partition("must forward its requests to ")[2].partition("/,")[0]
        yield replace(server, url=inside)


def cookies(reply: Reply) -> SimpleCookie:
    found: SimpleCookie = SimpleCookie()
    for name, value in reply.headers:
        if name == "Set-Cookie":
            found.load(value)
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_guarded(server: Server, address: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "BREW"):
        for known in (True, False):
            reply = send(server, address, method=method, known=known, body="" if method == "POST" else None)
            assert {name: reply.header(name) for name in HEADERS} == HEADERS, (method, reply)
            policy = reply.header("Content-Security-Policy")
            assert "script-src 'self' blob:;" in policy
            assert "default-src 'self';" in policy
            assert "frame-ancestors 'self'" in policy
            assert not reply.header("Server")
            assert not reply.header("Access-Control-Allow-Origin")


def test_an_unchanged_file_is_guarded_too(server: Server) -> None:
    fresh = send(server, "/workbench/static/page.min.js")
    kept = send(server, "/workbench/static/page.min.js", {"If-None-Match": fresh.header("Etag")})
    assert kept.status == 304
    assert kept.header("Content-Security-Policy")
    assert not kept.header("Server")


def test_no_other_site_may_read_an_answer(server: Server) -> None:
    for address in ("/api/kernels/a-b-c-d-e", "/login", "/nothing"):
        reply = send(server, f"{address}?token={server.token}", {"Origin": "https://evil.example"})
        assert not [name for name, _ in reply.headers if name.startswith("Access-Control")]


def test_cookies_are_for_this_site_alone(server: Server) -> None:
    given = cookies(send(server, PAGE))
    (login,) = (given[name] for name in given if name.startswith("username"))
    assert (login["httponly"], login["samesite"], login["path"]) == (True, "Lax", "/")
    assert (given["_xsrf"]["samesite"], given["_xsrf"]["path"]) == ("Lax", "/")  # which the page's script has to read
    assert not login["secure"]


def test_behind_https_cookies_are_secure(behind_https: Server) -> None:
    given = cookies(send(behind_https, PAGE, {"Host": NAME}))
    assert len(given) == 2
    for name in given:
        assert (given[name]["secure"], given[name]["samesite"], given[name]["path"]) == (True, "Lax", "/calls/")


def test_behind_https_the_link_names_the_proxy(behind_https: Server) -> None:
    log = behind_https.log.read_text()
    assert f"    https://{NAME}/calls/?token={behind_https.token}\n" in log
    assert "others on the network can read the traffic" not in log


def test_behind_https_only_its_name_is_answered(behind_https: Server) -> None:
    assert send(behind_https, "/login", {"Host": NAME}, known=False).status == 200
    assert send(behind_https, "/login", {"Host": f"{NAME}:8443"}, known=False).status == 200
    assert send(behind_https, "/login", known=False).status == 200  # on loopback
    for other in ("evil.example", f"{NAME}.evil.example", f"evil.{NAME}", "10.0.0.1", "0.0.0.0", ""):
        assert send(behind_https, "/login", {"Host": other}, known=False).status in (400, 403), other


def test_behind_https_a_page_of_the_name_asks_as_our_own(behind_https: Server) -> None:
    address = "/api/kernels/a-b-c-d-e"
    assert send(behind_https, address, {"Host": NAME, "Origin": f"https://{NAME}"}).status == 404
    assert send(behind_https, address, {"Host": NAME, "Origin": "https://evil.example"}).status == 403
