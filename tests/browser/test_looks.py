"""What the widgets look like: no overflow and nothing cut off, in both themes, wide, narrow and zoomed.

With ``WORKBENCH_SHOTS=1`` there are pictures in shots/, for looking at; what can be measured in the page is asserted.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.checks import CONTRAST, OVERFLOW
from tests.browser.servers import Server
from workbench.engine.encoders import HashingEncoder

HOSTILE = '<img src=x onerror="window.hacked = true"> & "quotes"'
LONG = "Preisverhandlungsgesprächsnachbereitungsprotokollvorlage " * 3
ARABIC = "السعر مرتفع جدا بالنسبة لنا"
PRICEY = ("That is far too expensive for us.", "The price is too high, I am afraid.", HOSTILE, ARABIC)
OTHER = ("See you on Monday then.", "My dog barks at the postman.", "Could you share your screen?", LONG)
SET_UP = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, TaggingCarousel, TrackerBuilder
ws = wb.open("looks.workspace", encoder=HashingEncoder())
"""
STATES = {
    "builder-empty": "builder = TrackerBuilder(ws)\nbuilder.on_open(None)\nbuilder",
    "builder-filled": 'TrackerBuilder(ws, "Trained")',
    "carousel-nothing": "TaggingCarousel(ws)",
    "carousel-tagging": 'TaggingCarousel(ws, "Fresh")',
    "plots-nothing": "QualityPlots(ws)",
    "plots-untrained": 'QualityPlots(ws, "Fresh")',
    "plots-trained": 'QualityPlots(ws, "Trained")',
}
SIZES = {"wide": (1280, 900), "narrow": (480, 900), "zoomed": (640, 450)}


@pytest.fixture(scope="module")
def workspace(lab: Server) -> Path:
    """Two trackers, one of them with four rounds, on text that would show any careless rendering."""
    folder = lab.root / "looks.workspace"
    ws = wb.open(folder, encoder=HashingEncoder())
    ws.ingest(_calls())
    ws.encode()
    examples = [f"{text} {number}" for number, text in enumerate([*PRICEY, PRICEY[0]])]
    ws.trackers.create("Fresh", examples=examples, seed=1, description=LONG)
    session = ws.trackers.create("Trained", examples=examples, seed=1, description="Says it costs too much").train()
    for _ in range(4):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, "yes" if candidate.text.rsplit(" ", 1)[0] in PRICEY else "no")
        session.complete_round()
    return folder


def _calls():  # type: ignore[no-untyped-def]
    rng = random.Random(5)
    parties = [{"id": "c", "side": "customer", "name": HOSTILE}, {"id": "r", "side": "company", "name": LONG}]
    for number in range(80):
        said = [rng.choice(PRICEY if rng.random() < 0.15 else OTHER) for _ in range(16)]
        turns = [
            {"party": "cr"[n % 2], "text": f"{s} {rng.randrange(10**5)}", "start_s": n * 7.0}
            for n, s in enumerate(said)
        ]
        yield {"id": f"c{number}", "title": HOSTILE, "parties": parties, "turns": turns, "scope": "external"}


def check(page: Page, name: str) -> None:
    jupyter.screenshot(page, f"looks-{name}")
    assert not page.evaluate(OVERFLOW), name
    assert not page.evaluate(CONTRAST), name
    assert not page.evaluate("() => window.hacked"), name


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_each_state_in_jupyterlab(page: Page, lab: Server, workspace: Path, dark: bool) -> None:
    cells = [SET_UP, *STATES.values()]
    path = jupyter.put_notebook(lab, cells, "looks.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.set_theme(page, dark=dark)
    jupyter.command(page, "application:toggle-left-area")
    # All cells stay in the page, whatever is in view.
    page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.notebookConfig = "
        "{...window.jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}; }"
    )
    jupyter.run_all(page)
    expect(page.locator(".wb")).to_have_count(len(STATES))
    expect(page.locator(".wb-carousel .wb-sentence")).to_be_visible()
    expect(page.locator(".wb-plots .wb-charts")).to_be_visible()
    expect(page.get_by_role("slider")).to_be_visible()
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for at, name in enumerate(STATES):
            root = page.locator(".wb").nth(at)
            root.scroll_into_view_if_needed()
            root.evaluate("node => node.scrollIntoView({block: 'start'})")
            check(page, f"{name}-{size}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_dashboard_in_voila(page: Page, voila_server: Server, workspace: Path, dark: bool) -> None:
    cell = "from workbench.dashboards import tracker_dashboard\ntracker_dashboard(ws)"
    path = jupyter.put_notebook(voila_server, [SET_UP, cell], "looks-dashboard.ipynb")
    jupyter.open_voila(page, voila_server, path, dark=dark)
    expect(page.locator(".wb-plots .wb-found").first).to_be_visible()
    expect(page.get_by_role("slider")).to_be_visible()
    for button, start in (("Save as CSV", b"round,"), ("Save as picture", b"\x89PNG")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=button).click()
        made = saved.value.path()
        assert made.read_bytes().startswith(start)
        assert made.stat().st_size > 100
    jupyter.SHOTS.mkdir(exist_ok=True)
    (jupyter.SHOTS / f"saved-{'dark' if dark else 'light'}.png").write_bytes(made.read_bytes())
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        check(page, f"dashboard-{size}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_dashboard_with_nothing_to_show_says_why(page: Page, voila_server: Server, name: str) -> None:
    if name == "empty":
        wb.open(voila_server.root / "empty", encoder=HashingEncoder())
    cell = f"from workbench.dashboards import tracker_dashboard\ntracker_dashboard({json.dumps(name)})"
    path = jupyter.put_notebook(voila_server, [cell], f"dashboard-{name}.ipynb")
    jupyter.open_voila(page, voila_server, path)
    words = "There is no workspace in" if name == "nowhere" else "There are no trackers yet"
    expect(page.get_by_text(words)).to_be_visible()
    jupyter.screenshot(page, f"looks-dashboard-{name}")
