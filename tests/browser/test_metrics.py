"""Metrics in a real browser: from an empty form to values, looked at and saved, by keyboard; and a reload."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.unit.metrics.made import asked_and_given, neither, only_asked, workspace

CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer, MetricBuilder
ws = wb.open("metrics/w", encoder=HashingEncoder())
display(MetricBuilder(ws), CallViewer(ws))
"""
FORM = ".wb-metrics"


@pytest.fixture(scope="module")
def calls(root: Path) -> None:
    (root / "metrics").mkdir()
    workspace(root / "metrics", [(asked_and_given, only_asked, neither)[n % 3](n) for n in range(30)])


def test_from_an_empty_form_to_values(page: Page, lab: Server, calls: None) -> None:
    path = jupyter.put_notebook(lab, [CELL], "metrics.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    form = page.locator(FORM)
    save = form.get_by_role("button", name="Save metric")
    expect(save).to_be_disabled()
    form.get_by_label("Name", exact=True).fill("Success")
    expect(form).to_contain_text("does not say what happened")
    form.get_by_label("Name", exact=True).fill("Auth: verified")
    expect(form).not_to_contain_text("does not say what happened")
    form.get_by_label("Definition").fill("The caller was asked for a date of birth and gave it.")
    form.get_by_role("checkbox", name="Asked").focus()
    page.keyboard.press("Space")
    form.get_by_role("checkbox", name="Given").check()
    form.get_by_role("button", name="Try it on 20 calls").click()
    expect(form.locator(".wb-call-row")).to_have_count(20)
    expect(form.get_by_role("status").first).to_contain_text("20 calls.")
    expect(form.locator(".wb-quote").first).to_be_visible()
    save.click()
    expect(form.get_by_role("heading", name="Metric: Auth: verified")).to_be_visible()
    expect(form.locator(".wb-trend tbody tr")).to_have_count(6)
    expect(form).to_contain_text("Saved.")
    jupyter.screenshot(page, "metrics", FORM)
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    form.locator(".wb-call-row .wb-link").first.click()
    expect(page.locator(".wb-call .wb-here, .wb-call h2").first).to_be_visible()
    form.get_by_role("radio", name="Logged from code").check()
    expect(form.locator("pre")).to_contain_text("log_metric('Auth: verified', True)")
    form.get_by_role("button", name="Delete").click()
    form.get_by_role("button", name="Yes, delete").click()
    expect(form.get_by_role("heading", name="New metric")).to_be_visible()
    expect(form).to_contain_text("Metric deleted.")


def test_a_question_is_tried_and_put_to_all_calls(page: Page, lab: Server, calls: None) -> None:
    path = jupyter.put_notebook(lab, [CELL.replace("display", "ws.encode()\ndisplay")], "question.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    form = page.locator(FORM)
    form.get_by_label("Name", exact=True).fill("Birth: told")
    form.get_by_label("Definition").fill("The customer says when they were born.")
    form.get_by_label("What is partial").fill("The parcel is late again.")
    form.get_by_label("When it applies").fill("Once our rep asks for the date of birth.")
    form.get_by_role("radio", name="From a question").check()
    form.get_by_label("Question about the call").fill("Did the customer say that they were born in may?")
    form.get_by_role("button", name="Try it on 20 calls").click()
    expect(form.locator(".wb-call-row")).to_have_count(20)
    expect(form.get_by_role("region", name="Preview").get_by_role("status")).to_contain_text("Does not apply: 7")
    form.get_by_role("button", name="Save metric").click()
    every = form.get_by_role("region", name="All calls")
    expect(every).to_contain_text("30 calls not judged yet. Asking is free.")
    every.get_by_role("button", name="Ask about 30 calls").click()
    expect(every).to_contain_text("30 calls judged of 30.")
    expect(form.locator(".wb-trend tbody tr")).to_have_count(6)
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
