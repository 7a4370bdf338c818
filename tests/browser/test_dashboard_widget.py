"""A dashboard in Voilà: its address, its figures, what can be saved, and what a reader can say."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.browser.test_policy import POLICY, open_widget
from tests.unit import small

CELL = """from workbench.domain.errors import WorkbenchError
from workbench.widgets import Dashboard
from tests.browser.gallery.dashboard import block, by_team, hit, link, page
from workbench.workspace.workspace import Workspace

def build(ws, query):
    team, words = query.get("team", ""), query.get("words", "")
    if team == "Nobody":
        raise WorkbenchError("there is no team Nobody")
    options = [{"value": name, "label": name or "All"} for name in ("", "North", "South")]
    controls = [
        {"name": "team", "label": "Team", "kind": "choice", "options": options, "value": team, "more": False},
        {"name": "words", "label": "Words", "kind": "text", "options": [], "value": words, "more": False},
    ]
    found = ws.search(words or "dog", limit=3)
    trackers = [{"id": ws.trackers.list()[0].id, "name": "Price", "score": 0.9, "version": 1}]
    parts = {"trackers": trackers, "link": None}
    hits = [hit(at, row.text, sentence_id=row.sentence_id, **parts) for at, row in enumerate(found.itertuples())]
    rows = [{"team": "North"}, {"team": "South"}]
    table = {"columns": [{"name": "team", "label": "Team", "kind": "text"}], "rows": rows, "total": 2}
    table["links"] = [link(one["team"], "mine", team=one["team"]) for one in rows]
    said, teams = block("hits", "hits", "Hits", hits=hits, total=3), block("teams", "table", "Teams", table=table)
    shown = {"page": "mine", "title": team or "All teams", "lead": f"{ws.counts().conversations} calls"}
    return page([said, by_team(), teams], **shown, controls=controls, query=query)

Dashboard(Workspace({folder!r}), build, "mine")"""
NAME = "mine.ipynb"
SERVED = re.compile(r"(?<!/extensions)/workbench/static/")  # to widgets; JupyterLab's own part comes from elsewhere
WITH_STYLES = f"{POLICY}; style-src 'self' 'unsafe-inline'"  # what figures need, and Jupyter's own pages
ACCENT = [22, 96, 184]
FITS = """() => [...document.querySelectorAll('[data-figure=drawn] .main-svg')]
    .every((drawing) => drawing.clientWidth <= drawing.closest('.wb-plot').clientWidth + 1)"""
PIXELS = """async (text) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const paper = canvas.getContext('2d');
    paper.drawImage(image, 0, 0);
    const all = paper.getImageData(0, 0, image.width, image.height).data;
    const colours = {};
    for (let at = 0; at < all.length; at += 4) {
        const name = `${all[at]},${all[at + 1]},${all[at + 2]}`;
        colours[name] = (colours[name] ?? 0) + 1;
    }
    return { width: image.width, height: image.height, colours };
}"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> wb.Workspace:
    found = wb.open(tmp_path_factory.mktemp("dashboard") / "w", encoder=small.PackagedName())
    found.ingest(small.conversations(20))
    found.trackers.create("Price", kind="keyword", words=["dog", "weather"]).publish(past="all").wait()
    return found


@pytest.fixture
def path(lab: Server, workspace: wb.Workspace) -> str:
    return jupyter.put_notebook(lab, [CELL.replace("{folder!r}", repr(str(workspace.path)))], NAME)


def title(page: Page) -> Any:
    return page.locator(".wb-dashboard h2")


def pixels(page: Page, png: bytes) -> dict[str, Any]:
    """Size and colours of a picture, as the browser reads it in a page without a policy."""
    reader = page.context.new_page()
    found: dict[str, Any] = reader.evaluate(PIXELS, base64.b64encode(png).decode())
    reader.close()
    return found


def test_filters_live_in_the_address(page: Page, lab: Server, path: str) -> None:
    page.goto(lab.page(f"voila/render/{path}?team=South"))
    expect(title(page)).to_have_text("South")
    page.get_by_role("combobox", name="Team").select_option("North")
    expect(title(page)).to_have_text("North")
    assert page.url.endswith("/mine.ipynb?team=North")  # its token is not in what people copy
    page.get_by_role("link", name="South").click()
    expect(title(page)).to_have_text("South")
    page.go_back()
    expect(title(page)).to_have_text("North")
    page.get_by_role("searchbox", name="Words").fill("weather")
    page.get_by_role("searchbox", name="Words").press("Enter")
    expect(page.locator(".wb-sentence").first).to_contain_text("weather")
    assert page.url.endswith("?team=North&words=weather")
    page.reload()
    expect(page.locator(".wb-sentence").first).to_contain_text("weather")
    page.goto(lab.page(f"voila/render/{path}?team=Nobody"))
    expect(page.get_by_role("alert")).to_contain_text("there is no team Nobody")
    expect(title(page)).to_have_text("All teams")


def test_readers_see_what_arrives_and_say_what_is_wrong(
    page: Page, lab: Server, path: str, workspace: wb.Workspace
) -> None:
    jupyter.open_voila(page, lab, path)
    expect(page.locator(".wb-lead")).to_have_text("20 calls")
    workspace.ingest([call | {"id": "late"} for call in small.conversations(1)])
    expect(page.locator(".wb-lead")).to_have_text("21 calls")
    page.get_by_role("button", name="Wrong hit").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("about a dog")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-thanks").first).to_contain_text("Thank you")
    (queued,) = workspace.trackers.get("Price").queue()
    (hit,) = queued.hits
    assert re.fullmatch("reader [0-9a-f]{4}", hit.by)
    assert hit.note == "about a dog"
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of Hits").click()
    assert download.value.suggested_filename == "All-teams-Hits.csv"
    assert download.value.path().read_text("utf-8-sig").startswith("title,started,speaker")
    jupyter.screenshot(page, "dashboard-widget", ".wb-dashboard")


def test_figures_are_drawn_and_pictures_hold_them(page: Page, lab: Server, path: str, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if SERVED.search(request.url) else None)
    jupyter.open_voila(page, lab, path)
    page.locator("[data-figure]").scroll_into_view_if_needed()
    expect(page.locator("[data-figure=drawn] .main-svg").first).to_be_visible()
    assert [one.partition("?v=")[0].rpartition("/")[2] for one in asked] == ["plotly.min.js"]
    assert asked[0].partition("?v=")[2]
    for name in ("Download picture", "Picture of By team"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        made = download.value.path().read_bytes()
        seen = pixels(page, made)
        wide = page.locator(".wb-dashboard" if "Download" in name else "figure").first.bounding_box()
        assert wide is not None
        assert abs(seen["width"] - 2 * wide["width"]) <= 2
        assert seen["colours"][",".join(map(str, ACCENT))] > 20_000  # the bars
        jupyter.SHOTS.mkdir(exist_ok=True)
        (jupyter.SHOTS / f"dashboard-{name.split()[0].lower()}.png").write_bytes(made)


def test_figures_and_pictures_work_under_a_strict_policy_for_scripts(page: Page) -> None:
    failures = open_widget(page, "dashboard", "every kind", WITH_STYLES)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download picture").click()
    expect(page.locator("[data-figure=drawn]")).to_have_count(3)
    seen = pixels(page, download.value.path().read_bytes())
    assert seen["colours"][",".join(map(str, ACCENT))] > 20_000
    assert page.evaluate("() => window.refused") == []
    assert [one for one in failures if "favicon" not in one] == []


def test_drawn_figures_look_right_in_every_way_of_looking(page: Page, lab: Server) -> None:
    code = """from ipywidgets import VBox
from tests.browser.gallery.dashboard import states
VBox([states()["every kind"], states()["long text"]])"""
    path = jupyter.put_notebook(lab, [code], "drawn.ipynb")
    jupyter.open_voila(page, lab, path, dark=True)
    expect(page.locator("[data-figure]")).to_have_count(4)
    for figure in page.locator("[data-figure]").all():
        figure.scroll_into_view_if_needed()
    expect(page.locator("[data-figure=waiting]")).to_have_count(0)
    found = []
    for width in (1280, 640, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(FITS)
        found += [f"{width}: {one}" for one in [*wrong_with_looks(page), *wrong_for_readers(page)]]
    page.emulate_media(forced_colors="active")
    found += [f"forced: {one}" for one in [*wrong_with_looks(page), *wrong_for_readers(page)]]
    assert not found, "\n".join(found)
