"""Other sites may link to the dashboards; their pages' images, frames and scripts get nothing, and start nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.browser.jupyter import kernel_pids
from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import PAGE, kernel_of, notebooks, send
from workbench.serving.origin import is_foreign

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
PICTURE = "image/avif,image/webp,*/*;q=0.8"
HOST = "127.0.0.1:8866"


def fetched(site: str, target: str, mode: str = "no-cors") -> dict[str, str]:
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": target, "Sec-Fetch-Mode": mode}


OPENS: dict[str, Mapping[str, str]] = {
    "a typed address": fetched("none", "document", "navigate"),
    "a link on another site": fetched("cross-site", "document", "navigate"),
    "a link on another port": fetched("same-site", "document", "navigate"),
    "a link on a dashboard": fetched("same-origin", "document", "navigate"),
    "a script of ours": fetched("same-origin", "script"),
    "our websocket": fetched("same-origin", "websocket", "websocket") | {"Origin": f"http://{HOST}"},
    "a program": {},
    "curl": {"Accept": "*/*", "User-Agent": "curl/8"},
    "a link, without Sec-Fetch": {"Accept": HTML, "Referer": "https://wiki.example/page"},
    "our file, without Sec-Fetch": {"Accept": "*/*", "Referer": f"http://{HOST}/voila/render/overview.ipynb"},
}
REFUSED: dict[str, Mapping[str, str]] = {
    "an image": fetched("cross-site", "image"),
    "a script": fetched("cross-site", "script"),
    "a fetch": fetched("cross-site", "empty", "cors") | {"Origin": "https://evil.example"},
    "a frame": fetched("cross-site", "iframe", "navigate"),
    "an old frame": fetched("cross-site", "frame", "navigate"),
    "an object": fetched("cross-site", "object", "navigate"),
    "an embed": fetched("cross-site", "embed", "navigate"),
    "a frame of another port": fetched("same-site", "iframe", "navigate"),
    "an image of another port": fetched("same-site", "image"),
    "a document that is fetched": fetched("cross-site", "document", "cors"),
    "no target": {"Sec-Fetch-Site": "cross-site"},
    "an unheard-of site": fetched("neighbour", "image"),
    "a prefetch": fetched("cross-site", "empty") | {"Sec-Purpose": "prefetch"},
    "a prerendering": fetched("none", "document", "navigate") | {"Sec-Purpose": "prefetch;prerender"},
    "an old prefetch": {"Accept": HTML, "Purpose": "prefetch"},
    "a fetch, without Sec-Fetch": {"Accept": "*/*", "Origin": "https://evil.example"},
    "a sandboxed fetch, without Sec-Fetch": {"Accept": "*/*", "Origin": "null"},
    "an image, without Sec-Fetch": {"Accept": PICTURE, "Referer": "https://evil.example/"},
    "an image of another port, without Sec-Fetch": {"Accept": PICTURE, "Referer": "http://127.0.0.1:1/"},
    "a torn Referer": {"Accept": PICTURE, "Referer": "http://[evil"},
}


@pytest.mark.parametrize("name", OPENS)
def test_readers_and_programs_are_answered(name: str) -> None:
    assert not is_foreign("GET", {"Host": HOST, **OPENS[name]})


@pytest.mark.parametrize("name", REFUSED)
def test_other_sites_pages_are_not(name: str) -> None:
    assert is_foreign("GET", {"Host": HOST, **REFUSED[name]})


def test_a_form_of_another_site_is_refused() -> None:
    assert is_foreign("POST", {"Host": HOST, **OPENS["a link on another site"]})
    assert not is_foreign("POST", {"Host": HOST, **OPENS["a link on a dashboard"]})


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without a token, where such requests need nothing but a visit of the other site."""
    home = tmp_path_factory.mktemp("open")
    with dashboards(notebooks(home), home / "w", home, "--warm", "0", "--no-token") as server:
        yield server


def test_no_address_answers_other_sites_pages(open_to_all: Server) -> None:
    addresses = ("/", PAGE, "/login", "/voila/static/voila.js", "/workbench/static/page.min.js", "/nothing")
    kernels = ("/api/kernels/a-b-c-d-e", "/api/kernels/a-b-c-d-e/channels", "/voila/api/themes/a.css")
    for name, headers in REFUSED.items():
        for address in (*addresses, *kernels, "/voila/templates/lab/static/voila-style.js"):
            reply = send(open_to_all, address, headers, known=False)
            assert reply.status == 403, (name, address)
            assert "overview" not in reply.header("Location")
    assert "Another site" in send(open_to_all, PAGE, REFUSED["a frame"], known=False).body
    assert not kernel_pids(open_to_all)


def test_a_link_on_another_site_opens_a_dashboard(open_to_all: Server) -> None:
    for name in ("a link on another site", "a link, without Sec-Fetch"):
        reply = send(open_to_all, f"{PAGE}?team=North", OPENS[name], known=False)
        assert reply.status == 200
        assert kernel_of(reply.body)
