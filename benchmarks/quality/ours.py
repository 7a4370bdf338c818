"""The workbench's own recipes on a task, by the simulation's own loop."""

from __future__ import annotations

import numpy as np

from benchmarks.quality.files import Prediction
from benchmarks.quality.protocol import EXAMPLES, ROUNDS
from workbench.engine.recipes import RECIPES
from workbench.research import simulation
from workbench.research.simulation import Scene

NAMES = tuple(f"ours-{name}" for name in ("default", "random", "fine-tuned") if name in RECIPES)
SLOW = "ours-fine-tuned"


def recipe_of(method: str) -> str:
    return method.removeprefix("ours-")


def play(whole: Scene, label: str, seed: int, method: str, commit: str = "") -> Prediction:
    """Play four rounds, then score the upcoming units; estimates are made, but their time does not count."""
    played = simulation.play(whole, label, seed, recipe_of(method), examples=EXAMPLES, rounds=ROUNDS)
    spent = [one["seconds"] for one in played.run["rounds"]]
    names = ("select", "fit", "second_stage")
    seconds = {name: float(sum(one.get(name, 0.0) for one in spent)) for name in names}
    return Prediction(played.scores, played.found, np.array(played.asked), seconds, {"commit": commit})
