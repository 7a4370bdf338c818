"""From key press to next card, and what jumps meanwhile: 200 answers in JupyterLab, each on disk before the next card.

A card counts as shown when the frame with its text is about to be painted; the clock is the browser's own, from the key
event's timestamp. Keys are separated by pauses like a person's. Bounds: 50 ms at the median within a round, and a
cumulative layout shift under 0.05. A round's last answer is measured separately: between it and the next card the
tracker learns. At the end the answers are counted on disk.

usage: python -m benchmarks.browser.tagging_pace [WORKSPACE]     an encoded workspace, which is copied and left as it
is; without one the sample corpus is imported and encoded first
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

import workbench as wb
from scripts.programs import CHROMIUM
from tests.browser import jupyter, pace, servers
from tests.browser.conftest import ARGUMENTS, SIZE

ROOT = Path(__file__).resolve().parents[2]
ANSWERS, A_ROUND = 200, 25
PAUSE_MS = 250
MOST_MS, MOST_SHIFT = 50.0, 0.05
MONEY = ("price", "pric", "expens", "cost", "money", "pay", "budget", "cheap", "discount")
EXAMPLES = (
    "That's just not in our price range.",
    "Could you go any lower on that cost?",
    "It's more than we expected to pay.",
    "We can't justify that kind of money.",
    "Your competitor is a good deal cheaper.",
)
CELL = """import workbench as wb
from workbench.widgets import QualityPlots, TaggingCarousel
ws = wb.open("pace.workspace")
carousel = TaggingCarousel(ws, "Pace")
display(carousel, QualityPlots(ws, carousel))"""


def main() -> int:
    browser = CHROMIUM.find()
    if browser is None:
        print(CHROMIUM.missing)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        home = Path(folder) / "home"
        home.mkdir()
        tracker = _workspace(root / "pace.workspace", sys.argv[1:]).trackers.create("Pace", examples=EXAMPLES)
        with servers.jupyter_lab(root, home) as lab, sync_playwright() as playwright:
            page = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS).new_page(viewport=SIZE)
            found = _answered(page, lab)
        on_disk = sum(one.answered for one in tracker.train().rounds())
    return _told(found["keys"], found["shifts"], found["moved"], on_disk)


def _workspace(folder: Path, given: list[str]) -> wb.Workspace:
    folder.parent.mkdir()
    if given:
        shutil.copytree(given[0], folder)
    ws = wb.open(folder)
    if not given:
        ws.ingest(ROOT / "sample_corpus")
        ws.encode(progress=True)
    return ws


def _answered(page: Page, lab: servers.Server) -> dict:  # type: ignore[type-arg]
    jupyter.open_notebook(page, lab, jupyter.put_notebook(lab, [CELL], "pace.ipynb"))
    jupyter.run_all(page)
    sentence = page.locator(".wb-carousel .wb-sentence")
    expect(sentence).to_be_visible(timeout=120_000)
    sentence.click()
    page.wait_for_timeout(2_000)
    pace.watch(page)
    for _ in range(ANSWERS):
        page.wait_for_timeout(PAUSE_MS)
        pace.answer(page, "y" if any(word in sentence.inner_text().lower() for word in MONEY) else "n")
    page.wait_for_timeout(2_000)
    return pace.seen(page)


def _told(keys: list[float], shifts: float, moved: list[str], on_disk: int) -> int:
    last = keys[A_ROUND - 1 :: A_ROUND]
    within = sorted(key for at, key in enumerate(keys, 1) if at % A_ROUND)
    median = statistics.median(within)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"{len(within)} answers within a round: median {median:.1f} ms (at most {MOST_MS:.0f}), "
        f"95 of 100 under {within[int(0.95 * len(within))]:.1f} ms, slowest {within[-1]:.1f} ms"
    )
    print(f"{len(last)} last answers of a round: median {statistics.median(last):.0f} ms, slowest {max(last):.0f} ms")
    print(f"cumulative layout shift: {shifts:.4f} (under {MOST_SHIFT}) {'; '.join(moved)}")
    print(f"answers on disk: {on_disk} of {ANSWERS}")
    return 0 if median <= MOST_MS and shifts < MOST_SHIFT and on_disk == len(keys) == ANSWERS else 1


if __name__ == "__main__":
    sys.exit(main())
