"""A saved notebook shows figures where no kernel runs, and quotes nobody unless it may."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from IPython.core.formatters import DisplayFormatter
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import (
    CallImporter,
    Dashboard,
    MetricBuilder,
    QualityPlots,
    QuestionBuilder,
    Review,
    TaggingCarousel,
    TrackerBuilder,
    TrackerTable,
    snapshot_parts,
    snapshots,
)

HOSTILE = "<img src=x onerror=alert(1)>"
QUOTED = "honestly <script>alert(2)</script> that is too dear"
WIDGETS = (TrackerBuilder, TaggingCarousel, QualityPlots, Review)
CELL = """
import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import *
ws = wb.open({folder!r}, encoder=HashingEncoder())
tracker = ws.trackers.get({name!r})
"""
SHOWN = """CallImporter(ws)
TrackerBuilder(ws, tracker)
TaggingCarousel(ws, tracker)
QualityPlots(ws, tracker)
Review(ws, tracker)
TrackerTable(ws)
QuestionBuilder(ws, "Discount")
MetricBuilder(ws)
CallViewer(ws)
LiveMonitor(ws)""".splitlines()


@pytest.fixture(scope="module", name="trained")
def _trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshots") / "w"
    workspace = small.ready(folder, rounds=1)
    examples = [*small.EXAMPLES, QUOTED]
    workspace.trackers.get("Price").update(name=HOSTILE, description=QUOTED, examples=examples)
    workspace.trackers.create("Discount", kind="question", question=f"Did they say {QUOTED}?", details="")
    return folder


@pytest.fixture(name="opened")
def _opened(trained: Path, tmp_path: Path) -> wb.Workspace:
    shutil.copytree(trained, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def shown(widget) -> dict[str, str]:
    data, _ = DisplayFormatter().format(widget)
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    return data


def quotes(said: str) -> list[str]:
    """Return what of the corpus, the examples and descriptions stands in there."""
    return [one for one in (*small.PRICEY, *small.OTHER, "that is too dear") if one in said]


def test_plain_text_says_what_it_was_and_what_to_do(opened):
    assert shown(TrackerTable(opened))["text/plain"] == "TrackerTable · 2 trackers · run this cell to open it"
    plots = shown(QualityPlots(opened, HOSTILE))["text/plain"]
    assert plots == f"QualityPlots · {HOSTILE} · 1 round · run this cell to open it"
    assert "no tracker chosen" in shown(QualityPlots(opened))["text/plain"]


def test_figures_are_static_pictures_with_a_table(opened):
    html = shown(QualityPlots(opened, HOSTILE))["text/html"]
    assert html.count("<svg") == 2
    assert "<table" in html
    estimate = opened.trackers.get(HOSTILE).last_estimate
    assert f"{estimate.heldout.precision:.0%}" in html


def test_names_are_escaped_and_nothing_runs(opened):
    for kind in (*WIDGETS, TrackerTable):
        html = shown(kind(opened, HOSTILE))["text/html"]
        assert "&lt;img src=x" in html, kind
        assert "<img" not in html
        assert "<script" not in html


def test_nobody_is_quoted_unless_it_is_allowed(opened, monkeypatch):
    html = shown(TrackerBuilder(opened, HOSTILE))["text/html"]
    assert not quotes(html)
    monkeypatch.setenv(snapshots.SETTING, "sentences")
    html = shown(TrackerBuilder(opened, HOSTILE))["text/html"]
    assert "honestly &lt;script&gt;alert(2)&lt;/script&gt;" in html
    assert "<script" not in html


@pytest.mark.parametrize("wanted", ["off", "of", "everything"])
def test_a_word_that_is_no_setting_allows_the_least(opened, monkeypatch, wanted):
    monkeypatch.setenv(snapshots.SETTING, wanted)
    found = shown(TrackerTable(opened))
    assert "text/html" not in found
    assert found["text/plain"] == "TrackerTable · run this cell to open it"


def test_a_snapshot_that_fails_leaves_the_widget(opened, monkeypatch):
    def broken(tracker):
        raise OSError("the disk is gone")

    monkeypatch.setattr(snapshot_parts, "quality", broken)
    assert shown(QualityPlots(opened, HOSTILE))["text/plain"] == "QualityPlots · run this cell to open it"


def test_what_quotes_is_sent_when_a_page_asks(opened, page, monkeypatch):
    builder = TrackerBuilder(opened, HOSTILE)
    assert builder.form["examples"]
    assert not quotes(json.dumps(builder.get_state()))
    page(builder).ask("state")
    assert quotes(json.dumps(builder.get_state()))
    monkeypatch.setenv(snapshots.SETTING, "sentences")
    assert quotes(json.dumps(TrackerBuilder(opened, HOSTILE).get_state()))


def test_a_dashboard_keeps_its_figures_and_not_its_hits(opened, monkeypatch):
    table = {
        "columns": [
            {"name": "team", "label": "Team", "kind": "text"},
            {"name": "rate", "label": "Rate", "kind": "percent"},
        ],
        "rows": [{"team": HOSTILE, "rate": 0.25}],
        "links": [],
        "total": 1,
    }
    figure = {"figure": {}, "description": "One team.", "table": table}
    common = {
        "note": "",
        "empty": "",
        "wide": False,
        "tiles": [],
        "figure": None,
        "table": None,
        "hits": [],
        "total": 0,
    }
    hit = {"speaker": "Cy", "text": QUOTED}
    blocks = [
        {**common, "id": "rates", "kind": "figure", "title": "Rates", "figure": figure},
        {**common, "id": "hits", "kind": "hits", "title": "Found", "hits": [hit]},
    ]
    view = {"page": "p", "title": "Teams", "blocks": blocks, "progress": None}
    dashboard = Dashboard(opened, lambda workspace, query: view, "p")
    found = shown(dashboard)
    assert found["text/plain"] == "Dashboard · Teams · run this cell to open it"
    assert "<svg" in found["text/html"]
    assert "25%" in found["text/html"]
    assert HOSTILE not in found["text/html"]
    assert not quotes(found["text/html"])
    assert not quotes(json.dumps(dashboard.get_state()))
    monkeypatch.setenv(snapshots.SETTING, "sentences")
    assert quotes(shown(Dashboard(opened, lambda workspace, query: view, "p"))["text/html"])


def test_a_notebook_with_every_widget_run_and_exported(opened):
    cells = [CELL.format(folder=str(opened.path), name=HOSTILE), *SHOWN]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    NotebookClient(notebook, timeout=PATIENCE_S, kernel_name=NATIVE_KERNEL_NAME).execute()
    saved = nbformat.writes(nbformat.from_dict({**notebook, "cells": [without_source(one) for one in notebook.cells]}))
    assert not quotes(saved)
    assert "object at 0x" not in saved
    del notebook.metadata["widgets"]  # as JupyterLab saves it
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert "object at 0x" not in html
    assert html.count("Precision by round") >= 3
    for line in SHOWN:
        assert f"{line.partition('(')[0]} · " in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert HOSTILE not in html
    assert not quotes(html)


def without_source(cell):
    return {**cell, "source": ""}


def test_the_importer_counts_and_an_empty_builder_of_metrics_too(opened):
    count = opened.lake.sentence_count
    assert shown(CallImporter(opened))["text/plain"].startswith(f"CallImporter · {count:,} sentences")
    assert shown(MetricBuilder(opened))["text/plain"].startswith("MetricBuilder · 0 metrics")
    assert shown(QuestionBuilder(opened, "Discount"))["text/plain"].startswith("QuestionBuilder · Discount")
