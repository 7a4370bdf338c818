"""Takes the pictures of docs/images/ from the gallery, as Voilà shows it. Run it when a widget's looks change.

usage: python -m scripts.pictures
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from scripts.programs import CHROMIUM
from tests.browser import jupyter, servers
from tests.browser.conftest import ARGUMENTS

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
WIDE, NARROW, ZOOMED = (1280, 900), (360, 800), (640, 450)  # the last is what 200% zoom leaves of the first
HIGHEST = 900  # pixels of a widget that are shown
STATES = {
    "builder": "narrow-filters",
    "carousel": "half-way",
    "plots": "after-four-rounds",
    "review": "half-judged",
    "call": "a-call",
    "table": "some",
}
SHOTS = [(name, WIDE, False) for name in STATES] + [
    ("plots", WIDE, True),
    ("carousel", WIDE, True),
    ("carousel", NARROW, False),
    ("table", NARROW, False),
    ("builder", ZOOMED, False),
]


def main() -> int:
    browser = CHROMIUM.find()
    if browser is None:
        print(CHROMIUM.missing)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root, home = Path(folder) / "root", Path(folder) / "home"
        root.mkdir()
        home.mkdir()
        with servers.voila(root, home, extra={"PYTHONPATH": str(ROOT)}) as server:
            path = jupyter.put_notebook(server, ROOT / "tests/browser/gallery/gallery.ipynb")
            page = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS).new_page()
            for dark in (False, True):
                jupyter.open_voila(page, server, path, dark=dark)
                expect(page.locator(".gallery-of-table .wb-table").first).to_be_visible(timeout=120_000)
                expect(page.locator(".wb-waiting")).to_have_count(0)
                for name, size, of_dark in SHOTS:
                    if of_dark is dark:
                        _take(page, name, size, dark)
    return 0


def _take(page: Page, name: str, size: tuple[int, int], dark: bool) -> None:
    page.set_viewport_size({"width": size[0], "height": HIGHEST + 100})
    widget = page.locator(f".gallery-{name}-{STATES[name]} .wb").first
    widget.evaluate("(node) => node.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(500)
    kind = "-dark" if dark else {WIDE: "", NARROW: "-narrow", ZOOMED: "-zoomed"}[size]
    file = IMAGES / f"{name}{kind}.png"
    box = widget.bounding_box()
    assert box is not None
    page.screenshot(path=file, clip={**box, "height": min(box["height"], HIGHEST)})  # type: ignore[typeddict-item]
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
