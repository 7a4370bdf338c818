"""Every widget in every state, in each way of looking at it: nothing cut off, all readable, nothing axe-core minds.

With ``WORKBENCH_SHOTS=1`` there are pictures in shots/, for looking at: they take longer than all that is asserted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.gallery.states import STATES
from tests.browser.servers import Server

NOTEBOOK = Path(__file__).resolve().parents[2] / "tests/browser/gallery/gallery.ipynb"
SIZES = {"wide": (1280, 900), "narrow": (360, 800), "zoomed": (640, 450)}
# anywidget says this of a model that took more than two seconds, as some of a hundred at once do on a busy machine.
# It is drawn all the same once it comes, which ``ready`` waits for.
LATE = "[anywidget] Failed to initialize model."


@pytest.fixture
def said(page: Page) -> list[str]:
    """Errors of our own that the page's console shows."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)) if str(error) != LATE else None)
    return found


def ready(page: Page, widget: str) -> None:
    states = page.locator(f".gallery-of-{widget}")
    expect(states.locator(".wb")).to_have_count(len(STATES[widget]()))
    if widget == "call":
        expect(page.locator(".gallery-call-thousands-of-items .wb-here")).to_contain_text("3001.")
    expect(states.locator(".wb-waiting")).to_have_count(0)


def wrong(page: Page, widget: str, name: str) -> list[str]:
    # What is drawn only in view, is drawn then.
    jupyter.screenshot(page, f"gallery-{widget}-{name}", f".gallery-of-{widget}")
    return [f"{name}: {what}" for what in [*wrong_with_looks(page), *wrong_for_readers(page)]]


def wrong_in_each_size(page: Page, widget: str, theme: str) -> list[str]:
    found = []
    page.emulate_media(forced_colors="none")
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += wrong(page, widget, f"{size}-{theme}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(forced_colors="active")
    return [*found, *wrong(page, widget, f"high-contrast-{theme}")]


@pytest.mark.parametrize("widget", STATES)
def test_the_gallery_in_voila(page: Page, voila_server: Server, said: list[str], widget: str) -> None:
    jupyter.end_kernels(voila_server)  # of the pages before: together they would fill the memory
    # A page for each: all at once, a thousand models, are more than a busy machine draws.
    cells = ["from tests.browser.gallery.states import gallery", f'gallery("{widget}")']
    path = jupyter.put_notebook(voila_server, cells, f"gallery-{widget}.ipynb")
    jupyter.open_voila(page, voila_server, path)
    ready(page, widget)
    found = wrong_in_each_size(page, widget, "light")
    jupyter.set_voila_theme(page, dark=True)
    expect(page.locator('.wb:not([data-theme="dark"])')).to_have_count(0)
    found += wrong_in_each_size(page, widget, "dark")
    assert not found, "\n".join(found)
    assert not said


def test_the_gallery_in_jupyterlab(page: Page, lab: Server, said: list[str]) -> None:
    path = jupyter.put_notebook(lab, NOTEBOOK)
    jupyter.open_notebook(page, lab, path)
    page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.notebookConfig = "
        "{...window.jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}; }"
    )
    seen, found = [], []
    for place, cell in enumerate(json.loads(NOTEBOOK.read_text())["cells"]):
        page.evaluate("at => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = at; }", place)
        jupyter.command(page, "notebook:run-cell")
        shown = re.fullmatch(r'gallery\("(\w+)"\)', "".join(cell["source"]))
        if shown:
            ready(page, shown[1])
            found += wrong(page, shown[1], "jupyterlab")
            jupyter.command(page, "notebook:clear-cell-output")
            seen.append(shown[1])
    assert not jupyter.errors(page), jupyter.errors(page)
    assert seen == list(STATES)
    assert not found, "\n".join(found)
    assert not said
