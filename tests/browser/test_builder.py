"""Building a tracker in a real JupyterLab: by mouse, by keyboard alone, in two views; and how each step looks."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter, pace
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

ACCOUNTS = 3_000
CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import TaggingCarousel, TrackerBuilder
ws = wb.open("builder.workspace", encoder=HashingEncoder())
builder = TrackerBuilder(ws)
builder.on_open(None)
display(builder, TaggingCarousel(ws, tracker=builder))"""
PASTED = (
    'n\tsentence\n1\t"It is too dear for us, ""dear"" as in money"\n'
    "2\tYes, it is.\n3\tThe fee is odd. We cannot pay it."
)
SIZES = {"wide": (1280, 900), "narrow": (360, 800), "zoomed": (640, 450)}


@pytest.fixture(scope="module")
def workspace(lab: Server) -> wb.Workspace:
    workspace = wb.open(lab.root / "builder.workspace", encoder=HashingEncoder())
    workspace.ingest(_calls())
    workspace.encode()
    return workspace


def _calls() -> list[dict[str, Any]]:
    """One in three is in team North; each of the first has an account of its own."""
    rng = random.Random(3)
    calls = small.conversations(ACCOUNTS)
    for n, call in enumerate(calls):
        call |= {"account": f"Account {n:04}", "team": "North" if n % 3 == 0 else "South", "duration_s": 600.0}
        call |= {"title": "Review", "fields": {"region": rng.choice(["East", "West"])}}
        call["turns"] = call["turns"][:3]
    return calls


@pytest.fixture
def builder(page: Page, lab: Server, workspace: wb.Workspace) -> Page:
    path = jupyter.put_notebook(lab, [CELL], "builder.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(".wb-builder .wb-stop-words").nth(1)).to_contain_text("3,000 calls")
    return page


def step(page: Page, name: str) -> None:
    page.locator(f'.wb-builder [data-step="{name}"]').click()
    expect(page.locator(".wb-builder [aria-current]")).to_have_attribute("data-step", name)


def add(page: Page, *examples: str) -> None:
    for example in examples:
        page.get_by_label("Add an example sentence").fill(example)
        page.keyboard.press("Enter")


def focused(page: Page) -> str:
    name: str = page.evaluate(
        "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    )
    return name


def test_filters_count_at_once_and_come_off_again(builder: Page) -> None:
    step(builder, "where")
    matching = builder.locator(".wb-matching")
    builder.get_by_text("Customers", exact=True).click()
    expect(matching).to_contain_text("3,000 calls and 3,000 sentences match")
    builder.locator(".wb-lists summary", has_text="Account").click()
    expect(builder.locator(".wb-options label")).to_have_count(100)
    builder.get_by_label("Search Account").fill("0042")
    builder.get_by_label("Account 0042").check()
    expect(matching).to_contain_text("1 call and 1 sentence match")
    expect(matching).to_contain_text("a keyword tracker, which needs no minimum")
    builder.get_by_role("button", name="Remove: Account: Account 0042").click()
    expect(builder.get_by_role("button", name="Remove: Said by customers")).to_be_focused()
    builder.get_by_role("combobox", name="Part of call").select_option("first")
    expect(builder.get_by_role("img", name="A call, in which the first 5 minutes of the call counts")).to_be_visible()
    builder.get_by_label("Region").select_option(label="East")
    builder.get_by_label("From (day)").fill("2026-03-01")
    expect(matching).to_contain_text("0 calls and 0 sentences match")
    expect(builder.locator(".wb-chip")).to_have_text(
        ["Said by customers×", "The first 5 minutes of the call×", "From 1 Mar 2026×", "Region: East×"]
    )
    builder.get_by_role("button", name="Clear all").click()
    expect(matching).to_contain_text("3,000 calls and 9,000 sentences match")
    assert "wb-builder" in builder.evaluate("() => document.activeElement.closest('.wb').className")


def test_the_picture_is_dragged(builder: Page) -> None:
    step(builder, "where")
    builder.get_by_role("combobox", name="Part of call").select_option("last")
    builder.get_by_label("Unit").select_option("percent")
    pace.settle(builder)  # what is counted meanwhile moves the picture
    box = builder.locator(".wb-picture svg").bounding_box()
    assert box is not None
    builder.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + 10)
    builder.mouse.down()
    builder.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 10, steps=5)
    builder.mouse.up()
    expect(builder.get_by_label("How much")).to_have_value("30")
    expect(builder.locator(".wb-matching")).to_contain_text("The last 30% of the call")


def test_examples_are_coached_pasted_and_found(builder: Page) -> None:
    step(builder, "examples")
    add(builder, small.EXAMPLES[0], "The licence is dear. Nobody can pay it.", small.EXAMPLES[0].title())
    builder.get_by_role("button", name="Go to example 1").click()
    expect(builder.get_by_label("Example 1", exact=True)).to_be_focused()
    builder.get_by_role("button", name="Remove this one: example 3").click()
    expect(builder.locator(".wb-list li")).to_have_count(2)
    builder.get_by_role("button", name="Split in two: example 2").click()
    expect(builder.get_by_label("Example 3", exact=True)).to_have_value("Nobody can pay it.")
    _paste(builder, PASTED)
    expect(builder.locator(".wb-preview tbody tr")).to_have_count(4)
    expect(builder.locator(".wb-bulk textarea")).to_be_focused()
    builder.get_by_role("button", name="Split line 4").click()
    expect(builder.locator(".wb-preview tbody tr")).to_have_count(5)
    builder.get_by_label("sentence", exact=True).uncheck()
    jupyter.screenshot(builder, "builder-paste", ".wb-builder")
    found = [*wrong_with_looks(builder), *wrong_for_readers(builder)]
    builder.get_by_role("button", name="Add 3 sentences").click()
    expect(builder.locator(".wb-list li")).to_have_count(6)
    builder.get_by_label("Find sentences by words or meaning").fill("postman weather")
    expect(builder.locator(".wb-find [role=status]")).to_contain_text("by words and meaning")
    first = builder.locator(".wb-suggestions li").first
    expect(first).to_contain_text("weather")
    first.get_by_role("button").click()
    expect(first.get_by_role("button")).to_have_text("✓ Added")
    expect(builder.locator(".wb-list li")).to_have_count(7)
    builder.get_by_label("Find sentences by words or meaning").fill("")
    builder.get_by_role("button", name="Find some like the examples").click()
    expect(builder.locator(".wb-find [role=status]")).to_contain_text("by meaning")
    jupyter.screenshot(builder, "builder-found", ".wb-builder")
    found += [*wrong_with_looks(builder), *wrong_for_readers(builder)]
    assert not found, "\n".join(found)


def _paste(page: Page, text: str) -> None:
    page.get_by_label("Add an example sentence").evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_by_keyboard_alone_and_on_to_tagging(builder: Page, workspace: wb.Workspace) -> None:
    keys = builder.keyboard
    builder.locator('.wb-builder [data-step="concept"]').focus()
    keys.press("ArrowRight")
    assert "Where to look" in focused(builder)
    keys.press("ArrowLeft")
    assert "Concept" in focused(builder)
    for _ in range(4):
        keys.press("Tab")
    keys.type("Money")
    builder.get_by_role("button", name="Next: Where to look").press("Enter")
    expect(builder.get_by_role("heading", name="Where to look")).to_be_focused()
    step(builder, "examples")
    builder.get_by_label("Add an example sentence").focus()
    for example in small.EXAMPLES:
        keys.type(example)
        keys.press("Enter")
    expect(builder.locator(".wb-list li")).to_have_count(5)
    builder.get_by_role("button", name="Next: Train").press("Enter")
    create = builder.get_by_role("button", name="Create tracker")
    expect(create).to_be_enabled()
    create.press("Enter")
    expect(builder.get_by_text("✓ Saved.")).to_be_visible()
    assert "wb-builder" in builder.evaluate("() => document.activeElement.closest('.wb').className")
    expect(builder.locator(".wb-carousel .wb-sentence")).to_be_visible()
    builder.get_by_role("button", name="Continue to tagging").press("Enter")
    keys.press("y")
    expect(builder.locator(".wb-carousel .wb-dot.wb-yes")).to_have_count(1)
    assert workspace.trackers.get("Money").examples == tuple(small.EXAMPLES)


def test_a_second_view_shows_the_step_and_what_was_typed(builder: Page, lab: Server) -> None:
    builder.get_by_label("Name", exact=True).fill("Half a thought")
    step(builder, "examples")
    add(builder, "One sentence that was typed.")
    jupyter.wait_for(lambda: "that was typed" in jupyter.told_by_kernel(builder, "builder.form"), "the kernel to know")
    jupyter.command(builder, "notebook:create-output-view")
    expect(builder.locator(".wb-builder")).to_have_count(2)
    for at in range(2):
        view = builder.locator(".wb-builder").nth(at)
        expect(view.locator("[aria-current]")).to_have_attribute("data-step", "examples")
        expect(view.get_by_label("Example 1", exact=True)).to_have_value("One sentence that was typed.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_each_step_looks_right_in_jupyterlab(builder: Page, dark: bool) -> None:
    jupyter.set_theme(builder, dark=dark)
    jupyter.command(builder, "application:toggle-left-area")
    found = []
    for size, (width, height) in SIZES.items():
        builder.set_viewport_size({"width": width, "height": height})
        for name in ("concept", "where", "examples", "train"):
            step(builder, name)
            lists = builder.locator(".wb-lists summary")
            for at in range(max(1, lists.count())):  # each lies over the others while it is open
                if lists.count():
                    lists.nth(at).click()
                jupyter.screenshot(builder, f"builder-{name}-{at}-{size}-{'dark' if dark else 'light'}", ".wb-builder")
                wrong = [*wrong_with_looks(builder), *wrong_for_readers(builder)]
                found += [f"{name} {at} {size}: {what}" for what in wrong]
                if lists.count():
                    lists.nth(at).click()
    assert not found, json.dumps(found, indent=1)
