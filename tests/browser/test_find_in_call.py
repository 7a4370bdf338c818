"""What is typed into the search of a call is found and marked however it was said."""

from __future__ import annotations

from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.servers import Server
from workbench.engine.encoders import HashingEncoder

SAID = [
    "Die Straße ist lang.",
    "İSTANBUL ofisi.",
    "Das Cafe\u0301 öffnet.",
    "We use C++ and C#.",
    "この価格は高い",
    "A cafe.",
]
CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer
viewer = CallViewer(wb.open({folder!r}, encoder=HashingEncoder()))
viewer.show("one")
display(viewer)"""


def test_in_a_call_all_is_found_that_search_finds(page: Page, voila_server: Server) -> None:
    folder = voila_server.root / "said.workspace"
    wb.open(folder, encoder=HashingEncoder()).ingest([{"id": "one", "turns": [{"text": text} for text in SAID]}])
    path = jupyter.put_notebook(voila_server, [CELL.format(folder=str(folder))], "find.ipynb")
    jupyter.open_voila(page, voila_server, path)
    typed, marks = page.get_by_role("searchbox"), page.locator(".wb-call mark")
    for words, marked in (
        ("STRASSE", ["Straße"]),
        ("istanbul", ["İSTANBUL"]),
        ("café", ["Cafe\u0301"]),
        ("C++", ["C++"]),
        ("価格", ["価格"]),
        ("öffnet das", ["Das", "öffnet"]),
    ):
        typed.fill(words)
        expect(marks).to_have_text(marked)
    jupyter.screenshot(page, "find-in-call")
