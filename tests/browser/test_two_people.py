"""Two people tag the same round, each in a notebook and a kernel of their own; each hears of the other."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser import jupyter
from tests.browser.conftest import new_context
from tests.browser.servers import Server
from tests.unit import small

CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, TaggingCarousel
ws = wb.open("two-people.workspace", encoder=HashingEncoder(), user="{user}")
carousel = TaggingCarousel(ws, "Price", straight_on=True)
display(carousel)"""
SENTENCE, FOOT = ".wb-carousel .wb-sentence", ".wb-carousel .wb-foot"


def test_two_people_share_a_round(chromium: Browser, lab: Server) -> None:
    workspace = small.trained(lab.root / "two-people.workspace")
    with new_context(chromium) as one, new_context(chromium) as other:
        pages = {"Anna": one.new_page(), "Ben": other.new_page()}
        for user, page in pages.items():
            path = jupyter.put_notebook(lab, [CELL.format(user=user)], f"two-people-{user}.ipynb")
            jupyter.open_notebook(page, lab, path)
            jupyter.run_all(page)
            expect(page.locator(SENTENCE)).to_be_visible()
            page.locator(SENTENCE).click()
        for _ in range(3):
            _answer(pages["Anna"])
        _answer(pages["Ben"])
        expect(pages["Ben"].locator(FOOT)).to_contain_text("Anna answers this round, too: 3 so far.")
        jupyter.screenshot(pages["Ben"], "two-people", ".wb-carousel")
        for _ in range(30):
            if "Round 3" in pages["Ben"].locator(".wb-carousel .wb-progress").inner_text():
                break
            _answer(pages["Ben"])
        expect(pages["Ben"].locator(".wb-carousel .wb-progress")).to_contain_text("Round 3")
        _answer(pages["Anna"])
        expect(pages["Anna"].locator(".wb-carousel .wb-progress")).to_contain_text("Round 3")
        expect(pages["Anna"].locator(FOOT)).to_contain_text("Round 2 was completed with answers of Ben.")
        jupyter.screenshot(pages["Anna"], "two-people-next", ".wb-carousel")
    answers = workspace.trackers.get("Price").log()["answers"]
    assert {one["by"] for one in answers if one["round"] == 2} == {"Anna", "Ben"}
    assert sum(one["by"] == "Anna" and one["round"] == 2 for one in answers) == 4


def _answer(page) -> None:  # type: ignore[no-untyped-def]
    text = page.locator(SENTENCE).inner_text()
    page.keyboard.press("y" if small.answer(text) == "yes" else "n")
    page.wait_for_function(
        "(text) => document.querySelector('.wb-carousel .wb-sentence')?.innerText !== text", arg=text
    )
