"""Trackers that need no training, from the builder to what readers see, in a real browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.conftest import SIZE
from tests.browser.servers import Server
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

CODE = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer, QualityPlots, Review, TaggingCarousel, TrackerBuilder, TrackerTable
ws = wb.open("{name}.workspace", encoder=HashingEncoder())
builder = TrackerBuilder(ws)
display(builder, TrackerTable(ws), TaggingCarousel(ws, builder), QualityPlots(ws, builder), Review(ws, builder))
display(CallViewer(ws))
"""
PAGE = """import os
os.environ["WORKBENCH_WORKSPACE"] = {workspace!r}
from workbench.dashboards import {page}
{page}()
"""


@pytest.fixture
def workspace(root: Path) -> wb.Workspace:
    made = wb.open(root / "kinds.workspace", encoder=HashingEncoder())
    made.ingest(small.conversations(60))
    made.encode()
    return made


def test_from_words_and_phrases_to_published_results(
    page: Page, lab: Server, voila_server: Server, workspace: wb.Workspace
) -> None:
    path = jupyter.put_notebook(lab, [CODE.format(name="kinds")], "kinds.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    builder = page.locator(".wb-builder")
    keywords(page, builder)
    phrases(page, builder)
    table(page)
    jupyter.screenshot(page, "kinds-lab")
    for name in ("Dear", "Dogs"):
        publication = workspace.trackers.get(name).active_version()
        assert publication is not None
        assert publication.wait().found == len(workspace.detections(name)) > 0
    read(page, voila_server, workspace, "Dear", "One of these, in any form: prices, expensive")
    read(page, voila_server, workspace, "Dogs", "“well my dog barks a lot well”")


def read(page: Page, voila: Server, workspace: wb.Workspace, name: str, told: str) -> None:
    """Check what readers see: its page, and from there by keyboard what it found, in the search."""
    found = workspace.detections(name)
    (voila.root / workspace.path.stem).mkdir(exist_ok=True)
    for one in ("tracker", "search"):
        code = PAGE.format(workspace=str(workspace.path), page=one)
        jupyter.put_notebook(voila, [code], f"{workspace.path.stem}/{one}.ipynb")
    query = urlencode({"tracker": name})
    page.goto(voila.page(f"voila/render/{workspace.path.stem}/tracker.ipynb?{query}"))
    board = page.locator(".wb-dashboard")
    expect(board.locator('[data-block="figures"]')).to_contain_text(f"Sentences found{len(found):,}")
    expect(board.locator('[data-block="concept"]')).to_contain_text(told)
    expect(board.locator('[data-block="quality"]')).to_contain_text("nobody has judged its matches")
    expect(board.locator('[data-block="trend"]')).to_contain_text("including the tracker's errors")
    expect(board.locator('[data-block="rounds"]')).to_have_count(0)
    looks_right(page, f"kinds-{name}-page")
    board.get_by_role("link", name="Search its matches").focus()
    page.keyboard.press("Enter")
    expect(board.get_by_role("heading", name="Search", exact=True)).to_be_visible()
    hits = board.locator('[data-block="hits"]')
    expect(hits).to_contain_text(f"{len(found):,} sentence")
    expect(hits.locator(".wb-hit").first).to_contain_text(name)
    shown = hits.locator(".wb-sentence").all_text_contents()
    assert len(shown) == min(20, len(found))
    assert set(shown) <= set(found["text"])
    looks_right(page, f"kinds-{name}-search")


def looks_right(page: Page, name: str) -> None:
    """Wide, on a phone, and at 200% zoom."""
    for width, height in ((360, 740), (640, 450), (SIZE["width"], SIZE["height"])):
        page.set_viewport_size({"width": width, "height": height})
        assert not wrong_with_looks(page)
        jupyter.screenshot(page, f"{name}-{width}")
    assert not wrong_for_readers(page)


def keywords(page: Page, builder: Locator) -> None:
    """By keyboard alone, but for the first click."""
    builder.get_by_label("Name", exact=True).fill("Dear")
    builder.get_by_role("radio", name="Keywords").focus()
    page.keyboard.press("Space")
    builder.get_by_role("button", name="Words").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    words = builder.get_by_label("Add to: Words and phrases")
    words.focus()
    page.keyboard.type("prices, expensive, unheard of")
    page.keyboard.press("Enter")
    expect(builder.get_by_label("What it finds now").locator("mark").first).to_be_visible()
    expect(builder).to_contain_text("prices also finds price")
    expect(builder).to_contain_text("“unheard of” was never said")
    builder.get_by_role("radio", name="In any form").focus()
    page.keyboard.press("ArrowRight")
    expect(builder).to_contain_text("“prices” was never said")
    page.keyboard.press("ArrowLeft")
    expect(builder).to_contain_text("prices also finds price")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "kinds-keyword")
    builder.get_by_role("button", name="Next: Preview").click()
    publish(builder)
    carousel, plots, review = (page.locator(f".wb-{name}") for name in ("carousel", "plots", "review"))
    expect(carousel).to_contain_text("Dear is a keyword tracker. It finds words, so there is nothing to tag.")
    expect(plots).to_contain_text("Without answers there is no estimate")
    expect(review.locator("article")).to_have_count(20)
    expect(review.get_by_role("button", name="Yes")).to_have_count(0)


def phrases(page: Page, builder: Locator) -> None:
    builder.get_by_role("button", name="Start a new one").click()
    builder.get_by_label("Name", exact=True).fill("Dogs")
    builder.get_by_role("radio", name="Phrases").check()
    builder.get_by_role("button", name="Vocabulary").first.click()
    builder.get_by_label("Add to: Vocabulary").fill("well my dog barks a lot well")
    page.keyboard.press("Enter")
    builder.get_by_role("button", name="Find some like the vocabulary").click()
    builder.get_by_role("button", name="Add: ").first.click()
    expect(builder.get_by_role("list", name="Vocabulary").locator("li")).to_have_count(2)
    builder.get_by_role("button", name="Next: How close").click()
    dial = builder.get_by_role("slider")
    before = dial.get_attribute("aria-valuetext")
    dial.press("ArrowRight")
    expect(dial).not_to_have_attribute("aria-valuetext", before or "")
    expect(builder.get_by_role("heading", name="Just found")).to_be_visible()
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "kinds-phrase")
    publish(builder)


QUESTION = """import sys
sys.path.insert(0, {root!r})
import workbench as wb
from tests.unit.small import PackagedName
from workbench.widgets import CallViewer, QuestionBuilder
ws = wb.open("asked.workspace", encoder=PackagedName())
display(QuestionBuilder(ws), CallViewer(ws))
"""


def test_a_question_from_its_words_to_its_results(page: Page, lab: Server, voila_server: Server, root: Path) -> None:
    workspace = wb.open(root / "asked.workspace", encoder=small.PackagedName())
    workspace.ingest(small.conversations(60))
    workspace.encode()
    path = jupyter.put_notebook(lab, [QUESTION.format(root=str(small.ROOT))], "asked.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    question = page.locator(".wb-question")
    expect(question.get_by_text("Did the customer ask for a discount?")).to_be_visible()
    question.get_by_label("about what").select_option("own topic")
    expect(question).to_contain_text("name a topic of your own")
    question.get_by_role("textbox", name="Own topic").fill("our weather")
    expect(question.get_by_text("Did the customer ask for our weather?")).to_be_visible()
    question.get_by_role("radio", name="With set phrases").focus()
    page.keyboard.press("ArrowRight")
    free = question.get_by_label("A question that a call answers")
    expect(free).to_have_value("Did the customer ask for our weather?")
    page.keyboard.press("ArrowLeft")
    expect(question.get_by_role("textbox", name="Own topic")).to_have_value("our weather")
    question.get_by_role("radio", name="With set phrases").focus()
    page.keyboard.press("ArrowRight")
    free.fill("Did anyone say that the price is far too high?")
    question.get_by_label("What counts").fill("“well that is too expensive for us”")
    question.get_by_role("button", name="Try it on 100 random calls").click()
    calls = question.get_by_role("list", name="Calls").locator("> li")
    expect(calls.first).to_contain_text("Based on")
    calls.first.get_by_role("button", name="Wrong").click()
    expect(question).to_contain_text("Of 1 you judged, 0 were right.")
    calls.first.get_by_role("button", name="Right").click()
    expect(question).to_contain_text("Of 1 you judged, 1 was right.")
    calls.first.locator("summary").click()
    expect(question).to_contain_text("A judge on this machine answers")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "kinds-question")
    calls.first.get_by_role("button", name="Go to call").first.click()
    expect(page.locator(".wb-call [aria-current]").first).to_be_visible()
    question.get_by_label("Name", exact=True).fill("Too dear")
    question.get_by_role("radio", name="Also the past 12 months").check()
    expect(question).to_contain_text("Expected cost: none. 60 past calls match.")
    question.get_by_role("checkbox", name="Collect its calls in a stream").check()
    question.get_by_label("Notify by e-mail").fill("ann@example.org")
    question.get_by_role("button", name="Save and publish").click()
    expect(question).to_contain_text("Published. It runs automatically")
    publication = workspace.trackers.get("Too dear").active_version()
    assert publication is not None
    assert publication.wait().found == len(workspace.detections("Too dear")) > 0
    assert [one.target for one in workspace.streams.get("Too dear").channels] == ["ann@example.org"]
    question.get_by_text("Train it further").click()
    question.get_by_role("button", name="Create a tracker of examples").click()
    expect(question).to_contain_text("Made “Too dear, trained”")
    assert workspace.trackers.get("Too dear, trained").examples
    read(page, voila_server, workspace, "Too dear", "Did anyone say that the price is far too high?")


def publish(builder: Locator) -> None:
    builder.get_by_role("radio", name="Also the past 12 months").check()
    builder.get_by_role("checkbox", name="Collect its calls in a stream").check()
    builder.get_by_role("button", name="Save and publish").click()
    expect(builder).to_contain_text("Published. It runs automatically")


def table(page: Page) -> None:
    rows = page.locator(".wb-table tr[data-id]")
    expect(rows).to_have_count(2)
    dear = rows.filter(has_text="Dear")
    expect(dear).to_contain_text("Keywords")
    expect(dear.locator(".wb-col-estimate")).to_contain_text("Nobody has judged its matches")
    dear.get_by_role("button", name="Actions").click()
    panel = page.get_by_role("group", name="Actions: Dear")
    expect(panel.get_by_role("button", name="Train")).to_have_count(0)
    expect(panel.get_by_role("button", name="Edit")).to_be_visible()
