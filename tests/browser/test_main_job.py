"""The main job in a real browser: build a tracker, tag by keyboard, lose the kernel, go on, see the estimate."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.servers import Server

ROOT = Path(__file__).resolve().parent.parent.parent
CALLS = 120
EXAMPLES = (
    "That's just not in our price range.",
    "It's more than we expected to pay.",
    "We can't justify that kind of money.",
    "Honestly, it looks expensive for what it does.",
    "The price is a real problem for us.",
)


@pytest.fixture(scope="module")
def notebook(lab: Server) -> str:
    """The notebook that people open, on a workspace with part of the sample corpus."""
    workspace = wb.open(lab.root / "demo.workspace")
    lines = itertools.islice(open(_calls(), encoding="utf-8"), CALLS)  # noqa: SIM115
    part = lab.root / "part.jsonl"
    part.write_text("".join(lines), encoding="utf-8")
    workspace.ingest(part)
    workspace.encode()
    jupyter.put_notebook(lab, ROOT / "notebooks/dashboards/tracker.ipynb", "notebooks/dashboards/tracker.ipynb")
    return jupyter.put_notebook(lab, ROOT / "notebooks/01_build_a_tracker.ipynb", "notebooks/01_build_a_tracker.ipynb")


def _calls() -> Path:
    return sorted((ROOT / "sample_corpus").glob("calls*.jsonl"))[-1]


def _tag(page: Page, count: int) -> None:
    """Answers so many cards by keyboard, YES where the sentence speaks of money."""
    for _ in range(count):
        sentence = page.locator(".wb-sentence")
        expect(sentence).to_be_visible()
        place = page.locator(".wb-progress").inner_text().split("\n")[0]  # round and card; below it are the answers
        page.keyboard.press("y" if _pricey(sentence.inner_text()) else "n")
        page.wait_for_function(
            "before => document.querySelector('.wb-round-end') || "
            "!(document.querySelector('.wb-progress')?.innerText ?? before).startsWith(before)",
            arg=place,
        )
        if page.locator(".wb-round-end").count():
            page.keyboard.press("Enter")


def _pricey(text: str) -> bool:
    return any(word in text.lower() for word in ("price", "pric", "expens", "cost", "money", "pay", "budget"))


def test_a_newcomer_trains_a_tracker(page: Page, lab: Server, notebook: str) -> None:
    jupyter.open_notebook(page, lab, notebook)
    jupyter.run_all(page)
    page.get_by_placeholder("Pricing objections").fill("Pricing objections")
    page.get_by_role("button", name="Next: Where to look").click()
    page.get_by_role("button", name="Next: Examples").click()
    for example in EXAMPLES:
        page.get_by_label("Add an example sentence").fill(example)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Next: Train").click()
    page.get_by_role("button", name="Create tracker").click()
    expect(page.locator(".wb-card")).to_be_visible()
    page.get_by_role("button", name="Continue to tagging").click()
    _tag(page, 30)  # a round and five of the next
    stopped_at = page.locator(".wb-sentence").inner_text()
    jupyter.lose_kernel(page, lab, notebook)
    expect(page.get_by_text("The connection to Python was lost").first).to_be_visible()
    jupyter.screenshot(page, "kernel-lost")
    jupyter.run_all(page)
    expect(page.locator(".wb-sentence")).to_have_text(stopped_at)
    page.locator(".wb-card").click()
    _tag(page, 70)
    expect(page.get_by_role("heading", name="What it would find now", exact=True)).to_be_visible()
    jupyter.screenshot(page, "estimate", ".wb-plots")
    rounds = wb.open(lab.root / "demo.workspace").trackers.get("Pricing objections").train().rounds()
    assert [r.answered for r in rounds[:4]] == [25, 25, 25, 25]


def test_the_dashboard_shows_the_tracker(page: Page, voila_server: Server, notebook: str) -> None:
    jupyter.open_voila(page, voila_server, "notebooks/dashboards/tracker.ipynb")
    expect(page.get_by_role("heading", name="Pricing objections")).to_be_visible()
    expect(page.get_by_role("heading", name="How well it does")).to_be_visible()
    expect(page.get_by_text("It was never published, so it has found nothing")).to_be_visible()
    jupyter.screenshot(page, "dashboard")
    maps = [Path(f"/proc/{pid}/maps").read_text() for pid in jupyter.kernel_pids(voila_server)]
    assert maps
    assert not any("libtorch" in text for text in maps)
