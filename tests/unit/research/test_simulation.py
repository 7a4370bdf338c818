"""The judge of quality: an oracle's rounds, and figures from calls that training never saw (X2)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import workbench as wb
from tests.unit.small import LABEL, conversations
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import HashingEncoder
from workbench.research import simulation
from workbench.research.simulation import Scene, scene, simulate, summary

ANY = wb.Filters(scope="any")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    workspace.ingest(conversations(80))
    workspace.encode()
    return workspace


@pytest.fixture(scope="module")
def whole(workspace) -> Scene:
    return scene(workspace, LABEL, ANY)


def timeless(run):
    return run | {"rounds": [{key: value for key, value in r.items() if key != "seconds"} for r in run["rounds"]]}


def test_a_run_holds_what_outside_scripts_read(whole):
    run = simulate(whole, LABEL, seed=0, rounds=2)
    assert {key: run[key] for key in ("label", "seed", "recipe")} == {"label": LABEL, "seed": 0, "recipe": "default"}
    assert [(r["round"], r["tags"]) for r in run["rounds"]] == [(1, 25), (2, 50)]
    for one in run["rounds"]:
        assert set(one["upcoming"]) == {"precision", "hit_rate", "f1", "best_f1", "average_precision"}
        assert one["upcoming"]["f1"] <= one["upcoming"]["best_f1"] + 1e-12
        assert 0 <= one["met"] <= 1
        assert set(one["pool"]) == {"precision", "hit_rate"}
        assert set(one["estimate"]["heldout"]) == set(one["estimate"]["corpus"]) == {"precision", "hit_rate"}
        assert set(one["seconds"]) == {"select", "fit", "estimate"}
        p, r = one["upcoming"]["precision"], one["upcoming"]["hit_rate"]
        assert one["upcoming"]["f1"] == pytest.approx(2 * p * r / (p + r))
    assert run["rounds"][-1]["upcoming"]["f1"] > 0.8


def test_the_same_seed_gives_the_same_run_and_another_seed_another(whole):
    first, again, other = (timeless(simulate(whole, LABEL, seed, rounds=1)) for seed in (1, 1, 2))
    assert first == again
    assert first["rounds"] != other["rounds"]


def test_upcoming_calls_are_never_seen_in_training(whole, monkeypatch):
    """What is said of them may change as it likes: the same is asked, learnt and estimated."""
    pools = []
    make = simulation.Trainer
    monkeypatch.setattr(simulation, "Trainer", lambda pool, *rest: pools.append(pool) or make(pool, *rest))
    before = timeless(simulate(whole, LABEL, seed=3, rounds=2))["rounds"]
    calls = np.unique(whole.pool.call)
    inside = np.isin(whole.pool.call, pools[0].call)
    assert len(np.unique(pools[0].call)) == len(calls) // 2
    lied = replace(whole, truth=np.where(inside, whole.truth, ~whole.truth))
    after = timeless(simulate(lied, LABEL, seed=3, rounds=2))["rounds"]
    for one, other in zip(before, after, strict=True):
        assert one["upcoming"] != other["upcoming"]
        assert {**one, "upcoming": None} == {**other, "upcoming": None}


def test_without_a_no_nothing_is_learnt_and_nothing_claimed(whole):
    everything = replace(whole, truth=np.ones_like(whole.truth))
    (one,) = simulate(everything, LABEL, seed=0, rounds=1)["rounds"]
    assert one["yes"] == one["tags"] == 25
    assert one["upcoming"]["f1"] == one["pool"]["hit_rate"] == 0
    assert one["estimate"]["corpus"] == {"precision": None, "hit_rate": None}


def test_a_label_that_is_nowhere_is_told_with_those_there_are(workspace):
    with pytest.raises(WorkbenchError, match=f"'cost'; known are {LABEL}"):
        scene(workspace, "cost", ANY)


def test_a_label_that_the_pool_lacks_is_too_rare(whole):
    with pytest.raises(WorkbenchError, match="too rare here"):
        simulate(replace(whole, truth=np.zeros_like(whole.truth)), LABEL, seed=0, rounds=1)


def test_the_summary_is_the_mean_over_seeds_of_the_last_round():
    def run(recipe, f1):
        first, last = ({"upcoming": {"f1": x, "average_precision": x / 2}} for x in (0.0, f1))
        return {"recipe": recipe, "label": "a", "rounds": [first, last]}

    runs = [run("default", 0.5), run("random", 0.2), run("default", 0.7)]
    assert summary(runs) == [("default", "a", pytest.approx(0.6), pytest.approx(0.3)), ("random", "a", 0.2, 0.1)]
