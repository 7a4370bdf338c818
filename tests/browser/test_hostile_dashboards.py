"""Readers' dashboards in Chromium, on a workspace and by addresses that mean harm: all is text, and nothing runs.

With the policy nothing may even try to; without it (``bypass_csp``) too, for it is the second lock, not the only one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import workbench as wb
from tests.browser import hostile_shop as shop
from tests.browser import jupyter, servers
from tests.browser.checks import PAINTED
from tests.browser.conftest import new_context
from tests.browser.hostile_shop import evil
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.unit.small import ROOT
from workbench.dashboards.asked import COMMON, PLACE
from workbench.dashboards.pages import search

PATIENCE = 60_000  # milliseconds
UNHEARD = "Error displaying widget"
SERVED = {
    "with a token": ("--warm", "0"),
    "without a token": ("--warm", "0", "--no-token"),
    "with warm kernels": ("--warm", "1"),
}
# One that stands by for each page is enough for these tests, and starting more takes long.
ONCE = "from workbench.serving import app\napp.REFILL_S = 3600"
FIRST = {
    "overview": ".wb-dashboard .wb-tile",
    "tracker": ".wb-dashboard .wb-hit",
    "search": ".wb-dashboard .wb-hit",
    "team": ".wb-dashboard table",
    "initiative": ".wb-dashboard .wb-tile",
    "deal": ".wb-dashboard table",
    "playbook": ".wb-dashboard table",
    "metrics": ".wb-dashboard .wb-tile",
    "live": ".wb-live .wb-turn",
}
PAGES = tuple(FIRST)
FILTERS = {"team": shop.TEAM, "account": shop.ACCOUNT, "stage": shop.STAGE}
VALID: Mapping[str, Mapping[str, str]] = {
    "overview": {},
    "tracker": {"tracker": shop.TRACKER},
    "search": {"words": "price pwn", "meaning": "", "trackers": shop.TRACKER, "metric": ""},
    "team": {"tracker": shop.TRACKER},
    "initiative": {"board": shop.BOARD},
    "deal": {"deal": shop.DEAL},
    "playbook": {"playbook": shop.PLAYBOOK, "deal": shop.DEAL},
    "metrics": {"metric": shop.METRIC},
    "live": {},
}
SERVERS_OWN = ("theme", "template", "voila-theme", "voila-template", "voila", "next", "kernel_name", "v", "unheard_of")
PAGES_OWN = (
    *COMMON,
    *PLACE,
    *search.OWN,
    "board",
    "deal",
    "playbook",
    "by",
    "period",
    "value",
    "ask",
    "offset",
    "limit",
)
STARTS = "window.pwned = []; window.pwn = (where) => { window.pwned.push(where || 'somewhere'); };"
ELEMENTS = (
    '<img src="{}" onload="done()" onerror="done()">',
    '<script src="{}" onload="done()" onerror="done()"></script>',
    '<iframe src="{}" onload="done()"></iframe>',
    '<object data="{}" onload="done()" onerror="done()"></object>',
    '<script>fetch("{}", {{mode: "no-cors", credentials: "include"}}).finally(done)</script>',
    '<link rel="stylesheet" href="{}" onload="done()" onerror="done()">',
    '<link rel="prefetch" href="{}" onload="done()" onerror="done()">',
)
REFUSED = "403 GET /voila/render/overview.ipynb"
SITE = """<!doctype html><script>
let left = {count};
window.done = () => {{ left -= 1; if (!left) document.title = 'done'; }};
</script>{elements}<a href="{target}">The dashboards</a>"""
# What no page of ours has: elements that load or run something, handlers, addresses that run, scripts from elsewhere.
FOREIGN = """() => {
    const ours = (script) => script.type.includes('json') || (script.src && script.src.startsWith(location.origin));
    const found = window.pwned.map((where) => `ran: ${where}`);
    for (const node of document.querySelectorAll('*')) {
        const name = node.localName;
        if (['img', 'iframe', 'object', 'embed', 'base', 'audio', 'video'].includes(name)) found.push(`<${name}>`);
        if (name === 'script' && !ours(node)) found.push(`script: ${node.outerHTML.slice(0, 200)}`);
        if (name === 'meta' && node.httpEquiv) found.push(node.outerHTML);
        for (const {name: attribute, value} of node.attributes) {
            if (attribute.startsWith('on')) found.push(`${name} ${attribute}`);
            if (/^\\s*(javascript|vbscript|data:text)/i.test(value)) found.push(`${name} ${attribute}=${value}`);
            if (attribute === 'srcdoc') found.push(`${name} ${attribute}`);
        }
    }
    return found;
}"""


@dataclass
class Watch:
    """Undesired actions of a browser's pages."""

    server: Server
    found: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("page", self._page)
        context.on("request", lambda request: self._asked(request.url))

    def _page(self, page: Page) -> None:
        page.on("dialog", lambda dialog: (self.found.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        page.on("console", lambda told: self._told(told.text))

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.server.url}/", "blob:", "data:")):
            self.found.append(f"asked for {url}")

    def _told(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.found.append(text)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> wb.Workspace:
    return shop.workspace(tmp_path_factory.mktemp("hostile") / "w")


@pytest.fixture(scope="module", params=SERVED)
def server(
    request: pytest.FixtureRequest, workspace: wb.Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("served")
    options = SERVED[request.param]
    with servers.dashboards(ROOT / "notebooks", workspace.path, home, *options, before=f"{ONCE}\n{FORKED}") as running:
        yield running


@pytest.fixture
def context(chromium: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A reader's browser that is logged in; under the policy where there is a token and nothing stands by."""
    found = new_context(chromium, bypass_csp="[with a token" not in request.node.name)
    found.set_default_timeout(PATIENCE)
    found.add_init_script(STARTS)
    found.request.get(server.page("/login"), max_redirects=0)
    yield found
    found.close()


@pytest.fixture
def watch(context: BrowserContext, server: Server) -> Watch:
    found = Watch(server)
    found.over(context)
    return found


def address(server: Server, page: str, query: Mapping[str, str]) -> str:
    return f"{server.url}/voila/render/{page}.ipynb?{urlencode(query)}"


def everything_evil() -> dict[str, str]:
    """All names that pages, Voilà or Jupyter read in an address, and one that is markup itself."""
    named = {name: evil(name) for name in (*SERVERS_OWN, *PAGES_OWN)}
    return named | {evil("name"): evil("value"), "next": "x\r\n" + evil("next")}


def opened(page: Page, url: str, first: str) -> None:
    """Opens a page; again where a busy machine's kernel was not heard within the four seconds that widgets wait."""
    for _ in range(3):
        page.goto(url)
        expect(page.locator(first).or_(page.get_by_text(UNHEARD)).first).to_be_visible(timeout=PATIENCE)
        if not page.get_by_text(UNHEARD).count():
            return


def looked_over(page: Page, first: str) -> None:
    """Waits for the page, moves over its figures, whose labels come late, and looks for what is not ours."""
    expect(page.locator(first).first).to_be_visible(timeout=PATIENCE)
    for figure in page.locator(".js-plotly-plot .nsewdrag").all()[:3]:
        figure.scroll_into_view_if_needed()
        figure.hover(force=True)
    page.evaluate(PAINTED)
    assert page.evaluate(FOREIGN) == []
    expect(page.locator("body")).to_contain_text("onerror=pwn(", use_inner_text=True, timeout=PATIENCE)


@pytest.mark.parametrize("name", PAGES)
def test_stored_texts_and_parameters_are_shown_as_text(
    context: BrowserContext, server: Server, watch: Watch, name: str
) -> None:
    """What a page chooses by is among what is stored, so that it shows something; all else in its address is not."""
    page = context.new_page()
    query = {key: value for key, value in everything_evil().items() if key not in ("call", "words", *FILTERS)}
    opened(page, address(server, name, query | FILTERS | VALID[name]), FIRST[name])
    looked_over(page, FIRST[name])
    assert page.url.startswith(f"{server.url}/voila/render/{name}.ipynb?")
    jupyter.screenshot(page, f"hostile-{name}")
    if name == "search":
        page.locator(".wb-hit a").first.click()
        looked_over(page, "dialog [aria-label=Transcript]")
    page.close(run_before_unload=True)
    assert watch.found == []


def test_what_nothing_is_found_by_is_said_as_text(context: BrowserContext, server: Server, watch: Watch) -> None:
    page = context.new_page()
    opened(page, address(server, "search", everything_evil()), ".wb-dashboard h2")
    looked_over(page, ".wb-dashboard h2")
    page.close(run_before_unload=True)
    assert watch.found == []


def test_pages_of_the_server_show_nothing_that_was_asked(context: BrowserContext, server: Server, watch: Watch) -> None:
    page = context.new_page()
    page.set_extra_http_headers({name: evil(name) for name in ("X-Forwarded-Host", "X-Forwarded-Prefix", "Referer")})
    query = urlencode(everything_evil())
    for path in (
        "nothing",
        f"{evil('path')}",
        "voila/render/none.ipynb",
        f"voila/render/{evil('path')}",
        "voila/static/x",
    ):
        page.goto(f"{server.url}/{path}?{query}")
        assert page.evaluate(FOREIGN) == []
        assert "pwn" not in page.content()
    context.clear_cookies()
    page.goto(f"{server.url}/login?{query}")
    assert page.evaluate(FOREIGN) == []
    assert watch.found == []


@pytest.fixture(scope="module")
def another_site() -> Iterator[tuple[str, dict[str, str]]]:
    """A site on loopback, whose pages a browser lets ask there without a question: its port, and its pages to fill."""
    pages: dict[str, str] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield str(running.server_address[1]), pages
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["another site", "another port"])
def test_another_site_starts_nothing(
    chromium: Browser, server: Server, another_site: tuple[str, dict[str, str]], host: str
) -> None:
    port, pages = another_site
    target = address(server, "overview", {})
    elements = [element.format(f"{target}by={number}") for number, element in enumerate(ELEMENTS)]
    pages["/"] = SITE.format(count=len(elements), elements="".join(elements), target=target)
    kernels, refused = set(jupyter.kernel_lines(server)), server.log.read_text().count(REFUSED)
    with chromium.new_context() as visitor:
        visitor.request.get(server.page("/login"), max_redirects=0)
        page = visitor.new_page()
        page.goto(f"http://{host}:{port}/")
        expect(page).to_have_title("done", timeout=PATIENCE)
        jupyter.wait_for(lambda: server.log.read_text().count(REFUSED) == refused + len(ELEMENTS), "all to be refused")
        assert set(jupyter.kernel_lines(server)) <= kernels
        page.get_by_role("link").click()
        expect(page.locator(FIRST["overview"]).first).to_be_visible(timeout=PATIENCE)
