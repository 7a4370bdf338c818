"""What can be measured of a page's looks and of its accessibility; scripts that list what is wrong."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "widgets/node_modules/axe-core/axe.min.js"
OVERFLOW = """() => [...document.querySelectorAll('.wb')].flatMap((root) => [root, ...root.querySelectorAll('*')])
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0)
    .filter((node) => !['auto', 'scroll', 'hidden'].includes(getComputedStyle(node).overflowX))
    .filter((node) => !node.closest('svg, select, input, .wb-hidden') && getComputedStyle(node).display !== 'inline')
    .map((node) => `${node.tagName}.${node.className}: ${node.scrollWidth} > ${node.clientWidth}`)"""
CONTRAST = """() => {
    const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const colour = rgb(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] > 0.9) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('.wb :is(p, span, b, h2, h3, button, label, li, td, th, summary, a)')]
        .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
        .filter((node) => node.offsetParent && !node.closest('.wb-hidden') && !node.closest(':disabled'))
        .map((node) => {
            const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), `${node.className}: ${node.textContent.trim()}`];
        })
        .filter(([ratio]) => ratio < 4.5)
        .map(([ratio, text]) => `${ratio.toFixed(2)} ${text.slice(0, 60)}`);
}"""
# A word that a cell of a table or a term of a list breaks between two letters; a longer one has to break.
BROKEN_WORDS = """() => [...document.querySelectorAll('.wb :is(th, td, dt)')].flatMap((cell) => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [], range = document.createRange();
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        if (node.parentElement.closest('.wb-hidden, .wb-about, svg, table table')) continue;
        const words = node.data.matchAll(/[\\p{Script=Latin}\\p{Script=Cyrillic}]{2,24}(?!\\p{L})/gu);
        for (const { 0: word, index } of words) {
            if (index > 0 && /\\p{L}/u.test(node.data[index - 1])) continue;
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
            if (lines.size > 1) found.push(`${word} is broken in: ${cell.textContent.trim().slice(0, 60)}`);
        }
    }
    return found;
})"""
STICKS_OUT = """() => [...document.querySelectorAll('.wb')]
    .map((root) => [root.className, root.getBoundingClientRect()])
    .filter(([, box]) => box.left < -1 || box.right > document.documentElement.clientWidth + 1)
    .map(([name, box]) => `${name}: from ${box.left} to ${box.right}`)"""
# Each widget is a part of somebody's page: what the page as a whole must have is not the widgets' affair.
#
# Most rules read elements, attributes, and whether an element shows. Where all that is as it was when they last ran on
# this page, as after a change of theme, they would say the same, and take most of the time: only the rules that read
# colours and sizes, too, run again. Of media axe may load what it asks for; a style sheet no rule here asks for.
LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
VIOLATIONS = """async (looks) => {
    const shows = (node) => {
        const { display, visibility, opacity, position, overflow, clip, clipPath } = getComputedStyle(node);
        const { width, height, right, bottom } = node.getBoundingClientRect();
        const seen = [width > 0, height > 0, right > 0, bottom > 0, opacity > 0].map(Number).join('');
        return [display, visibility, position, overflow, clip, clipPath, seen].join();
    };
    const read = [...document.querySelectorAll('.wb')].map((root) => [
        root.outerHTML.replaceAll(/ data-theme="\\w+"/g, ''), ...[root, ...root.querySelectorAll('*')].map(shows),
    ].join('|')).join('||');
    const known = (window.readByAxe ??= new Set());
    const settings = {
        preload: { assets: ['media'] }, resultTypes: ['violations'], rules: { region: { enabled: false } },
        ...known.has(read) ? { runOnly: { type: 'rule', values: looks } } : {},
    };
    const found = await axe.run({ include: ['.wb'] }, settings);
    known.add(read);
    return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
        .map(({ id, nodes }) => {
            const first = nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.html.slice(0, 120)}`);
            return `${id}, ${nodes.length} times: ${first.join(' | ')}`;
        });
}"""


PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def wrong_with_looks(page: Page) -> list[str]:
    """Return what is cut off, overflows, or can't be read, in all widgets of the page, after a new layout."""
    page.evaluate(PAINTED)
    found: list[str] = [
        fault for script in (OVERFLOW, STICKS_OUT, CONTRAST, BROKEN_WORDS) for fault in page.evaluate(script)
    ]
    return found


def wrong_for_readers(page: Page) -> list[str]:
    """Serious and critical findings of axe-core in the widgets of the page."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=AXE)
    found: list[str] = page.evaluate(VIOLATIONS, LOOKS)
    return found
