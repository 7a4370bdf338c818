"""The tracker dashboard's words, and what it says where there is nothing to show."""

from __future__ import annotations

import workbench as wb
from workbench.dashboards import tracker_dashboard
from workbench.dashboards.words import filters_in_words
from workbench.engine.encoders import HashingEncoder


def test_filters_in_words():
    assert filters_in_words(wb.Filters()) == "Looks at what anyone says in external calls."
    part = {"where": "first", "amount": 10, "unit": "percent"}
    filters = wb.Filters(
        side="customer", kinds=("call", "email"), scope="any", part=part, teams=("North", "South"), title="demo"
    )
    assert filters_in_words(filters) == (
        "Looks at what the customer says in calls or emails, in the first 10%, team: North or South, title with 'demo'."
    )


def test_a_folder_that_is_no_workspace_is_said_and_not_made(tmp_path):
    shown = tracker_dashboard(tmp_path / "nowhere")
    assert "There is no workspace in" in shown.value
    assert not (tmp_path / "nowhere").exists()


def test_without_trackers_it_says_how_to_build_one(tmp_path):
    wb.open(tmp_path / "w", encoder=HashingEncoder())
    assert "Build one" in tracker_dashboard(tmp_path / "w").value
