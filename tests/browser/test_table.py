"""The table of trackers in a real browser: a life by keyboard, beside the widgets that follow it; and for readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

OPEN = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer, TaggingCarousel, TrackerBuilder, TrackerTable
ws = wb.open("{name}.workspace", encoder=HashingEncoder())
"""
FOLLOWED = "table = TrackerTable(ws)\ndisplay(table, TaggingCarousel(ws, table), CallViewer(ws))"
ROW = ".wb-table tr[data-id]"
STATE = ".wb-col-state .wb-badge"


@pytest.fixture
def workspace(root: Path, request: pytest.FixtureRequest) -> str:
    """One trained tracker, and two that are not; its name."""
    name = request.node.name.replace("[", "-").replace("]", "")
    made = small.trained(root / f"{name}.workspace", rounds=2)
    for title in ("Fresh", "Other"):
        made.trackers.create(title, description=f"{title} is said", examples=small.EXAMPLES)
    return name


def open_table(page: Page, lab: Server, name: str, code: str = FOLLOWED) -> None:
    path = jupyter.put_notebook(lab, [OPEN.format(name=name) + code], f"{name}.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(ROW)).to_have_count(3)
    expect(page.locator(ROW).last.locator(".wb-col-version")).to_contain_text("Not published")


def focused(page: Page) -> str:
    text: str = page.evaluate("() => document.activeElement.innerText.trim().split('\\n')[0]")
    return text


def test_the_life_of_a_tracker_by_keyboard(page: Page, lab: Server, workspace: str) -> None:
    open_table(page, lab, workspace)
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)

    page.locator(ROW).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Price"
    page.keyboard.press("Enter")
    assert focused(page) == "Train more"
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-sub h3")).to_have_text("Publish “Price”")
    assert page.evaluate("() => document.activeElement.type") == "radio"
    page.keyboard.press("ArrowUp")  # round to the last: all past calls
    page.keyboard.press("Tab")  # to the choice of a stream
    page.keyboard.press("Tab")
    assert focused(page) == "Publish"
    page.keyboard.press("Enter")
    price = page.locator(ROW).last
    expect(price.locator(STATE)).to_have_text("Active")
    expect(price.locator(".wb-col-run")).to_contain_text("found")
    expect(price.get_by_text("v1", exact=True).filter(visible=True)).to_have_count(1)
    expect(page.locator(".wb-notice")).to_contain_text("all past calls")
    assert focused(page) == "Price"

    page.keyboard.press("F2")
    page.keyboard.type("Fresh")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-rename .wb-hint-error")).to_contain_text("Fresh")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Price objections")
    page.keyboard.press("Enter")
    expect(price.locator(".wb-name b")).to_have_text("Price objections")
    assert focused(page) == "Price objections"

    changed = price.locator(".wb-changed").filter(visible=True)
    expect(changed).to_have_text("Unpublished changes: name")
    changed.click()
    expect(page.locator(".wb-changes")).to_contain_text("as before")
    page.keyboard.press("Escape")
    assert focused(page) == "Publish changes…"
    page.get_by_role("button", name="Pause").click()
    expect(price.locator(STATE)).to_have_text("Paused")
    assert focused(page) == "Train more"
    jupyter.screenshot(page, "table-paused", ".wb-table")


def test_a_deletion_is_taken_back(page: Page, lab: Server, workspace: str) -> None:
    open_table(page, lab, workspace)
    page.locator(ROW).first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Delete 2").click()
    expect(page.locator(ROW)).to_have_count(1)
    expect(page.locator(".wb-undo")).to_contain_text("Deleted 2 trackers.")
    expect(page.locator(".wb-table [aria-live]")).to_have_text("Deleted: 2 trackers.")
    assert focused(page) == "Price"
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "table-deleted", ".wb-table")
    page.keyboard.press("z")
    expect(page.locator(ROW)).to_have_count(3)
    expect(page.locator(".wb-undo")).to_have_count(0)


def test_train_more_leads_to_the_cards(page: Page, lab: Server, workspace: str) -> None:
    open_table(page, lab, workspace)
    page.get_by_role("button", name="Actions: Price").click()
    page.get_by_role("button", name="Train more").click()
    expect(page.locator(".wb-carousel .wb-sentence")).to_be_visible()
    page.wait_for_function("() => document.activeElement.matches('.wb-carousel')")
    expect(page.locator(f"{ROW}[aria-current=true] .wb-name b")).to_have_text("Price")


def test_a_thousand_trackers_stay_quick(page: Page, lab: Server, root: Path, workspace: str) -> None:
    made = wb.open(root / f"{workspace}.workspace", encoder=HashingEncoder())
    for number in range(1_000):
        made.trackers.create(f"Tracker {number}", examples=small.EXAMPLES)
    path = jupyter.put_notebook(lab, [OPEN.format(name=workspace) + "TrackerTable(ws)"], f"{workspace}.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(ROW)).to_have_count(50)
    expect(page.locator(".wb-pager")).to_contain_text("1 to 50 of 1,003 trackers")
    page.locator(".wb-table input[type=search]").press_sequentially("Tracker 99")
    expect(page.locator(ROW)).to_have_count(11)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Quality").click()
    expect(page.locator(ROW).first.locator(".wb-name b")).to_have_text("Price")


DEFINITIONS = """name,kind,description,words
<b>Dogs</b>,keyword,A dog is named,dog|barks
Price,keyword,The name is taken,price
Nothing,keyword,There are no words,
"""


def test_definitions_come_and_go_and_a_ready_made_one_is_published(
    page: Page, lab: Server, root: Path, workspace: str
) -> None:
    open_table(page, lab, workspace, "TrackerTable(ws)")
    page.locator(ROW).first.focus()
    page.get_by_role("button", name="Import").press("Enter")
    assert focused(page) == "Import definitions"
    file = root / "words.csv"
    file.write_text(DEFINITIONS)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".wb-brought")).to_contain_text("1 tracker made, a draft; 2 left out.")
    expect(page.locator(".wb-brought bdi").first).to_have_text("<b>Dogs</b>")
    expect(page.locator(".wb-refused li")).to_contain_text(
        ["Line 3 name: a tracker is already named 'Price'", "Line 4 words"]
    )
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "table-import", ".wb-table")
    page.get_by_role("button", name="Mark it, to publish or delete").press("Enter")
    page.keyboard.press("Escape")
    assert focused(page) == "Import"

    page.get_by_role("button", name="Export").press("Enter")
    page.get_by_text("JSON, for programs").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download 1 tracker").click()
    (definition,) = json.loads(saved.value.path().read_text())["trackers"]
    assert saved.value.suggested_filename == "trackers.json"
    assert (definition["name"], definition["settings"]["words"]) == ("<b>Dogs</b>", ["dog", "barks"])

    page.get_by_role("button", name="Ready-made").press("Enter")
    expect(page.locator(".wb-ready > li")).to_have_count(15)
    card = page.locator(".wb-ready > li", has_text="Budget limit")
    expect(card).to_contain_text("of the sample corpus")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "table-ready-made", ".wb-table")
    card.get_by_role("button", name="Add as it is: Budget limit").press("Enter")
    expect(card).to_contain_text("✓ Added as “Budget limit”, a draft.")
    expect(card.locator("input")).to_have_value("Budget limit 2")
    card.get_by_role("button", name="Publish Budget limit").press("Enter")
    expect(page.locator(".wb-sub h3")).to_have_text("Publish “Budget limit”")
    page.locator("[data-panel]").get_by_role("button", name="Publish", exact=True).click()
    budget = page.locator(ROW, has_text="Budget limit")
    expect(budget.locator(STATE)).to_have_text("Active")
    assert focused(page) == "Budget limit"


def test_people_who_only_read_in_voila(page: Page, voila_server: Server, workspace: str) -> None:
    code = OPEN.format(name=workspace) + "TrackerTable(ws, can_edit=False)"
    path = jupyter.put_notebook(voila_server, [code], f"{workspace}.ipynb")
    jupyter.open_voila(page, voila_server, path)
    expect(page.locator(ROW)).to_have_count(3)
    page.get_by_role("button", name="Details: Price").click()
    expect(page.locator("[data-panel] button")).to_have_text(["Show"])
    expect(page.locator(".wb-table input[type=checkbox]")).to_have_count(0)
    expect(page.locator(".wb-head button")).to_have_text(["Export"])
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
