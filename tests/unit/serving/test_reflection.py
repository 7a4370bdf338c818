"""Nothing of a request comes back in an answer in a form that a browser would take for markup, a header or a script."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from voila.tornado.handler import TornadoVoilaHandler

from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import PAGE, Reply, kernel_of, notebooks, send
from workbench.dashboards.asked import COMMON
from workbench.dashboards.pages import search
from workbench.serving.pages import DashboardHandler

MARK = "\"'><zq onload=zq()><script>zq()</script>"
SPLIT = "zq\r\nX-Zq: zq\r\n\r\n<zq>"
VOILA = ("theme", "template", "voila-theme", "voila-template", "kernel_name", "voila", "progressive_rendering")
JUPYTER = ("token", "next", "v", "session_id", "base_url", "callback", "reset", "_xsrf", "password", "path", "jsonp")
FILTERS = (*COMMON, *search.OWN, "board", "deal", "playbook", "offset", "limit", "conversation", "stream")
NAMES = (*VOILA, *JUPYTER, *FILTERS, "unheard_of", MARK, SPLIT)
HEADERS = (
    *("User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Cookie", "If-None-Match", "If-Modified-Since"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Scheme", "X-Real-Ip"),
    *("Forwarded", "Via", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Xsrftoken", "Range"),
)
ADDRESSES = (
    *(
        "/",
        "/login",
        "/nothing",
        "/voila/render/none.ipynb",
        "/voila/static/none.js",
        "/voila/templates/lab/static/none",
    ),
    *("/voila/api/themes/none.css", "/voila/labextensions/none.js", "/workbench/static/none.js"),
    *("/api/kernels/a-b-c-d-e", "/api/kernels/a-b-c-d-e/channels", "/voila/api/shutdown/a", "/voila/render/"),
)


class Scripts(HTMLParser):
    """The parts of a page that run, or could: scripts, event handlers, addresses of scripts, and unknown elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.sources: list[str] = []
        self.nonces: list[str | None] = []
        self._is_inline = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_inline = tag == "script" and "src" not in given and "json" not in (given.get("type") or "")
        if tag == "script" and given.get("src"):
            self.sources.append(given["src"] or "")
        if "nonce" in given:
            self.nonces.append(given["nonce"])
        self.inline += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.inline += [f"{tag} {value}" for value in given.values() if (value or "").strip().startswith("javascript:")]
        self.inline += [tag] if tag == "zq" else []

    def handle_data(self, data: str) -> None:
        if self._is_inline and data.strip():
            self.inline.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self._is_inline = False


@pytest.fixture(scope="module", params=["cold", "warm", "without a token"])
def any_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("reflecting")
    options = {"warm": ("--warm", "1"), "cold": ("--warm", "0"), "without a token": ("--warm", "0", "--no-token")}
    folder = notebooks(home)
    (folder / "dashboards" / "torn.ipynb").write_text("{")
    with dashboards(folder, home / "none.workspace", home, *options[request.param]) as running:
        yield running


def query(value: str) -> str:
    return urlencode([(name, value) for name in NAMES if name != "token"])


def check(reply: Reply) -> None:
    assert "zq" not in reply.body.lower(), reply.body[:2000]
    check_markup(reply)


def check_markup(reply: Reply) -> None:
    lower = reply.body.lower()
    assert "<zq" not in lower
    assert not [name for name, _ in reply.headers if "zq" in name.lower()]
    assert not [value for name, value in reply.headers if "<zq" in value.lower() and name != "Location"]
    assert "content-security-policy" in {name.lower() for name, _ in reply.headers}
    if "html" in reply.header("Content-Type"):
        assert Scripts(reply.body).inline == []


@pytest.mark.parametrize("value", [MARK, SPLIT], ids=["markup", "lines"])
def test_no_parameter_comes_back_in_a_page(any_server: Server, value: str) -> None:
    reply = send(any_server, f"{PAGE}?{query(value)}")
    assert reply.status == 200
    check(reply)
    assert kernel_of(reply.body)


@pytest.mark.parametrize("value", [MARK, SPLIT], ids=["markup", "lines"])
@pytest.mark.parametrize("known", [True, False])
def test_no_parameter_comes_back_from_elsewhere(any_server: Server, value: str, known: bool) -> None:
    for address in ADDRESSES:
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
            body = query(value) if method == "POST" else None
            reply = send(any_server, f"{address}?{query(value)}", method=method, body=body, known=known)
            check_markup(reply)
            if address != "/login":  # whose form carries "next" on, encoded
                assert "zq" not in reply.body.lower()


@pytest.mark.parametrize("value", [MARK, "a\tb\x0b<zq>\x1b[31m"], ids=["markup", "controls"])
def test_no_header_and_no_cookie_comes_back(any_server: Server, value: str) -> None:
    cookie = "; ".join(f"{name}={quote(value)}" for name in ("_xsrf", "theme", "username-zq", "zq"))
    latin = value.encode().decode("latin-1")
    for name in HEADERS:
        for address in ("/nothing", "/login", "/voila/static/none.js", "/api/kernels/a-b-c-d-e"):
            given = {name: latin} if name != "Cookie" else {"Cookie": f"{latin}; {cookie}"}
            reply = send(any_server, address, given)
            assert reply.status in (200, 302, 400, 403, 404, 416), (name, reply)
            if reply.body or reply.status != 400:  # tornado answers what is not HTTP with no more than that
                check(reply)
    several = {name: latin for name in HEADERS if name not in ("Cookie", "Accept-Encoding") and "\x0b" not in latin}
    check(send(any_server, PAGE, several))


@pytest.mark.parametrize("name", ["Host", "Origin", "Referer"])
def test_where_it_was_asked_from_does_not_come_back(any_server: Server, name: str) -> None:
    for value in ("zq.example", f"http://zq.example/{MARK}", MARK, "null"):
        for address in ("/nothing", "/login", PAGE):
            reply = send(any_server, address, {name: value, "Accept": "image/*"})
            assert reply.status in (400, 403, 404), (value, address, reply)
            if reply.body:
                check(reply)


def test_no_part_of_a_path_comes_back(any_server: Server) -> None:
    for made in (
        quote(MARK),
        quote(MARK, safe="<>\"'()="),
        quote("zq\r\nX-Zq: 1"),
        "zq%00",
        "zq%ff",
        "%2e%2e/zq",
        "//zq",
    ):
        for place in ("/", "/voila/render/", "/voila/static/", "/voila/templates/", "/voila/templates/lab/static/"):
            check(send(any_server, f"{place}{made}"))
        for place in ("/api/kernels/", "/voila/api/themes/", "/voila/labextensions/", "/workbench/static/", "/login/"):
            check(send(any_server, f"{place}{made}"))


def test_no_error_page_says_what_was_asked(any_server: Server) -> None:
    reply = send(any_server, f"/voila/render/torn.ipynb?{query(MARK)}")
    assert reply.status == 400
    check(reply)
    assert "torn" not in reply.body
    for made in ("%ff", "a=%ff", "theme=%ff", "token=%ff&zq", "no_track_activity=%ff", "session_id=%ff"):
        for address in (PAGE, "/login", "/api/kernels/a-b-c-d-e", "/voila/api/themes/a.css"):
            reply = send(any_server, f"{address}?{made}")
            assert reply.status < 500, (address, made)
            check(reply)


def test_a_login_keeps_where_it_leads_and_nothing_else(server: Server) -> None:
    reply = send(server, f"/login?next={quote('/' + MARK)}&zq={quote(MARK)}", known=False)
    assert f'action="/login?next={quote("/" + MARK, safe="")}"' in reply.body.replace("+", "%20")
    check_markup(reply)


@pytest.mark.parametrize(
    "after",
    [
        *("//evil.example", "https://evil.example", "\\\\evil.example", "/\\evil.example", "https:evil.example"),
        *("///evil.example/", "javascript:alert(1)", "http:///evil.example", "%2F%2Fevil.example", "/%0d%0aX-Zq:1"),
    ],
)
def test_a_login_leads_to_no_other_site(server: Server, after: str) -> None:
    reply = send(server, f"/login?next={quote(after)}")
    assert reply.status == 302
    assert reply.header("Location").startswith("/")
    assert not reply.header("Location").startswith(("//", "/\\"))
    assert not reply.header("X-Zq")


def test_a_page_carries_no_script_of_its_own(any_server: Server) -> None:
    reply = send(any_server, PAGE)
    found, policy = Scripts(reply.body), reply.header("Content-Security-Policy")
    assert "script-src 'self' blob:;" in policy
    assert "nonce" not in policy
    assert found.inline == found.nonces == []
    ours = ("/voila/templates/lab/static/voila-style.js", "/workbench/static/page.min.js", "/voila/static/voila.js")
    assert tuple(one.partition("?")[0] for one in found.sources) == ours


def test_the_address_can_choose_neither_theme_nor_template(any_server: Server) -> None:
    def plain(reply: Reply) -> str:
        return reply.body.replace(kernel_of(reply.body), "")

    asked = "theme=dark&template=classic&voila-theme=dark&voila-template=reveal"
    ordinary, other = send(any_server, PAGE), send(any_server, f"{PAGE}?{asked}")
    assert 'data-jp-theme-name="JupyterLab Light"' in other.body
    assert [line for line in plain(other).splitlines() if "model_id" not in line] == [
        line for line in plain(ordinary).splitlines() if "model_id" not in line
    ]


def test_what_is_written_into_a_page_gets_no_nonce(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(TornadoVoilaHandler, "write", lambda self, chunk: written.append(chunk))
    page = DashboardHandler.__new__(DashboardHandler)
    DashboardHandler.write(page, "<p>caller said: <script>alert(1)</script></p>")
    assert written == ["<p>caller said: <script>alert(1)</script></p>"]
