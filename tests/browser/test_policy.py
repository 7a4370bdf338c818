"""Every widget under a Content-Security-Policy without eval, inline script, inline style or other hosts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.gallery.states import STATES
from tests.browser.gallery.traits import told
from workbench.server.static import STATIC as SERVED
from workbench.widgets.bundles import STATIC

HOST = "http://widgets.test/"
POLICY = (
    "default-src 'self'; script-src 'self' blob:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html><link rel="stylesheet" href="bundle.css"><div id="here"></div>
<script type="module" src="host.js"></script>"""
# As anywidget does: the module runs from a Blob URL. The kernel answers everything with nothing.
SCRIPT = """window.refused = [];
addEventListener('securitypolicyviolation', (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`));
const read = async (name) => (await fetch(name)).text();
const values = JSON.parse(await read('values.json'));
const module = URL.createObjectURL(new Blob([await read('bundle.js')], {type: 'text/javascript'}));
const heard = {};
const tell = (reply) => heard['msg:custom']?.forEach((callback) => callback(reply));
const model = {
    get: (name) => values[name],
    set: (name, value) => { values[name] = value; },
    save_changes() {},
    on: (name, callback) => (heard[name] ??= new Set()).add(callback),
    off: (name, callback) => heard[name]?.delete(callback),
    send: ({id}) => setTimeout(() => tell({id, result: null, error: null})),
};
(await import(module)).default.render({model, el: document.getElementById('here')});
"""
SHOWN = {
    "builder": "filled in",
    "carousel": "half way",
    "plots": "after four rounds",
    "call": "empty",
    "dashboard": "fifty rows",
    "importer": "files of all sorts",
}


def values(name: str, state: str) -> dict[str, Any]:
    """Return what a kernel would send for a widget in its gallery state."""
    widget = STATES[name]()[state]
    return {name: getattr(widget, name) for name in told(widget) if not name.startswith("_")}


def open_widget(page: Page, name: str, state: str = "", policy: str = POLICY) -> list[str]:
    """Shows one under the policy; gives where its failures will stand."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    files = {
        "": (PAGE, "text/html"),
        "host.js": (SCRIPT, "text/javascript"),
        "values.json": (json.dumps(values(name, state or SHOWN[name])), "application/json"),
        "bundle.js": ((STATIC / f"{name}.js").read_text("utf-8"), "text/javascript"),
        "bundle.css": ((STATIC / f"{name}.css").read_text("utf-8"), "text/css"),
        **{f"workbench/static/{one.name}": (one.read_text("utf-8"), "text/javascript") for one in SERVED.glob("*.js")},
    }

    def serve(route: Route) -> None:
        found = files.get(route.request.url.removeprefix(HOST).partition("?")[0])
        if found is None:
            failures.append(f"asked for {route.request.url}")
            route.abort()
        else:
            headers = {"Content-Security-Policy": policy, "Content-Type": f"{found[1]}; charset=utf-8"}
            route.fulfill(body=found[0], headers=headers)

    page.route("**/*", serve)
    page.goto(HOST)
    expect(page.locator(f".wb-{name} h2").first).to_be_visible()
    return failures


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_it_works_under_a_strict_policy(page: Page, name: str) -> None:
    failures = open_widget(page, name)
    page.wait_for_timeout(500)
    assert page.evaluate("() => window.refused") == []
    assert [one for one in failures if "favicon" not in one] == []


def test_the_carousel_answers_under_it(page: Page) -> None:
    open_widget(page, "carousel")
    page.locator(".wb-sentence").click()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Show less")).to_be_visible()
    assert page.evaluate("() => window.refused") == []


@pytest.mark.parametrize(("button", "begins"), [("Save as CSV", b"round,answers"), ("Save as picture", b"\x89PNG")])
def test_estimates_are_saved_under_it(page: Page, button: str, begins: bytes) -> None:
    open_widget(page, "plots")
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert download.value.path().read_bytes().startswith(begins)
    assert page.evaluate("() => window.refused") == []
