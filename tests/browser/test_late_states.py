"""What Jupyter passes on late, or to where nobody is: a page shows what the kernel has said, and is heard by it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import jupyter
from tests.browser.servers import Server
from tests.unit.small import ROOT

FILE = ROOT / "tests/data/formats/zoom_vtt.vtt"
CELL = '''import anywidget, traitlets
import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallImporter

class Manager(anywidget.AnyWidget):
    _esm = """
    export default { render({ model }) { window.found = model.widget_manager.get_model(model.get('of')); } }
    """
    of = traitlets.Unicode().tag(sync=True)

importer = CallImporter(wb.open("late.workspace", encoder=HashingEncoder()))
display(importer, Manager(of=importer.model_id))'''
ROW = ".wb-importer .wb-file-ready"


def test_what_comes_late_takes_nothing_back(page: Page, lab: Server) -> None:
    """A page asks for the state of all widgets, and sets them to it however late it comes."""
    path = jupyter.put_notebook(lab, [CELL], "late.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    place = page.locator(".wb-importer").get_by_label("Path or address")
    expect(place).to_be_visible()
    page.evaluate("async () => { window.before = (await window.found).get_state(); }")
    place.fill(str(FILE))
    place.press("Enter")
    expect(page.locator(ROW)).to_have_count(1)
    page.evaluate("async () => (await window.found).set_state(window.before)")
    expect(page.locator(".wb-importer .wb-zone")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator(ROW)).to_have_count(1)


def test_a_page_is_heard_where_another_page_was_told_last(page: Page, lab: Server) -> None:
    """News of work goes out in the name of the subshell of a page; that page is closed, and its subshell with it."""
    path = jupyter.put_notebook(
        lab, [CELL, "importer.comm._reply_subshell_id = 'of a page that is closed'"], "gone.ipynb"
    )
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    place = page.locator(".wb-importer").get_by_label("Path or address")
    place.fill(str(FILE))
    place.press("Enter")
    expect(page.locator(ROW)).to_have_count(1)
