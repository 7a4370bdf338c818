"""The workbench in JupyterLab itself: cards, commands and the file browser open panels in the main area."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import workbench as wb
from tests.browser import jupyter, servers
from tests.browser.checks import wrong_with_looks
from tests.browser.conftest import GALLERY
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.support.patience import wait_for
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

BUILT = Path(__file__).parents[2] / "workbench/server/labextension"
RUNS = "window.hostile = true"
HOSTILE = f"<img src=x onerror='{RUNS}'> \"\\\u202eeuro"
ONE, TWO, NONE = "one", "two", "none"
SHOWN = ".wb-lab-panel:not(.lm-mod-hidden)"
HIDDEN = (".jp-CodeConsole-input", ".jp-Cell-inputWrapper", ".jp-CodeConsole-banner")
LISTED = ".jp-DirListing-item[data-file-type='tracker-workspace']"


def make(path: Path, tracker: str) -> None:
    ws = wb.open(path, encoder=HashingEncoder())
    ws.ingest(small.conversations(3))
    ws.trackers.create(tracker, examples=small.EXAMPLES)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab with the extension as it was built, on folders with one workspace, two and none."""
    root, home = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("home")
    for folder in (ONE, TWO, NONE):
        (root / folder).mkdir()
    make(root / ONE / "demo.workspace", "Price")
    make(root / TWO / f"{HOSTILE}.workspace", HOSTILE)
    make(root / TWO / "other.workspace", "Other")
    (home / "data/labextensions").mkdir(parents=True)
    (home / "data/labextensions/tracker-workbench").symlink_to(BUILT)  # as `make` does
    with servers.jupyter_lab(root, home, extra=GALLERY, before=FORKED) as server:
        yield server


@pytest.fixture
def opened(page: Page, lab: Server, request: pytest.FixtureRequest) -> Iterator[Page]:
    page.goto(lab.page(f"lab/workspaces/{request.node.name.split('[')[0]}?reset"))
    page.wait_for_function("() => window.jupyterapp !== undefined")
    page.locator(".jp-Launcher").wait_for()
    yield page
    jupyter.end_kernels(lab)


def enter(page: Page, folder: str) -> None:
    """Go to a folder, by the file browser and with it the launcher."""
    jupyter.command(page, "filebrowser:open-path", path=folder)
    expect(page.locator(".jp-Launcher-cwd")).to_contain_text(folder)


def card(page: Page, name: str) -> Locator:
    return page.locator(".jp-Launcher").get_by_role("button", name=name)


def assert_panel(page: Page, title: str, widget: str) -> None:
    """A tab of this title shows the widget, and nothing of the console that it is."""
    expect(page.locator(f"#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current:has-text('{title}')")).to_be_visible()
    expect(page.locator(f"{SHOWN} {widget}").first).to_be_visible()
    for part in HIDDEN:
        assert not [one for one in page.locator(f"{SHOWN} {part}").all() if one.is_visible()], part
    assert not page.locator(f"{SHOWN} .jp-RenderedError").count()
    wait_for(lambda: page.locator(f"{SHOWN} .jp-CodeConsole-content").evaluate("(it) => it.scrollTop") == 0, "its top")


@pytest.mark.parametrize(
    ("name", "title", "widget"),
    [
        ("New tracker", "New tracker – demo", ".wb-builder"),
        ("Import calls", "Import calls – demo", ".wb-importer"),
        ("Dashboards", "Dashboards – demo", ".wb-dashboard"),
    ],
)
def test_a_card_opens_its_panel(opened: Page, name: str, title: str, widget: str) -> None:
    enter(opened, ONE)
    jupyter.screenshot(opened, "lab-launcher")
    card(opened, name).click()
    assert_panel(opened, title, widget)
    jupyter.screenshot(opened, f"lab-card-{widget[4:]}")


def test_the_palette_has_the_commands(opened: Page) -> None:
    enter(opened, ONE)
    jupyter.command(opened, "apputils:activate-command-palette")
    opened.keyboard.type("tracker workbench")
    found = opened.locator(".lm-CommandPalette-itemLabel")
    expect(found).to_have_count(4)
    assert sorted(found.all_inner_texts()) == ["Dashboards", "Import calls", "New tracker", "Open trackers"]
    opened.keyboard.type(" open")
    opened.keyboard.press("Enter")
    assert_panel(opened, "Trackers – demo", ".wb-table")


def test_a_double_click_opens_the_trackers(opened: Page) -> None:
    enter(opened, ONE)
    item = opened.locator(LISTED)
    assert item.locator("svg[data-icon='tracker-workbench:plugin:icon']").count() == 1
    item.dblclick()
    assert_panel(opened, "Trackers – demo", ".wb-table tr[data-id]:has-text('Price')")
    assert opened.locator(".jp-FileBrowser-crumbs").inner_text().strip("/ ").endswith(ONE)
    item.dblclick()
    expect(opened.locator(".wb-lab-panel")).to_have_count(1)
    assert not wrong_with_looks(opened)
    jupyter.set_theme(opened, dark=True)
    expect(opened.locator(".wb-table")).to_have_attribute("data-theme", "dark")
    assert not wrong_with_looks(opened)
    jupyter.screenshot(opened, "lab-trackers-dark")


def test_the_context_menu_opens_both_ways(opened: Page) -> None:
    enter(opened, ONE)
    item = opened.locator(LISTED)
    item.click(button="right")
    labels = opened.locator(".lm-Menu-itemLabel")
    expect(labels.get_by_text("Open trackers", exact=True)).to_be_visible()
    expect(labels.get_by_text("Rename", exact=True)).to_be_visible()
    expect(labels.get_by_text("Open", exact=True)).to_have_count(0)
    jupyter.screenshot(opened, "lab-context-menu")
    opened.locator(".lm-Menu-itemLabel", has_text="Open as a folder").click()
    expect(opened.locator(".jp-DirListing-item", has_text="state.db").first).to_be_visible()
    jupyter.command(opened, "filebrowser:open-path", path=".")
    opened.locator(".jp-DirListing-item", has_text=NONE).click(button="right")
    expect(labels.get_by_text("Open", exact=True)).to_be_visible()
    expect(labels.get_by_text("Open trackers", exact=True)).to_have_count(0)


def test_by_keyboard_alone(opened: Page) -> None:
    enter(opened, ONE)
    jupyter.command(opened, "filebrowser:activate")
    opened.locator(f"{LISTED} .jp-DirListing-itemText").focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    assert_panel(opened, "Trackers – demo", ".wb-table tr[data-id]")
    wait_for(lambda: opened.evaluate("() => document.activeElement.closest('.wb-lab-panel') !== null"), "the focus")
    opened.keyboard.press("Tab")
    assert opened.evaluate("() => document.activeElement.closest('.wb-table') !== null")


def test_several_workspaces_are_asked_about_and_names_stay_text(opened: Page) -> None:
    enter(opened, TWO)
    card(opened, "New tracker").click()
    expect(opened.locator(".jp-Dialog")).to_contain_text("Which workspace?")
    jupyter.screenshot(opened, "lab-which")
    opened.locator(".jp-Dialog select").select_option("other.workspace")
    jupyter.dismiss_dialogs(opened)
    assert_panel(opened, "New tracker – other", ".wb-builder")
    opened.locator(LISTED, has_text="img").dblclick()
    expect(opened.locator(f"{SHOWN} .wb-table tr[data-id]")).to_contain_text("<img src=x")
    expect(opened.locator(".lm-TabBar-tab.lm-mod-current", has_text="Trackers – <img")).to_be_visible()
    jupyter.screenshot(opened, "lab-hostile")
    assert not opened.locator("img[src=x]").count()
    assert not opened.evaluate("() => window.hostile === true")


def test_a_first_workspace_is_offered(opened: Page, lab: Server) -> None:
    enter(opened, NONE)
    card(opened, "Import calls").click()
    asked = opened.locator(".jp-Dialog input")
    asked.fill("../elsewhere")
    jupyter.screenshot(opened, "lab-create")
    jupyter.dismiss_dialogs(opened)
    expect(opened.locator(".jp-Dialog")).to_contain_text("Workspace not created")
    opened.locator(".jp-Dialog").get_by_role("button", name="Close").click()
    assert not (lab.root / "elsewhere.workspace").exists()
    card(opened, "Import calls").click()
    asked.fill("New calls")
    jupyter.dismiss_dialogs(opened)
    assert_panel(opened, "Import calls – New calls", ".wb-importer")
    wb.open(lab.root / NONE / "New calls.workspace", create=False)  # raises where there is none


def test_a_reloaded_page_has_its_panel_again_and_a_closed_one_ends_its_kernel(opened: Page, lab: Server) -> None:
    enter(opened, ONE)
    opened.locator(LISTED).dblclick()
    assert_panel(opened, "Trackers – demo", ".wb-table tr[data-id]")
    wait_for(lambda: "demo.workspace.trackers" in saved(opened), "the layout")
    opened.goto(opened.url.split("?")[0])
    assert_panel(opened, "Trackers – demo", ".wb-table tr[data-id]")
    expect(opened.locator(f"{SHOWN} .wb-table")).to_have_count(1)
    running = len(lab.api("kernels"))
    jupyter.command(opened, "application:close")
    wait_for(lambda: len(lab.api("kernels")) < running, "the kernel to end")


def saved(page: Page) -> str:
    told: str = page.evaluate(
        """async () => JSON.stringify(await window.jupyterapp.serviceManager.workspaces.fetch(
            window.location.pathname.split('/')[3]).catch(() => ''))"""
    )
    return told
