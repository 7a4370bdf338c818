"""The importer in a real browser: a folder dropped on it, and one chosen by keyboard alone; light, dark, narrow."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.support.patience import wait_for
from tests.unit.small import ROOT
from workbench.engine.encoders import HashingEncoder

DATA = ROOT / "tests/data/formats"
FILES = (
    "zoom_vtt.vtt",
    "srt.srt",
    "whisperx.json",
    "deepgram_utterances.json",
    "gong_transcript.json",
    "turns_ms.tsv",
    "turns_xlsx.xlsx",
    "teams_docx.docx",
    "email_reply.eml",
    "speaker_map.json",
    "pasted_name_time.txt",
    "negatives/package.json",
)
CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallImporter
ws = wb.open("{name}.workspace", encoder=HashingEncoder())
CallImporter(ws)"""
IMPORTER = ".wb-importer"
ROW = f"{IMPORTER} .wb-file"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve files of as many tools."""
    found = tmp_path / "calls from everywhere"
    found.mkdir()
    for name in FILES:
        shutil.copyfile(DATA / name, found / Path(name).name)
    return found


def show(page: Page, lab: Server, name: str) -> None:
    path = jupyter.put_notebook(lab, [CELL.format(name=name)], f"{name}.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(f"{IMPORTER} .wb-zone")).to_be_visible()


def drop(page: Page, path: Path) -> None:
    """Drag a file or folder of the machine over the widget and let go, as a hand would."""
    box = page.locator(IMPORTER).bounding_box()
    assert box is not None
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 80}
        devtools.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})
        if kind == "dragOver":
            expect(page.locator(".wb-zone-over")).to_be_visible()
            jupyter.screenshot(page, "importer-over", IMPORTER)


def imported(lab: Server, name: str) -> set[str]:
    with wb.open(lab.root / f"{name}.workspace", encoder=HashingEncoder()) as ws:
        return set(ws.conversations()["id"])


def test_a_folder_is_dropped_looked_at_and_imported(page: Page, lab: Server, folder: Path) -> None:
    show(page, lab, "dropped")
    jupyter.screenshot(page, "importer-empty", IMPORTER)
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)

    drop(page, folder)
    expect(page.locator(ROW)).to_have_count(12)
    expect(page.locator(f"{IMPORTER} [aria-label=Files] h3")).to_contain_text("12 files: ")
    expect(page.locator(".wb-file-refused")).to_contain_text("not a known transcript")
    assert imported(lab, "dropped") == set()
    jupyter.screenshot(page, "importer-files", IMPORTER)

    row = page.locator(ROW).filter(has_text="speaker_map.json")
    row.locator(".wb-file-open").click()
    expect(row.get_by_label("What is said")).to_have_value("text")
    expect(row.get_by_label("Times are in")).to_have_value("ms")
    jupyter.screenshot(page, "importer-mapping", IMPORTER)
    row.get_by_label("Times are in").select_option("s")
    row.get_by_role("button", name="Read it this way").click()
    expect(row).to_contain_text("Is the unit of the times right?")
    row.get_by_label("Times are in").select_option("ms")
    row.get_by_role("button", name="Read it this way").click()
    expect(row).not_to_contain_text("Is the unit of the times right?")

    who = page.get_by_label("Speakers in all files")
    who.get_by_role("group", name="Side of Pavel Orsic").get_by_role("button", name="Customer").click()
    expect(
        who.get_by_role("group", name="Side of Pavel Orsic").get_by_role("button", name="Customer")
    ).to_have_attribute("aria-pressed", "true")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.set_theme(page, dark=True)
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "importer-dark", IMPORTER)
    jupyter.set_theme(page, dark=False)

    page.get_by_role("button", name="Import 13 calls from 11 files").click()
    expect(page.get_by_role("region", name="Report")).to_contain_text("13")
    expect(page.locator(ROW)).to_have_count(0)
    jupyter.screenshot(page, "importer-report", IMPORTER)
    assert len(imported(lab, "dropped")) == 13
    with wb.open(lab.root / "dropped.workspace", encoder=HashingEncoder()) as ws:
        sides = {one["name"]: one["side"] for one in ws.conversations().set_index("id").loc["zoom_vtt", "parties"]}
    assert sides["Pavel Orsic"] == "customer"

    jupyter.run_all(page)  # a new widget: the report is kept
    expect(page.locator(IMPORTER)).to_have_count(1)
    expect(page.get_by_role("region", name="Report")).to_contain_text("13")


def test_a_folder_is_imported_by_keyboard_alone(page: Page, lab: Server, folder: Path) -> None:
    page.on("filechooser", lambda _: None)  # or the browser would open it by itself until the test is heard
    show(page, lab, "keys")
    page.locator(IMPORTER).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose files…")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose a folder…")).to_be_focused()
    with page.expect_file_chooser(timeout=60_000) as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(folder)
    expect(page.locator(ROW)).to_have_count(12)
    wait_for(lambda: page.locator(".wb-badge-waiting, .wb-badge-coming").count() == 0, "all files to be looked at")

    tab_to(page, "zoom_vtt.vtt")
    page.keyboard.press("Enter")
    expect(page.locator(ROW).filter(has_text="zoom_vtt.vtt").locator(".wb-first")).to_contain_text(
        "Thanks for making time"
    )
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Company").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Company").first).to_have_attribute("aria-pressed", "true")
    page.set_viewport_size({"width": 520, "height": 1400})
    jupyter.command(page, "application:toggle-left-area")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    jupyter.screenshot(page, "importer-narrow", IMPORTER)
    tab_to(page, "Import ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Report")).to_contain_text("13")
    assert len(imported(lab, "keys")) == 13


def test_readers_are_told_why_nothing_can_be_imported(page: Page, voila_server: Server) -> None:
    role = "import os\nos.environ['WORKBENCH_ROLE'] = 'reader'\n"
    cell = role + CELL.format(name="read")
    path = jupyter.put_notebook(voila_server, [cell], "read.ipynb")
    jupyter.open_voila(page, voila_server, path, dark=True)
    expect(page.locator(IMPORTER)).to_contain_text("This page only shows results")
    expect(page.locator(f"{IMPORTER} button")).to_have_count(0)
    assert not wrong_for_readers(page)


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus says this."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if text in str(page.evaluate("() => document.activeElement.textContent")):
            return
    raise AssertionError(f"Tab never came to {text!r}")
