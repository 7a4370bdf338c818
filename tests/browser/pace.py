"""What a page is asked while people tag: how soon the next card shows, and whether anything jumps."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# A card counts as shown when the frame that has its text is about to be painted.
WATCH = """() => {
    const seen = window.seen = {keys: [], shifts: 0, moved: []};
    let pressed = null;
    addEventListener('keydown', (event) => { if ('ynu'.includes(event.key)) pressed = event.timeStamp; }, true);
    let text = null;
    new MutationObserver(() => {
        const now = document.querySelector('.wb-carousel .wb-sentence')?.textContent ?? null;
        if (now === null || now === text) return;
        text = now;
        const from = pressed;
        pressed = null;
        if (from !== null) requestAnimationFrame(() => seen.keys.push(performance.now() - from));
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
            if (shift.hadRecentInput) continue;
            seen.shifts += shift.value;
            const names = shift.sources.map(({node}) => node?.className ?? node?.nodeName);
            seen.moved.push(`${shift.value.toFixed(4)} ${names.join(' ')}`);
        }
    }).observe({type: 'layout-shift'});
}"""


# Still is a page that was not changed for a while, and by which time it could have been: timers come late, too.
SETTLE = """() => new Promise((resolve) => {
    let timer;
    const still = () => { watcher.disconnect(); requestAnimationFrame(() => resolve()); };
    const again = () => { clearTimeout(timer); timer = setTimeout(still, 1_000); };
    const watcher = new MutationObserver(again);
    watcher.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
    document.fonts.ready.then(again);
})"""


END = ".wb-carousel .wb-round-end"
NEXT = f"""before => document.querySelector('{END}') || (document.querySelector('.wb-carousel .wb-sentence')
    && document.querySelector('.wb-carousel .wb-progress p').innerText !== before)"""


def settle(page: Page) -> None:
    """Returns when nothing has changed on the page for a second."""
    page.evaluate(SETTLE)


def watch(page: Page) -> None:
    """Begins to watch; only what happens from now on counts."""
    page.evaluate(WATCH)


def seen(page: Page) -> dict[str, Any]:
    """``keys``: milliseconds from a key press to the next card. ``shifts``: their sum, the cumulative layout shift,
    without what follows a key press within half a second. ``moved``: what moved."""
    found: dict[str, Any] = page.evaluate("() => window.seen")
    return found


def answer(page: Page, key: str) -> None:
    """Answers the card by a key, and waits for the next one; over the end of a round it goes on by Enter."""
    place = page.locator(".wb-carousel .wb-progress p").inner_text()
    page.keyboard.press(key)
    page.wait_for_function(NEXT, arg=place)
    if page.locator(END).count():
        page.keyboard.press("Enter")
        page.wait_for_selector(".wb-carousel .wb-sentence")
