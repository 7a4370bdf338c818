"""What the page shows of the runs that are there."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality.corpora import Suite
from benchmarks.quality.files import Prediction, Task, write_prediction, write_task
from benchmarks.quality.methods import METHODS
from benchmarks.quality.runs import Bench, forget, run_file
from benchmarks.quality.tables import table, views, write


@pytest.fixture
def bench(tmp_path):
    """The reference finds all; small-text half of it by turns alone and nothing with the turn before."""
    bench = Bench(Suite("one", "One", tmp_path / "one.jsonl", {"a": "customer", "b": "customer"}), 1, tmp_path)
    truth = np.array([True, True, False])
    half, nothing = np.array([True, False, False]), np.zeros(3, bool)
    for *_, at in bench.tasks():
        write_task(at.task, Task(np.arange(3), np.arange(3, 6), truth, np.array([0]), np.array([1]), 0))
        at.truth.parent.mkdir(exist_ok=True)
        np.save(at.truth, truth)
        said = [("ours-default", "own", truth), ("small-text", "turn", half), ("small-text", "joined", nothing)]
        for method, view, found in said:
            made = Prediction(found.astype(float), found, np.array([1]), {"train": 2.0})
            write_prediction(run_file(at, method, view), made)
    return bench


def test_a_peer_is_shown_at_its_better_view(bench):
    assert [view for view, _ in views(bench, METHODS["small-text"])] == ["turn", "joined"]
    row = next(line for line in table(bench).splitlines() if line.startswith("| small-text"))
    assert "| turn (both as one text: F1 0.000) | 2 | 0.667 |" in row
    assert "| +0.333 (+0.333 to +0.333) |" in row


def test_a_view_that_is_not_as_far_along_stands_back(bench):
    *_, at = next(iter(bench.tasks()))
    run_file(at, "small-text", "turn").unlink()
    assert [view for view, _ in views(bench, METHODS["small-text"])] == ["joined", "turn"]


def test_methods_without_runs_are_left_out(bench):
    forget(bench, "small-text")
    assert len(table(bench).splitlines()) == 3


def test_the_page_keeps_what_stands_around_its_table(bench, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- begin one -->\nold\n<!-- end one -->\nafter\n")
    write(bench, page)
    text = page.read_text()
    assert text.startswith("before\n<!-- begin one -->\nWritten ")
    assert text.endswith("<!-- end one -->\nafter\n")
    assert "old" not in text
    page.write_text("without")
    with pytest.raises(ValueError, match="no markers"):
        write(bench, page)
