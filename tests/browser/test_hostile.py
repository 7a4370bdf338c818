"""A corpus that means harm, through every widget: nothing runs, nothing overflows, nothing breaks."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter, pace
from tests.browser.checks import OVERFLOW, STICKS_OUT
from tests.browser.servers import Server
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

RUNS = "window.pwned = (window.pwned || 0) + 1"
HOSTILE = (
    f'<img src=x onerror="{RUNS}">',
    f"<script>{RUNS}</script>",
    f'"><svg onload="{RUNS}"><a href="javascript:{RUNS}">click</a>',
    f"</textarea></option></style><iframe srcdoc='<script>parent.{RUNS}</script>'></iframe>",
    "\u202eesrever ni si siht\u202c \u2066\u202d",
    "A" * 100_000,
    "null\0byte and \u2028 line \x1b[31m separators \x07",
    "👩‍👩‍👧‍👦" * 200 + "🏳️‍🌈" * 50,
    "Z̴̢̧̛͓̦̥͍̪̗̘̙̗̹͕̊̈́̋̑̐̅͊̒̋͊͗̓̔̈͘͜͝͝a̷̧̨̛̛̤̺̹̼͈̗̦̜̳͉̟͔̓̓̆͑͛̍̈̐̐̎̕͜͝͝l̶g̷o̸" * 20,
    "{{constructor.constructor('" + RUNS + "')()}} ${" + RUNS + "} %s %n ../../etc/passwd '; DROP TABLE answers; --",
    "=cmd|' /C calc'!A0 @SUM(1+1) +1 -1",
)
NAME = f'<img src=x onerror="{RUNS}"> \u202eprice'
WIDGETS = ("builder", "carousel", "plots", "review", "call", "table", "importer")
CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallImporter, CallViewer, QualityPlots, Review, TaggingCarousel, TrackerBuilder
from workbench.widgets import TrackerTable
ws = wb.open("hostile.workspace", encoder=HashingEncoder())
name = ws.trackers.list()[0].id
call = CallViewer(ws, name)
call.show({call!r}, {sentence!r})
display(TrackerBuilder(ws, name), TaggingCarousel(ws, name), QualityPlots(ws, name), Review(ws, name))
importer = CallImporter(ws)
importer.on_add({files!r})
display(call, TrackerTable(ws), importer)"""


def hostile_calls() -> list[dict[str, Any]]:
    rng = random.Random(0)
    calls = []
    for number in range(40):
        turns = []
        for place in range(12):
            said = rng.choice(small.PRICEY if rng.random() < 0.3 else small.OTHER)
            text = f"{rng.choice(HOSTILE)} {said} {number} {place}"
            turns.append({"party": "cr"[place % 2], "text": text, "start_s": 5.0 * place})
        calls.append(_call(f"<b>call</b>-{number}", turns))
    hours = [{"party": "cr"[n % 2], "text": f"{HOSTILE[n % 4]} {n}", "start_s": 3.0 * n} for n in range(4_000)]
    return [*calls, _call("hours", hours), _call("words", [{"party": "c", "text": text} for text in HOSTILE])]


def _call(name: str, turns: list[dict[str, Any]]) -> dict[str, Any]:
    parties = [
        {"id": "c", "side": "customer", "name": HOSTILE[0], "email": f"<script>{RUNS}</script>@x.example"},
        {"id": "r", "side": "company", "name": HOSTILE[4] + "B" * 300},
    ]
    about = {"title": HOSTILE[1] + "C" * 500, "account": HOSTILE[2], "team": HOSTILE[3][:90], "scope": "external"}
    return {"id": name, "parties": parties, "turns": turns, "started": "2026-03-02T09:30:00Z", **about}


def hostile_files(folder: Path) -> Path:
    """Transcripts whose names, speakers, texts, keys, and mistakes are meant to run."""
    folder.mkdir()
    name = NAME.replace("/", "")
    said = [
        {"speaker": text[:60], "text": f"{text} {at}", "start": at, HOSTILE[2]: 1} for at, text in enumerate(HOSTILE)
    ]
    (folder / f"{name} 1.json").write_text(json.dumps({HOSTILE[1]: said}))
    cues = [f"00:0{place}.000 --> 00:0{place}.900\n<v {NAME}>{text}\n" for place, text in enumerate(HOSTILE)]
    (folder / f"{name} 2.vtt").write_text("WEBVTT\n\n" + "\n".join(cues))
    (folder / f"{name} 3.json").write_text(json.dumps({HOSTILE[2]: HOSTILE[3]}))
    return folder


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(hostile_files(tmp_path_factory.mktemp("files") / "<b>calls"))


@pytest.fixture(scope="module")
def workspace(lab: Server) -> wb.Workspace:
    ws = wb.open(lab.root / "hostile.workspace", encoder=HashingEncoder())
    report = ws.ingest(hostile_calls())
    assert report.added == 42, report.rejected
    ws.encode()
    examples = [f"{text[:300]} {said}" for text, said in zip(HOSTILE, small.PRICEY * 3, strict=False)]
    tracker = ws.trackers.create(NAME, description=HOSTILE[1] * 5, examples=examples, seed=1)
    session = tracker.train()
    for _ in range(4):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, small.answer(candidate.text))
        session.complete_round()
    tracker.publish(past="12 months").wait()
    return ws


def watched(page: Page) -> list[str]:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return said


def check(page: Page, said: list[str], name: str) -> None:
    for widget in WIDGETS:
        jupyter.screenshot(page, f"hostile-{widget}-{name}", f".wb-{widget}")
    assert page.evaluate("() => window.pwned ?? 0") == 0
    assert page.locator(".wb :is(img, iframe, script, object, embed)").count() == 0
    assert page.locator(".wb a[href^='javascript']").count() == 0
    wrong = page.evaluate(OVERFLOW) + page.evaluate(STICKS_OUT)
    assert not wrong, "\n".join(wrong)
    assert not said
    assert page.locator(".wb-problem").all_inner_texts() == []


def open_files(page: Page) -> None:
    """Open all that the importer shows."""
    rows = page.locator(".wb-importer .wb-file-open")
    expect(page.locator(".wb-importer .wb-file-refused")).to_have_count(1)
    for place in range(rows.count()):
        rows.nth(place).click()
    expect(page.locator(".wb-importer .wb-first").first).to_contain_text("onerror")


@pytest.mark.parametrize(("call", "sentence"), [("hours", "hours:3000:0"), ("words", None)])
def test_every_widget_stands_it(
    page: Page, lab: Server, workspace: wb.Workspace, files: str, call: str, sentence: str | None
) -> None:
    said = watched(page)
    path = jupyter.put_notebook(lab, [CELL.format(call=call, sentence=sentence, files=files)], "hostile.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(".wb-carousel .wb-sentence")).to_be_visible()
    expect(page.locator(".wb-plots .wb-charts")).to_be_visible()
    expect(page.locator(".wb-call .wb-line").first).to_be_visible()
    expect(page.locator(".wb-review")).to_be_visible()
    expect(page.locator(".wb-table")).to_contain_text("onerror")
    open_files(page)
    page.wait_for_timeout(1_500)
    check(page, said, call)
    page.locator(".wb-carousel .wb-card").click()
    for _ in range(3):
        pace.answer(page, "n")
    page.keyboard.press("m")
    check(page, said, f"{call}-wider")


def test_the_dashboard_stands_it(page: Page, voila_server: Server, workspace: wb.Workspace, files: str) -> None:
    said = watched(page)
    cell = CELL.format(call="hours", sentence="hours:3000:0", files=files).replace(
        "hostile.workspace", str(workspace.path)
    )
    path: str | Path = jupyter.put_notebook(voila_server, [cell], "hostile.ipynb")
    jupyter.open_voila(page, voila_server, str(path), dark=True)
    expect(page.locator(".wb-carousel .wb-sentence")).to_be_visible()
    expect(page.locator(".wb-plots .wb-charts")).to_be_visible()
    expect(page.locator(".wb-call .wb-line").first).to_be_visible()
    open_files(page)
    page.wait_for_timeout(1_500)
    check(page, said, "voila")
    page.set_viewport_size({"width": 360, "height": 800})
    check(page, said, "voila-narrow")
