"""The task that everyone is given is the simulation's own, and holds no truth of the upcoming calls."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from benchmarks.quality import ours, protocol
from benchmarks.quality.files import Prediction, Task, read_prediction, read_task, read_units, write_prediction
from benchmarks.quality.scorer import figures
from tests.unit.small import LABEL, conversations
from workbench.engine.encoders import HashingEncoder
from workbench.research.simulation import play, scene


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    workspace.ingest(conversations(80), unit="turn")
    workspace.encode()
    return workspace


@pytest.fixture(scope="module")
def whole(workspace):
    return scene(workspace, LABEL, protocol.filters_for("anyone"))


@pytest.fixture(scope="module")
def at(workspace, tmp_path_factory):
    at = protocol.places(tmp_path_factory.mktemp("r"), "small", LABEL, "anyone", 2)
    protocol.prepare(workspace, LABEL, "anyone", 2, at)
    return at


def test_the_files_say_what_the_simulation_plays(workspace, whole, at):
    task, truth, units = read_task(at.task), np.load(at.truth, allow_pickle=False), read_units(at.units)
    played = play(whole, LABEL, 2, examples=protocol.EXAMPLES)
    assert (whole.ids[task.pool] == played.dealt.pool.ids).all()
    assert (whole.ids[task.upcoming] == played.upcoming.ids).all()
    assert (task.truth == played.dealt.pool.truth).all()
    assert (truth == played.upcoming.truth).all()
    assert (task.examples == played.dealt.examples).all()
    assert tuple(task.first) == played.asked[: protocol.SIZE]
    assert len(units.texts) == len(whole.truth) == len(task.pool) + len(task.upcoming)
    said = workspace.lake.sentences([whole.ids[7]], 1)[whole.ids[7]]
    assert units.texts[7] == said.text
    assert units.before[7] == (said.before[-1].text if said.before else "")


def test_the_task_does_not_tell_what_upcoming_calls_hold(at):
    task = read_task(at.task)
    assert set(Task.__slots__) == {"pool", "upcoming", "truth", "examples", "first", "seed"}
    assert len(task.truth) == len(task.pool)


def test_our_figures_are_those_of_the_command_line(whole, at):
    made = ours.play(whole, LABEL, 2, "ours-default")
    scored = figures(read_task(at.task), np.load(at.truth), made)
    told = play(whole, LABEL, 2, examples=protocol.EXAMPLES).run["rounds"][-1]
    shared = ("f1", "average_precision", "precision", "hit_rate")
    assert {name: scored[name] for name in shared} == pytest.approx({name: told["upcoming"][name] for name in shared})
    assert scored["yes"] == told["yes"]
    assert len(made.asked) == protocol.ROUNDS * protocol.SIZE


def test_a_prediction_comes_back_as_it_was_written(tmp_path):
    made = Prediction(np.array([0.5, 1.0]), np.array([False, True]), np.array([3]), {"train": 1.5}, {"view": "turn"})
    write_prediction(tmp_path / "runs" / "one.npz", made)
    read = read_prediction(tmp_path / "runs" / "one.npz")
    assert (read.scores == made.scores).all()
    assert (read.found == made.found).all()
    assert (read.seconds, read.about, read.asked.tolist()) == (made.seconds, made.about, [3])
    assert [file.name for file in (tmp_path / "runs").iterdir()] == ["one.npz"]
