"""What those get who have no token, who come under another name, or who ask for more than dashboards."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import PAGE, kernel_of, notebooks, opened, send
from tests.unit.serving.sockets import socket_of, states, text_of

KERNEL = "01234567-89ab-cdef-0123-456789abcdef"
APIS = f"""
/api /api/status /api/me /api/spec.yaml /api/config/notebook /api/nbconvert /metrics /api/
/api/contents /api/contents/outside.ipynb /api/contents/outside.ipynb/checkpoints /api/security/csp-report
/api/kernels /api/kernels/{KERNEL}/interrupt /api/kernels/{KERNEL}/restart /api/kernelspecs
/api/sessions /api/sessions/{KERNEL} /api/terminals /api/terminals/1 /terminals/websocket/1
/api/events /api/events/subscribe /api/shutdown /api/translations /kernelspecs/python3/logo-64x64.png
/lab /lab/api/settings /lab/api/workspaces /lab/tree/outside.ipynb /lsp /lsp/status /lsp/ws/pylsp
/tree /edit/outside.ipynb /notebooks/outside.ipynb /view/outside.ipynb /doc /console /logout
/files/note.png /files/outside.ipynb /nbconvert/html/outside.ipynb /nbextensions/x /custom/custom.js
/static/style/style.min.css /static/logo/logo.png /favicon.ico /robots.txt /.git/config
/voila/tree /voila/files/note.png /voila/files/outside.ipynb /voila/api/contents /voila/api/shutdown
/voila/render/outside.ipynb /voila/render/note.png /voila/render/ /voila/render /voila /voila/query/{KERNEL}
/voila/execution/{KERNEL} /voila/render/overview /voila/render/overview.ipynb.bak
/workbench/api/v1/calls /workbench/api/v1/trackers /workbench/static/ /workbench
""".split()
FOLDERS = (
    *("/voila/render/", "/voila/static/", "/voila/templates/lab/static/", "/voila/templates/"),
    *("/voila/labextensions/", "/voila/api/themes/", "/workbench/static/"),
)
UPWARDS = [
    *("../outside.ipynb", "%2e%2e%2foutside.ipynb", "..%2foutside.ipynb", "%252e%252e%252foutside.ipynb"),
    *("..\\outside.ipynb", "a/../../b", "..%5coutside.ipynb", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd"),
    *("C:\\Windows\\win.ini", "....//....//etc/passwd", "%00", "a%00b", "..", "../", "%2e%2e", ".", "./"),
]
UPWARDS += [step * 12 + "etc/passwd" for step in ("../", "%2e%2e/", "..%2f", "..%5c", "..;/", "%c0%ae%c0%ae/")]
HOSTS = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", "0.0.0.0", ""]
SECRETS = re.compile("root:|nbformat|private|\\[fonts\\]|ipywidgets")


@pytest.mark.parametrize("known", [True, False], ids=["with the token", "without"])
def test_nothing_else_of_jupyter_is_served(server: Server, known: bool) -> None:
    for address in APIS:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            reply = send(server, address, method=method, known=known, body="{}" if method != "GET" else None)
            assert reply.status in (302, 403, 404, 405), (method, address, reply)
            assert reply.status != 302 or reply.header("Location").startswith("/login?next="), (method, address)
            assert not SECRETS.search(reply.body), (method, address)


@pytest.mark.parametrize("known", [True, False], ids=["with the token", "without"])
def test_no_path_leads_out_of_its_folder(server: Server, known: bool) -> None:
    for folder in FOLDERS:
        for path in UPWARDS:
            reply = send(server, folder + path, known=known)
            assert reply.status in (302, 400, 403, 404), (folder, path, reply)
            assert not SECRETS.search(reply.body), (folder, path)


@pytest.mark.parametrize("host", HOSTS)
def test_under_another_name_there_is_nothing_to_see(server: Server, host: str) -> None:
    """So that no web site makes its visitors' browsers read the dashboards under a name of its own."""
    port = urlsplit(server.url).port
    kernel = opened(server)
    for address in ("/", PAGE, "/login", f"/api/kernels/{kernel}", f"/api/kernels/{kernel}/channels"):
        for name in (host, f"{host}:{port}"):
            reply = send(server, f"{address}?token={server.token}", {"Host": name})
            assert reply.status in (400, 403), (address, name)
            assert kernel not in reply.body
            assert not reply.header("Set-Cookie")
    assert send(server, f"/voila/api/shutdown/{kernel}", {"Host": host}, method="POST", body="").status in (400, 403)
    assert send(server, f"/api/kernels/{kernel}").status == 200


@pytest.mark.parametrize("token", ["", "x", "{token}x", "{half}", " {token}x", "{upper}", "null", "0"])
def test_a_wrong_token_opens_nothing(server: Server, token: str) -> None:
    given = token.format(token=server.token, half=server.token[:-1], upper=server.token.upper())
    asked = (f"{PAGE}?token={given}".replace(" ", "%20"), {}), (PAGE, {"Authorization": f"token {given}"})
    for address, headers in asked:
        reply = send(server, address, headers, known=False)
        assert (reply.status, reply.header("Location").partition("?")[0]) == (302, "/login")
    assert send(server, PAGE, {"Authorization": f"Basic {server.token}"}, known=False).status == 302


def test_the_token_is_nowhere_but_in_the_link(server: Server) -> None:
    for address in (PAGE, "/nothing", "/api/kernels/a-b-c-d-e", "/voila/render/none.ipynb", "/login"):
        reply = send(server, address)
        assert server.token not in reply.body
        assert server.token not in json.dumps(reply.headers)
    reply = send(server, f"{PAGE}?team=x&token={server.token}&side=y", known=False)
    assert (reply.status, reply.header("Location")) == (302, f"{PAGE}?team=x&side=y")
    assert "username" in reply.header("Set-Cookie")
    with socket_of(server, opened(server)) as page:
        assert server.token not in json.dumps(states(page))


def test_kernels_get_no_query_with_a_token_in_it(server: Server) -> None:
    reply = send(server, f"{PAGE}?team=zq")
    with socket_of(server, kernel_of(reply.body)) as page:
        known = json.loads(text_of(states(page))[1])
    assert known["QUERY_STRING"] == "team=zq"
    assert "token" not in json.dumps(known).lower()


def test_a_login_takes_the_token_and_a_form_of_ours(server: Server) -> None:
    form = send(server, "/login?next=%2F%3Fteam%3Dx", known=False)
    cookie = form.header("Set-Cookie").partition(";")[0]
    xsrf = cookie.partition("=")[2]
    wrong = send(server, "/login", {"Cookie": cookie}, method="POST", body=f"_xsrf={xsrf}&password=no", known=False)
    assert wrong.status == 401
    assert "This token is not valid" in wrong.body
    bare = send(server, "/login", method="POST", body=f"password={server.token}", known=False)
    assert bare.status == 403
    body = f"_xsrf={xsrf}&password={server.token}"
    right = send(server, "/login?next=%2F%3Fteam%3Dx", {"Cookie": cookie}, method="POST", body=body, known=False)
    assert (right.status, right.header("Location")) == (302, "/?team=x")
    login = right.header("Set-Cookie").partition(";")[0]
    assert send(server, PAGE, {"Cookie": login}, known=False).status == 200


def test_a_kernel_is_ended_by_its_own_page_alone(server: Server) -> None:
    page = send(server, PAGE)
    kernel = kernel_of(page.body)
    cookies = "; ".join(value.partition(";")[0] for name, value in page.headers if name == "Set-Cookie")
    xsrf = re.findall("_xsrf=([^;]+)", cookies)[0]
    address = f"/voila/api/shutdown/{kernel}"
    for headers in ({}, {"Cookie": cookies}, {"X-XSRFToken": xsrf}, {"Cookie": cookies, "X-XSRFToken": "x"}):
        assert send(server, address, headers, method="POST", body="", known=False).status == 403
    forged = {"Cookie": cookies, "X-XSRFToken": xsrf, "Origin": "https://evil.example"}
    assert send(server, address, forged, method="POST", body="", known=False).status in (403, 404)
    for method in ("GET", "DELETE", "PUT"):
        assert send(server, address, {"Cookie": cookies}, method=method, known=False).status in (403, 405)
    assert send(server, f"/api/kernels/{kernel}").status == 200
    own = {"Cookie": cookies, "X-XSRFToken": xsrf, "Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    assert send(server, address, own, method="POST", body="", known=False).status == 204
    assert send(server, f"/api/kernels/{kernel}").status == 404


def test_without_a_token_ending_a_kernel_takes_its_pages_cookie_too(tmp_path: Path) -> None:
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--warm", "0", "--no-token") as server:
        kernel = kernel_of(send(server, PAGE, known=False).body)
        assert send(server, f"/voila/api/shutdown/{kernel}", method="POST", body="", known=False).status == 403
        assert send(server, f"/api/kernels/{kernel}", known=False).status == 200


def test_a_cookie_ends_with_its_server(server: Server, tmp_path: Path) -> None:
    cookie = {"Cookie": send(server, "/login").header("Set-Cookie").partition(";")[0]}
    port = str(urlsplit(server.url).port)
    assert send(server, "/", cookie, known=False).header("Location").startswith("/voila")
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--warm", "0") as other:
        name = cookie["Cookie"].replace(port, str(urlsplit(other.url).port))
        assert send(other, "/", {"Cookie": name}, known=False).header("Location").startswith("/login")
