"""Recipes side by side: paired differences with intervals, curves, cost and disagreements."""

from __future__ import annotations

import io
import os
import shutil
from contextlib import redirect_stderr
from dataclasses import replace

import pandas as pd
import pytest

import workbench as wb
from tests.unit.small import LABEL, conversations
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import HashingEncoder
from workbench.research.comparison import METRICS, ModelComparison


@pytest.fixture(scope="module")
def told() -> io.StringIO:
    """Return what is written next to a comparison while it runs."""
    return io.StringIO()


@pytest.fixture(scope="module")
def comparison(tmp_path_factory, told) -> ModelComparison:
    workspace = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    workspace.ingest(conversations(80))
    workspace.encode()
    with redirect_stderr(told):
        return wb.compare(workspace, {LABEL: "anyone"}, ["default", "random", "miss-nothing"], seeds=2, rounds=2)


def test_it_shows_how_many_runs_are_done(comparison, told):
    assert "Comparing: 100%" in told.getvalue()
    assert "6/6" in told.getvalue()


def test_every_recipe_plays_every_seed_and_round(comparison):
    assert len(comparison.runs) == 3 * 2 * 2
    assert set(comparison.runs["recipe"]) == {"default", "random", "miss-nothing"}
    assert len(comparison.curves) == 3 * 2 * len(METRICS)
    assert (comparison.curves["low"] <= comparison.curves["high"]).all()
    assert (comparison.cost.drop(columns="recipe") > 0).all(axis=None)


def test_differences_are_paired_and_have_an_interval(comparison):
    found = comparison.differences
    assert len(found) == 3 * len(METRICS)
    assert (found["low"] <= found["difference"] + 1e-9).all()
    assert (found["difference"] <= found["high"] + 1e-9).all()


def test_a_difference_that_is_the_same_in_every_run_is_sure():
    rows = [
        {"recipe": name, "label": label, "seed": seed, "round": 1, **dict.fromkeys(METRICS, base + gain)}
        for name, gain in (("a", 0.0), ("b", 0.1))
        for label, base in (("x", 0.2), ("y", 0.7))
        for seed in range(3)
    ]
    f1 = ModelComparison(pd.DataFrame(rows), pd.DataFrame()).differences.set_index("metric").loc["f1"]
    assert (f1["difference"], f1["low"], f1["high"]) == pytest.approx((0.1, 0.1, 0.1))


def test_disagreements_can_be_read(comparison):
    apart = comparison.disagreements
    assert len(apart)
    assert (apart["found_by"] != apart["not_by"]).all()
    assert apart["text"].str.len().min() > 0


def test_tables_are_written_and_the_figure_has_a_line_a_recipe(comparison, tmp_path):
    files = comparison.to_csv(tmp_path / "out")
    assert all(len(pd.read_csv(file)) for file in files)
    lines = [trace.name for trace in comparison.figure().data if trace.mode == "lines+markers"]
    assert lines == ["default", "random", "miss-nothing"]
    with pytest.raises(WorkbenchError, match="metric"):
        comparison.figure("speed")


def test_what_callers_say_runs_in_no_spreadsheet(comparison, tmp_path):
    """F15: the words stood in the file as they were said."""
    apart = comparison.disagreements.assign(text="=1+1 is what I want", before="well; =2+2")
    *_, file = replace(comparison, disagreements=apart).to_csv(tmp_path)
    assert file.name == "disagreements.csv"
    read = pd.read_csv(file)
    assert set(read["text"]) == {"'=1+1 is what I want"}
    assert set(read["before"]) == {"well;' =2+2"}
    assert set(wb.read_csv(file)["before"]) == {"well; =2+2"}


def test_a_picture_needs_a_browser_and_says_so(comparison, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    with pytest.raises(WorkbenchError, match="install Chrome or Chromium"):
        comparison.to_png(tmp_path / "curves.png")


def test_the_figure_is_drawn_as_a_picture(comparison, tmp_path):
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("there is no Chromium here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", browser)
        assert comparison.to_png(tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
