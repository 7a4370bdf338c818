"""What the table of rounds tells of made-up runs."""

from __future__ import annotations

import pytest

from benchmarks.quality.rounds import held, recipe_of, row, widths, worst_shares
from workbench.engine.recipes import recipe


def run_of(f1: float, yes: list[int], interval: list[float], label: str = "a"):
    upcoming = {"f1": f1, "best_f1": f1 + 0.1, "average_precision": 0.5}
    told = {"corpus": {"precision": interval, "hit_rate": None}}
    one = {"upcoming": upcoming, "met": 0.25, "pool": {"precision": 0.5, "hit_rate": 0.5}, "estimate": told}
    return {"label": label, "rounds": [one | {"yes": count} for count in yes]}


def test_a_recipe_may_be_changed_field_by_field():
    found = recipe_of("default,likely=3,threshold=hit_rate>=0.9,gamma=0.5")
    assert (found.likely, found.threshold, found.gamma) == (3, "hit_rate>=0.9", 0.5)
    assert recipe_of("random") == recipe("random")


def test_the_last_plain_round_and_the_end_are_told_apart():
    runs = [
        run_of(0.4, [3, 5, 8, 9, 9], [0.4, 0.5, 0.6]),
        run_of(0.2, [3, 3, 4, 5, 6], [0.6, 0.7, 1.0]),
        run_of(0.6, [1, 2, 3, 4, 5], [0.1, 0.5, 0.9]),
    ]
    cells = row(runs)
    assert cells[:5] == ["0.400", "0.500", "0.100", "0.500", "25.0%"]
    assert cells[5:7] == ["2.3, 1.0, 1.7, 1.0", "67%"]  # the middle run's second round added none
    assert list(worst_shares(runs)) == [pytest.approx(0.5)]
    assert widths(runs, 4) == "0.20 / -"
    assert held(runs, None) == "66.7% / -"
