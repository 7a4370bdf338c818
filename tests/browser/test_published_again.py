"""Publishing changes, upcoming calls only, changes no number on any page and in any widget, in Voilà and JupyterLab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

import workbench as wb
from tests.browser import jupyter
from tests.browser.servers import Server
from tests.support.patience import wait_for
from tests.unit.results.test_standing import shop
from workbench import widgets
from workbench.dashboards.pages import PAGES

NAME = "published_again.ipynb"
CELL = """import ipywidgets
import workbench as wb
from workbench import widgets
from workbench.dashboards.pages import PAGES, build
from workbench.engine.encoders import HashingEncoder

ws = wb.open({workspace!r}, encoder=HashingEncoder())
changed = ws.trackers.get("Weather")  # all that shows results shows its; what shows definitions shows others'

def paged(name):
    return lambda ws, query: build(name)(ws, {{"tracker": changed.id, "deal": "D0", **query}})

def made(name):
    if name == "Dashboard":
        return [widgets.Dashboard(ws, paged(page), page) for page in PAGES]
    given = {{"CallViewer": changed, "QuestionBuilder": "Asks", "TrackerBuilder": "Dogs"}}
    take = {{"QualityPlots", "Review", "TaggingCarousel"}}
    kind = getattr(widgets, name)
    return [kind(ws, "Price" if name in take else given[name]) if name in take | set(given) else kind(ws)]

everything = [one for name in widgets.__all__ for one in made(name)]
viewer = next(one for one in everything if isinstance(one, widgets.CallViewer))
viewer.show("call-3")
ipywidgets.VBox(everything)"""
# What tells of the versions themselves, and of when: the one in use, as the table and two pages name it.
ABOUT_VERSIONS = re.compile(r"^v\d+$|^version \d+$|What version|^Updated ")
FOUND_BY = re.compile(
    r"(?<= found) by versions? [\d, and]+$|(?<=sentences) by version \d+"
    r"|(?:(?<=^active)|(?<=\tactive)), version \d+(?=\t)"
)
READ = """() => {
    for (const heading of document.querySelectorAll('.wb :is(h2, h3)'))
        if (heading.textContent === 'Versions') heading.closest('section').style.display = 'none';
    return [...document.querySelectorAll('.wb')].map((one) => one.innerText);
}"""
WAITS = r"Loading…|Opening|Counting|Updating…|Reading the|Waiting for|being read"
BUSY = """waits => [...document.querySelectorAll('.wb')].filter((one) =>
    one.querySelector('[aria-busy=true], .wb-waiting') || new RegExp(waits).test(one.innerText)).length"""
COUNT = len(widgets.__all__) - 1 + len(PAGES)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> wb.Workspace:
    made = shop(tmp_path_factory.mktemp("again") / "w", rounds=1)
    made.trackers.create("Dogs", "keyword", words=["dog"]).publish("all").wait()
    asks = {"question": "Did they say that it is too expensive?", "details": "“that is too expensive for us”"}
    made.trackers.create("Asks", "question", **asks).publish("all").wait()
    return made


def shown(page: Page) -> list[list[str]]:
    """The lines with numbers of every widget, once all have come to rest."""
    page.wait_for_function("count => document.querySelectorAll('.wb').length === count", arg=COUNT)
    wait_for(lambda: not page.evaluate(BUSY, WAITS), "all widgets to show what they have")
    lines = [text.splitlines() for text in page.evaluate(READ)]
    told = [[FOUND_BY.sub("", one.strip()) for one in some if not ABOUT_VERSIONS.search(one.strip())] for some in lines]
    return [[one for one in some if re.search(r"\d", one)] for some in told]


def same(found: list[list[str]], first: list[list[str]]) -> None:
    for number, (now, before) in enumerate(zip(found, first, strict=True)):
        assert now == before, f"the widget at place {number}"


def publish_wording(ws: wb.Workspace) -> None:
    for tracker in ws.trackers.list():
        tracker.update(description="x")
        tracker.publish()


def publish_words(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Weather")
    tracker.update(words=[*tracker.settings["words"], "tuesday"])
    tracker.publish()


def test_every_page_and_widget_shows_the_same_numbers(page: Page, lab: Server, voila_server: Server, ws) -> None:
    """In Voilà a kernel is begun each time; JupyterLab's goes on, with all that it keeps in memory."""
    found = len(ws.detections("Weather"))
    for server in (lab, voila_server):
        path = jupyter.put_notebook(server, [CELL.format(workspace=str(ws.path))], NAME)
    reader = page.context.new_page()

    def in_voila() -> list[list[str]]:
        jupyter.open_voila(reader, voila_server, path)
        return shown(reader)

    def in_lab() -> list[list[str]]:
        jupyter.run_all(page)
        return shown(page)

    jupyter.open_notebook(page, lab, path)
    first, first_in_lab = in_voila(), in_lab()
    assert sum(map(len, first)) > 100
    publish_wording(ws)
    same(in_lab(), first_in_lab)
    publish_words(ws)
    same(in_lab(), first_in_lab)
    same(in_voila(), first)
    assert len(ws.detections("Weather")) == found
